import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { readCsvRecords } from "../../api/services/importing/csv-source.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import { INCIDENT_FIELDS, resolveFields } from "../../data/importers/field-map.ts";
import { IncidentRowReader } from "../../data/importers/incident-rows.ts";
import { ImportLog } from "../../data/importers/report.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";
import { copyChunks } from "../../db/copy-text.ts";
import { encodeGbk } from "../helpers/gbk.ts";

/** Bytes that `readCsvRecords` reads at a time. */
const PIECE = 1 << 18;
const dir = mkdtempSync(join(tmpdir(), "jingwei-csv-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

async function readAll(path: string): Promise<{ readonly cells: readonly string[][]; readonly log: ImportLog }> {
  const log = new ImportLog();
  const cells: string[][] = [];
  for await (const record of readCsvRecords(path, log)) cells.push([...record.cells]);
  return { cells, log };
}

describe("lines of CSV", () => {
  test("GBK is found and read across the pieces that a file is read in", async () => {
    const lines = Array.from({ length: 25_000 }, (_, i) => [`案${i}`, `巷口垃圾${"堆".repeat(i % 7)}`]);
    const bytes = encodeGbk(lines.map((line) => `${line.join(",")}\n`).join(""));
    // Read in pieces of 256 KiB: the first ends within a character.
    expect(bytes.length).toBeGreaterThan(2 * PIECE);
    expect(() => new TextDecoder("gbk", { fatal: true }).decode(bytes.subarray(0, PIECE))).toThrow();
    expect((await readAll(file("gbk.csv", bytes))).cells).toEqual(lines);
  });

  test("UTF-8 with a mark, semicolons, quoted delimiters and Windows line ends", async () => {
    const path = file("bom.csv", '\uFEFF编号;说明\r\n1;"路;灯, 不亮"\r\n\r\n2;"他说""好"""\r\n');
    const { cells, log } = await readAll(path);
    expect(cells.map(([first = "", ...rest]) => [first.replace("\uFEFF", ""), ...rest])).toEqual([
      ["编号", "说明"],
      ["1", "路;灯, 不亮"],
      ["2", '他说"好"'],
    ]);
    expect(log.skipped()).toEqual([]);
  });

  test.each([
    ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x31, 0x00), /UTF-16/],
    ["bytes that are neither UTF-8 nor GBK", Uint8Array.of(0x31, 0x2c, 0xff, 0xff, 0x0a), /neither UTF-8 nor GBK/],
    ["nothing", "", /is empty/],
  ] as const)("%s is refused", async (name, content, message) => {
    await expect(readAll(file(`${name}.csv`, content))).rejects.toThrow(message);
  });

  test("a hundred thousand lines pass through without staying in memory", { timeout: 60_000 }, async () => {
    setFlagsFromString("--expose_gc");
    const collect = runInNewContext("gc") as () => void;
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    const header = ["id", "opened", "closed", "status", "type", "lon", "lat"];
    const total = 100_000;
    let text = `${header.join(",")}\n`;
    for (let i = 0; i < total; i++)
      text += `case-${i},2025-03-01 08:05:00,,Open,Pothole ${i % 97},${112 + (i % 1000) / 1000},40.5\n`;
    const path = file("many.csv", text);
    text = "";
    const log = new ImportLog();
    const reader = new IncidentRowReader({
      file: "many.csv",
      county: "140226",
      header,
      fields: resolveFields({}, header, INCIDENT_FIELDS, "many.csv").map,
      clock: new ZoneClock("Asia/Shanghai"),
      areas: new LocateIndex([]),
      log,
      nowMs: Date.parse("2026-01-15T00:00:00Z"),
    });
    const growth: number[] = [];
    const before = used();
    let lines = 0;
    async function* rows() {
      for await (const { line, cells } of readCsvRecords(path, log)) {
        if (line === 1) continue;
        const draft = reader.read(cells, line);
        if (!draft) throw new Error(`line ${line} was skipped`);
        if (++lines % 20_000 === 0) growth.push(used() - before);
        yield [draft.id, draft.sourceRef, draft.openedAt, draft.classText, draft.contentKey];
      }
    }
    let copied = 0;
    for await (const chunk of copyChunks(rows())) copied += chunk.rows;
    expect(copied).toBe(total);
    // Alive at a time: a piece of the file and one of COPY text (some 18 MB). Drafts that are kept would be 140 MB.
    expect(Math.max(...growth)).toBeLessThan(40);
  });
});

import { brotliCompressSync, constants } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnTable, decodeColumns, encodeColumns, NULL_TIME, packColumns } from "../../data/columns/format.ts";
import { NO_GRID } from "../../data/columns/incident-columns.ts";
import { Prng } from "../../data/demo/prng.ts";
import { AppError } from "../../data/model/errors.ts";
import {
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  INCIDENT_STATES,
  SENSITIVE_REF_FROM,
} from "../../data/model/incident.ts";
import { realisticIncidents } from "../helpers/realistic-incidents.ts";

const MIN = -2147483648;
const MAX = 2147483647;
/** Values at the ends of the range among usual ones: differences wrap there. */
const word = fc.oneof(fc.integer({ min: MIN, max: MAX }), fc.constantFrom(MIN, MIN + 1, -1, 0, 1, MAX - 1, MAX));
const words = (rows: number) => fc.array(word, { minLength: rows, maxLength: rows });
const table: fc.Arbitrary<ColumnTable> = fc.nat(40).chain((rows) =>
  fc
    .record({
      signed: fc.array(words(rows), { minLength: 5, maxLength: 5 }),
      unsigned: fc.array(words(rows), { minLength: 2, maxLength: 2 }),
      same: fc.subarray(["closed", "due"]),
      missing: fc.subarray(["opened", "lon", "ref"]),
    })
    .map(({ signed, unsigned, same, missing }) => {
      const opened = Int32Array.from(signed[0] ?? []);
      const columns: Record<string, Int32Array | Uint32Array | Uint8Array> = {
        opened,
        lon: Int32Array.from(signed[1] ?? []),
        lat: Int32Array.from(signed[2] ?? []),
        // A case may end in the second it began.
        closed: same.includes("closed") ? opened.slice() : Int32Array.from(signed[3] ?? []),
        due: same.includes("due") ? opened.slice() : Int32Array.from(signed[4] ?? []),
        grid: Uint32Array.from(unsigned[0] ?? []),
        ref: Uint32Array.from(unsigned[1] ?? []),
        flags: Uint8Array.from(signed[1] ?? []),
      };
      for (const name of missing) delete columns[name];
      return {
        layer: "incidents",
        county: "140226",
        rows,
        version: "1.2",
        asOf: 5,
        columns,
        dictionaries: { a: ["b"] },
      };
    }),
);

describe("packed columns", () => {
  it("come back value by value, whatever the values", () => {
    fc.assert(
      fc.property(table, (given) => {
        const bytes = packColumns(given);
        expect(decodeColumns(bytes)).toEqual(given);
        expect(packColumns(given)).toEqual(bytes);
      }),
      { numRuns: 400 },
    );
  });

  it("keep null times and cases that ended at once apart", () => {
    const opened = Int32Array.of(MIN, 0, 7, MAX, 1_700_000_000, 1_700_000_000);
    const closed = Int32Array.of(MIN, NULL_TIME, 7, NULL_TIME, 1_700_000_000, NULL_TIME);
    const given = {
      layer: "",
      county: "",
      rows: 6,
      version: "",
      asOf: 0,
      columns: { opened, closed },
      dictionaries: {},
    };
    expect(decodeColumns(packColumns(given)).columns).toEqual({ opened, closed });
  });

  const small = packColumns({ ...realisticIncidents(40, "small"), dictionaries: { classes: ["01001"] } });

  it("that are cut short give DATA errors", () => {
    for (let length = 0; length < small.length - 8; length += 7)
      expect(() => decodeColumns(small.slice(0, length)), `${length} bytes`).toThrow(AppError);
  });

  it("with any byte broken give columns or a DATA error, never another one", () => {
    const random = new Prng("broken");
    let refused = 0;
    for (let i = 0; i < 3000; i++) {
      const bytes = small.slice();
      // The head and the header are where a byte decides over the rest.
      bytes[random.int(0, 1200)] = random.int(0, 255);
      try {
        expect(decodeColumns(bytes).columns).toBeDefined();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.kind).toBe("DATA");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it("refuse a column that starts from itself or from a difference", () => {
    const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
    const swap = (from: string, to: string): Uint8Array =>
      Uint8Array.from(text(small).replace(from, to), (char) => char.charCodeAt(0));
    expect(() => decodeColumns(swap('"from":"opened"', '"from":"closed"'))).toThrow(/cannot be its base/);
    expect(() => decodeColumns(swap('"from":"opened"', '"from":"severy"'))).toThrow(/cannot be its base/);
    expect(() => decodeColumns(swap('"step":"delta"', '"step":"daily"'))).toThrow(/broken header/);
  });

  it("take at most 0.45 of the bytes of the same rows as JSON, both by brotli 4", () => {
    const rows = 20_000;
    const given = realisticIncidents(rows, "bytes");
    const c = given.columns as Record<string, Int32Array>;
    const [classes, grids] = [given.dictionaries["classes"] ?? [], given.dictionaries["grids"] ?? []];
    const at = (name: string, i: number): number => c[name]?.[i] as number;
    const time = (name: string, i: number): string | null =>
      at(name, i) === NULL_TIME ? null : new Date(at(name, i) * 1000).toISOString();
    const json = JSON.stringify(
      Array.from({ length: rows }, (_, i) => ({
        ref: at("ref", i),
        point: [at("lon", i) / 1e7, at("lat", i) / 1e7],
        openedAt: time("opened", i),
        closedAt: time("closed", i),
        dueAt: time("due", i),
        classCode: classes[at("class", i)],
        state: INCIDENT_STATES[at("state", i)],
        severity: INCIDENT_SEVERITIES[at("severity", i)],
        source: INCIDENT_SOURCES[at("source", i)],
        grid: at("grid", i) === NO_GRID ? null : grids[at("grid", i)],
        flags: at("flags", i),
      })),
    );
    const brotli = (bytes: Uint8Array | string): number =>
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).length;
    const [packed, plain, text] = [brotli(packColumns(given)), brotli(encodeColumns(given)), brotli(json)];
    expect(packed / text).toBeLessThan(0.45);
    expect(packed).toBeLessThan(plain);
    expect(c["ref"]?.some((ref) => ref >= SENSITIVE_REF_FROM)).toBe(true);
  });
});

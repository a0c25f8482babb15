import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Prng } from "../../../data/demo/prng.ts";
import type { CameraDraft } from "../../../data/importers/cameras/camera-draft.ts";
import { CatalogueMerge } from "../../../data/importers/cameras/catalogue-merge.ts";
import { openCatalogue } from "../../../data/importers/formats/catalogue.ts";
import type { RawFeature } from "../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { AppError } from "../../../data/model/errors.ts";
import { FORBIDDEN, type ItemElements, item, type MessageHead, message } from "../../helpers/catalogue-xml.ts";
import { encodeGbk } from "../../helpers/gbk.ts";
import { readLayers } from "../../helpers/read-layers.ts";

/** Bytes in small pieces: declarations, characters and tags are cut anywhere. */
const opened = (bytes: Uint8Array | string, step = 7) => {
  const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return async function* (): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < all.length; i += step) yield all.subarray(i, i + step);
  };
};

async function itemsOf(
  bytes: Uint8Array | string,
  file = "a.xml",
  log = new ImportLog(),
  step = 7,
): Promise<RawFeature[]> {
  const layer = await openCatalogue(opened(bytes, step), file);
  const items: RawFeature[] = [];
  for await (const one of layer.features(log)) items.push(one);
  return items;
}

function merged(items: readonly RawFeature[], log = new ImportLog()): CameraDraft[] {
  const merge = new CatalogueMerge(log);
  for (const one of items) merge.add(one);
  return merge.cameras();
}

const CODE = "14029700001310000001";
const camera = (more: ItemElements = {}): string =>
  item({ DeviceID: CODE, Name: "甲路口", Status: "ON", Longitude: 112.7, Latitude: 40.01, ...more });
const notify = (items: readonly string[], sn: number | string, more: MessageHead = {}): string =>
  message(items, { form: "Notify", sn, ...more });
const event = (name: string, more: ItemElements = {}): string => item({ DeviceID: CODE, Event: name, ...more });
const readOne = async (...texts: readonly string[]): Promise<CameraDraft | undefined> =>
  merged((await Promise.all(texts.map((text, i) => itemsOf(text, `f${i}.xml`)))).flat())[0];

describe("encodings", () => {
  const text = message([camera()], { encoding: "GB2312" });

  test.each<[string, string | Uint8Array, string | undefined]>([
    ["GBK declared as GB2312", encodeGbk(text), undefined],
    ["UTF-8 declared as GB2312", text, "encoding_corrected"],
    ["GBK declared as UTF-8", encodeGbk(text.replace("GB2312", "UTF-8")), "encoding_corrected"],
    ["UTF-8 without a declaration", text.slice(text.indexOf("\n") + 1), undefined],
    ["UTF-8 with a mark", `\uFEFF${text.replace("GB2312", "UTF-8")}`, undefined],
    [
      "UTF-16 with a mark",
      new Uint8Array(Buffer.from(`\uFEFF${text.replace("GB2312", "UTF-16")}`, "utf16le")),
      undefined,
    ],
    ["ASCII declared as anything", message([camera({ Name: "A" })], { encoding: "KOI8-R" }), undefined],
  ])("%s", async (_name, bytes, flag) => {
    const log = new ImportLog();
    const [one] = await itemsOf(bytes, "a.xml", log);
    expect(one?.properties["Name"]).toMatch(/^(甲路口|A)$/);
    expect(log.flags().map(({ kind }) => kind)).toEqual(flag ? [flag] : []);
  });

  test("rare characters of GB 18030 (four bytes) are read", async () => {
    // 㐂 U+3402 is 81 39 EF 31 (GB 18030-2005).
    const [head, tail] = text.split("甲路口") as [string, string];
    const bytes = Uint8Array.from([...encodeGbk(head), 0x81, 0x39, 0xef, 0x31, ...encodeGbk(tail)]);
    expect((await itemsOf(bytes))[0]?.properties["Name"]).toBe("㐂");
  });
});

describe("messages", () => {
  test("several follow each other in one file, each with its own declaration", async () => {
    const other = "14029700001320000002";
    const text = `${message([camera()])}\uFEFF${message([camera({ DeviceID: other })], { sn: 2 })}${notify([event("OFF")], 3)}`;
    for (const step of [1, 5, 64, 100_000]) {
      const drafts = merged(await itemsOf(text, "a.xml", new ImportLog(), step));
      expect(drafts.map(({ deviceCode, status }) => [deviceCode, status])).toEqual([
        [CODE, "offline"],
        [other, "online"],
      ]);
    }
  });

  test("a head that stands behind its list counts as well; messages that are no catalogues are passed over", async () => {
    const late = `<Notify><DeviceList><Item><DeviceID>${CODE}</DeviceID><Event>OFF</Event></Item></DeviceList><CmdType>Catalog</CmdType><SN>9</SN></Notify>`;
    const alarm = `<Notify><CmdType>Alarm</CmdType><SN>1</SN><DeviceList><Item><DeviceID>${CODE}</DeviceID></Item></DeviceList></Notify>`;
    const drafts = merged(await itemsOf(late + alarm + message([camera()])));
    expect(drafts).toHaveLength(1);
    expect(drafts[0]).toMatchObject({ status: "offline", name: "甲路口" });
  });

  test("2022: several values, view and days are read; groups at the item name its project", async () => {
    const group = "14029700002150000001";
    const text = message([
      camera({
        BusinessGroupID: group,
        PTZType: "3/2",
        RoomType: 2,
        DirectionType: 8,
        HorizontalFieldAngle: "92.5",
        MaxViewDistance: 180,
        InstallTime: "2024-05-01T10:00:00",
        RecordSaveDays: 30,
        SecurityLevelCode: "B",
      }),
      item({ DeviceID: group, Name: "左云雪亮工程" }),
    ]);
    const [draft] = merged(await itemsOf(text));
    expect(draft).toMatchObject({
      network: "xueliang",
      ptzType: 3,
      indoor: true,
      azimuthDeg: 315,
      angleDeg: 92.5,
      rangeM: 180,
      inUseSince: "2024-05-01",
      retentionDays: 30,
    });
  });

  test("directions 1–8 are azimuths; organisations nest, and divisions may share a code", async () => {
    const items = [90, 270, 180, 0, 135, 45, 225, 315].map((_, i) =>
      camera({ DeviceID: `1402970000131000001${i}`, DirectionType: i + 1, ParentID: "14029700002160000002/14029710" }),
    );
    const tree = [
      item({ DeviceID: "14029710", Name: "甲镇", ParentID: "140297" }),
      item({ DeviceID: "14029710", Name: "乙镇", ParentID: "140297" }),
      item({ DeviceID: "14029700002160000002", Name: "学校周边", ParentID: "14029700002160000001" }),
      item({ DeviceID: "14029700002160000001", Name: "重点", ParentID: "14029700002150000009" }),
      item({ DeviceID: "14029700002150000009", Name: "慧眼工程", ParentID: "14029700002160000002" }),
    ];
    const log = new ImportLog();
    const drafts = merged(await itemsOf(message([...items, ...tree]), "a.xml", log), log);
    expect(drafts.map(({ azimuthDeg }) => azimuthDeg)).toEqual([90, 270, 180, 0, 135, 45, 225, 315]);
    expect(new Set(drafts.map(({ network }) => network))).toEqual(new Set(["huiyan"]));
    expect(log.skips("not_camera")).toBe(5);
    expect(log.flags()).toEqual([]);
  });

  test.each<[string, ItemElements, object]>([
    ["degrees, minutes and seconds", { Longitude: "112°42'36\"", Latitude: "40度0分36秒" }, { point: [112.71, 40.01] }],
    ["none", { Longitude: undefined, Latitude: undefined }, { point: null, fault: null }],
    ["zero", { Longitude: "0.000000", Latitude: "0" }, { point: null, fault: "zero_position" }],
    ["half zero", { Longitude: "112.7", Latitude: "0.0" }, { point: null, fault: "zero_position" }],
    ["exchanged", { Longitude: "40.01", Latitude: "112.7" }, { point: null, fault: "bad_position" }],
    ["words", { Longitude: "null", Latitude: "unknown" }, { point: null }],
  ])("positions: %s", async (_name, elements, expected) => {
    expect(await readOne(message([camera(elements)]))).toMatchObject(expected);
  });
});

describe("notifications", () => {
  const catalogue = message([camera({ Model: "M1" })], { sn: 50 });

  test.each<[string, readonly string[], object]>([
    ["OFF", [notify([event("OFF")], 1)], { status: "offline", removed: null }],
    ["VLOST", [notify([event("VLOST")], 1)], { status: "faulty" }],
    ["DEFECT, then ON", [notify([event("DEFECT")], 1), notify([event("ON")], 2)], { status: "online" }],
    ["ON came late", [notify([event("ON")], 1), notify([event("OFF")], 2)].reverse(), { status: "offline" }],
    ["DEL", [notify([event("DEL")], 1)], { removed: "deleted" }],
    ["DEL, then OFF of what is gone", [notify([event("DEL")], 1), notify([event("OFF")], 2)], { removed: "deleted" }],
    [
      "DEL, then ADD",
      [notify([event("DEL")], 1), notify([event("ADD", { Name: "新", Longitude: 112.8, Latitude: 40.1 })], 2)],
      { removed: null, name: "新", model: null, point: [112.8, 40.1] },
    ],
    [
      "UPDATE of one field",
      [notify([event("UPDATE", { Name: "改名" })], 1)],
      { name: "改名", model: "M1", status: "online" },
    ],
    ["in lower case, in order of the file", [notify([event("off"), event("on")], 1)], { status: "online" }],
    ["one that is classified", [notify([event("UPDATE", { Secrecy: 1 })], 1)], { removed: "secret" }],
  ])("%s", async (_name, messages, expected) => {
    for (const texts of [
      [catalogue, ...messages],
      [...messages, catalogue],
    ])
      expect(await readOne(...texts)).toMatchObject(expected);
  });

  test("a late answer of one item wipes nothing out; a later query counts over an earlier one", async () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      camera({ DeviceID: `14029700001310000${String(i).padStart(3, "0")}` }),
    );
    const all = await itemsOf(message(many, { sn: 7 }));
    const late = await itemsOf(message([camera({ Name: "乙路口", Model: undefined })], { sn: 8 }), "late.xml");
    expect(merged([...late, ...all])).toHaveLength(100);
    for (const items of [
      [...late, ...all],
      [...all, ...late],
    ])
      expect(merged(items).find(({ deviceCode }) => deviceCode === CODE)?.name).toBe("乙路口");
  });

  test("what is missing of an answer is said; an unknown event is left out", async () => {
    const log = new ImportLog();
    const items = await itemsOf(message([camera()], { total: 3 }) + notify([event("EXPLODE")], 2), "a.xml", log);
    expect(merged(items, log)).toHaveLength(1);
    expect(log.flags().map(({ kind, message: text }) => [kind, /3 items, and 1 came/.test(text)])).toEqual([
      ["incomplete_catalogue", true],
    ]);
    expect(log.skips("bad_event")).toBe(1);
  });
});

test("what is never imported is passed over: names are told, values are nowhere", async () => {
  const text = message([camera(FORBIDDEN), item({ DeviceID: "140297", Name: "县", ...FORBIDDEN })]);
  const layer = await openCatalogue(opened(encodeGbk(text)), "a.xml");
  const log = new ImportLog();
  const items: RawFeature[] = [];
  for await (const one of layer.features(log)) items.push(one);
  const drafts = merged(items, log);
  expect(layer.withheld).toEqual(Object.keys(FORBIDDEN).sort());
  const everything = JSON.stringify([layer, items, drafts, log.flags(), log.skipped()]);
  for (const value of Object.values(FORBIDDEN)) expect(everything).not.toContain(value);
});

test("of a classified camera nothing is read but its code", async () => {
  const [one] = await itemsOf(message([camera({ Secrecy: 1, PTZType: 1 })]));
  expect(one?.geometry).toBeNull();
  expect(Object.keys(one?.properties ?? {}).filter((name) => !name.startsWith("@"))).toEqual(["DeviceID", "Secrecy"]);
});

test("texts that carry an address are masked; a name of an element that carries one is not told", async () => {
  const text = message([
    camera({ Name: "IPC_192.0.2.9:8000", Model: "rtsp://u:p@192.0.2.9/1", Manufacturer: "00-00-5E-00-53-01" }),
    "<Item><x192.0.2.9>1</x192.0.2.9></Item>",
  ]);
  const log = new ImportLog();
  const layer = await openCatalogue(opened(text), "a.xml");
  expect(layer.withheld).toEqual(["other"]);
  const [draft] = merged(await itemsOf(text, "a.xml", log), log);
  expect(draft).toMatchObject({ name: "IPC_***", model: "***", manufacturer: "***" });
  expect(log.flags().map(({ kind }) => kind)).toContain("masked_text");
});

describe("broken catalogues", () => {
  const whole = message([camera()], { encoding: "GB2312" });

  test.each<[string, string | Uint8Array, RegExp]>([
    ["cut off", whole.slice(0, -30), /not well-formed/],
    [
      "cut off within a character",
      encodeGbk(whole).slice(0, encodeGbk(whole.slice(0, whole.indexOf("甲"))).length + 1),
      /neither UTF-8 nor GB 18030/,
    ],
    [
      "an entity bomb",
      `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>${whole.slice(whole.indexOf("<Response"))}`,
      /doctype/,
    ],
    ["an entity of its own", whole.replace("甲路口", "&secret;"), /not well-formed/],
    [
      "another encoding than those two",
      Uint8Array.from([...Buffer.from(whole.replace("GB2312", "Shift_JIS").replace("甲路口", "")), 0xff, 0xfe]),
      /says its encoding is Shift_JIS/,
    ],
    ["bytes of no encoding", Uint8Array.from([...encodeGbk(whole), 0xff, 0xff]), /neither UTF-8 nor GB 18030/],
    ["nested without end", `<Response>${"<a>".repeat(5_000)}`, /nested more than/],
    ["no catalogue", message([], { command: "DeviceInfo" }), /no catalogue: its messages are DeviceInfo/],
    ["no message", "<Response></Response>", /no catalogue/],
  ])("%s", async (_name, bytes, words) => {
    const fault = await itemsOf(bytes).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(AppError);
    expect(fault).toMatchObject({
      kind: "DATA",
      message: expect.stringMatching(words),
      at: expect.stringMatching(/^a\.xml/),
    });
  });

  test("an item of unending text costs itself alone", async () => {
    const log = new ImportLog();
    const items = await itemsOf(message([camera({ Name: "长".repeat(5_000) }), camera()]), "a.xml", log, 4_096);
    expect(items.map(({ at }) => at)).toEqual(["a.xml#2"]);
    expect(log.skipped()).toMatchObject([{ reason: "broken_feature", samples: [{ at: "a.xml#1", value: "" }] }]);
  });
});

describe("the catalogue of Zuoyun", () => {
  const folder = resolve("../shared/data/gb28181/authored");
  const there = existsSync(folder);
  const parts: (readonly RawFeature[])[] = [];
  beforeAll(async () => {
    if (!there) return;
    for (const name of readdirSync(folder).filter((one) => /part\d+/.test(one)))
      parts.push(await itemsOf(readFileSync(join(folder, name)), name, new ImportLog(), 4_096));
  });

  test.skipIf(!there)(
    "gives 36 cameras, once, in any order of the parts and however often (../shared/data/gb28181)",
    () => {
      expect(parts).toHaveLength(7);
      const expected = merged(parts.flat());
      expect(expected).toHaveLength(36);
      const prng = new Prng("catalogue parts");
      for (let round = 0; round < 100; round++) {
        const log = new ImportLog();
        const repeated = [...parts, ...parts.filter(() => prng.int(0, 9) < 4)];
        expect(merged(prng.shuffle(repeated).flat(), log)).toEqual(expected);
        expect(
          log
            .flags()
            .map(({ kind }) => kind)
            .filter((kind) => kind !== "merged_items"),
        ).toEqual([]);
        // Also message by message, and item by item.
        expect(merged(prng.shuffle(parts.flat()))).toEqual(expected);
      }
    },
  );

  test.skipIf(!there)("2022 edition and notifications fit on top of it, in any order", async () => {
    const read = (name: string) => itemsOf(readFileSync(join(folder, name)), name, new ImportLog(), 4_096);
    const all = [...parts, await read("2022_zuoyun_catalog_utf8.xml"), await read("notify_catalog_gb2312.xml")];
    const expected = merged(all.flat());
    const byCode = new Map(expected.map((draft) => [draft.deviceCode, draft]));
    expect(expected).toHaveLength(37);
    expect(byCode.get("14022610001310000001")).toMatchObject({ network: "xueliang", rangeM: 180, azimuthDeg: 270 });
    expect(byCode.get("14022610001180000004")).toMatchObject({ status: "offline" });
    expect(byCode.get("14022610001310000005")).toMatchObject({ status: "online" });
    expect(byCode.get("14022610001320000006")).toMatchObject({ removed: "deleted" });
    expect(byCode.get("14022610001310000990")).toMatchObject({
      name: "新增点位",
      network: null,
      likelyNetwork: "tianwang",
    });
    const prng = new Prng("all messages");
    for (let round = 0; round < 60; round++) expect(merged(prng.shuffle(all).flat())).toEqual(expected);
  });
});

describe("files", () => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-catalogue-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const file = (name: string, content: string): string => {
    const path = join(dir, name);
    writeFileSync(path, content);
    return path;
  };

  test("parts of a call are one layer; only cameras are read from it", async () => {
    const paths = ["a.xml", "b.xml"].map((name, i) =>
      file(
        name,
        message([camera({ DeviceID: `1402970000131000000${i}`, Port: 5060, [i ? "Owner" : "Address"]: "x" })]),
      ),
    );
    const { layers, log } = await readLayers(paths, undefined, "cameras");
    expect(layers.map(({ format, features }) => [format, features.map(({ at }) => at)])).toEqual([
      ["gb28181", ["a.xml#1", "b.xml#1"]],
    ]);
    expect(log.flags()).toMatchObject([
      { kind: "fields_dropped", count: 3, message: expect.stringMatching(/: Address, Owner, Port$/) },
    ]);
    for (const kind of ["roads", "staff", undefined] as const)
      await expect(readLayers(paths, undefined, kind)).rejects.toThrow(/holds cameras only/);
  });

  test("a kind is read from the formats that can carry it", async () => {
    const drawn = file("p.kml", "<kml><Placemark><name>甲</name></Placemark></kml>");
    await expect(readLayers([drawn], undefined, "staff")).rejects.toThrow(
      /p\.kml is KML, from which staff are not read/,
    );
    expect((await readLayers([drawn], undefined, "boards")).layers).toHaveLength(1);
  });

  test("columns that are withheld leave neither values nor broken rows behind", async () => {
    const path = file(
      "t.csv",
      `设备编码,名称,IP地址,登录密码,端口号,经度,纬度\n${CODE},甲,192.0.2.7,hunter2,554,112.7,40\n${CODE},hunter2\n`,
    );
    const { layers, log } = await readLayers([path], undefined, "cameras");
    expect(layers[0]?.fields).toEqual(["设备编码", "名称", "经度", "纬度"]);
    expect(JSON.stringify([layers, log.skipped(), log.flags()])).not.toMatch(/192\.0\.2\.7|hunter2/);
    expect(log.skips("wrong_column_count")).toBe(1);
    expect(log.flags()[0]?.message).toMatch(/IP地址, 登录密码, 端口号$/);
  });
});

import { describe, expect, test } from "vitest";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import { assignClassCodes } from "../../data/importers/class-codes.ts";
import { findDefaultPoints } from "../../data/importers/default-points.ts";
import { INCIDENT_FIELDS, parseFieldMap, resolveFields } from "../../data/importers/field-map.ts";
import { IncidentRowReader } from "../../data/importers/incident-rows.ts";
import { sourceOf, stateOf, verdictOf } from "../../data/importers/incident-words.ts";
import { ImportLog } from "../../data/importers/report.ts";
import { uuidV7Time } from "../../data/model/ids.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";

const HEADER = ["编号", "上报时间", "办结时间", "状态", "类别", "经度", "纬度", "来源"];

function createReader() {
  const log = new ImportLog();
  const { map } = resolveFields({}, HEADER, INCIDENT_FIELDS, "cases.csv");
  const square = {
    code: "140226100001001",
    geometry: [
      [
        [
          [112, 40],
          [113, 40],
          [113, 41],
          [112, 41],
          [112, 40],
        ],
      ],
    ] as const,
  };
  const reader = new IncidentRowReader({
    file: "cases.csv",
    county: "140226",
    header: HEADER,
    fields: map,
    clock: new ZoneClock("Asia/Shanghai"),
    areas: new LocateIndex([square]),
    log,
    nowMs: Date.parse("2026-01-15T00:00:00Z"),
  });
  return { reader, log };
}

describe("lines of incidents", () => {
  test("are read by a Chinese header that nobody mapped", () => {
    const { reader, log } = createReader();
    const draft = reader.read(["A1", "2025-03-01 08:05:00", "", "处理中", "暴露垃圾", "112.5", "40.5", "12345热线"], 2);
    expect(draft).toMatchObject({
      at: "cases.csv:2",
      sourceRef: "A1",
      openedAt: "2025-03-01T00:05:00.000Z",
      closedAt: null,
      state: "handling",
      source: "hotline",
      classText: "暴露垃圾",
      areaCode: "140226100001001",
      border: false,
      verdict: null,
    });
    expect(uuidV7Time(draft?.id ?? ("" as never))).toBe(Date.parse("2025-03-01T00:05:00Z"));
    expect(log.skipped()).toEqual([]);
  });

  test("lose what names a resident, and the report says so without quoting it", () => {
    const { reader, log } = createReader();
    const draft = reader.read(["A1", "2025-03-01", "", "", "晋B12345占道，电话13800138000", "112.5", "40.5", ""], 2);
    expect(draft?.title).toBe("***占道，电话***");
    reader.read(["A2", "yesterday 13800138000", "", "", "", "112.5", "40.5", ""], 3);
    expect(log.flags()).toEqual([
      expect.objectContaining({ kind: "masked_plate", count: 1 }),
      expect.objectContaining({ kind: "masked_phone_number", count: 1 }),
    ]);
    expect(log.skipped()[0]?.samples[0]?.value).toBe("yesterday ***");
    expect(JSON.stringify([log.flags(), log.skipped()])).not.toMatch(/138|12345/);
  });

  test("that are broken are skipped with line, field and value", () => {
    const { reader, log } = createReader();
    expect(reader.read(["A1", "2025-03-01"], 2)).toBeUndefined();
    expect(reader.read(["A2", "yesterday", "", "", "", "112.5", "40.5", ""], 3)).toBeUndefined();
    expect(reader.read(["A3", "2025-03-01", "", "", "", "", "", ""], 4)).toBeUndefined();
    expect(reader.read(["A4", "2025-03-01", "", "", "", "540000", "4480000", ""], 5)).toBeUndefined();
    expect(reader.read(["A5", "2025-03-01", "31/12/2025", "", "", "112.5", "40.5", ""], 6)).toBeUndefined();
    expect(
      log.skipped().map(({ reason, count, samples }) => [reason, count, samples.map(({ at, value }) => [at, value])]),
    ).toEqual([
      ["wrong_column_count", 1, [["cases.csv:2", "A1,2025-03-01"]]],
      [
        "bad_time",
        2,
        [
          ["cases.csv:3", "yesterday"],
          ["cases.csv:6", "31/12/2025"],
        ],
      ],
      ["no_point", 1, [["cases.csv:4", ","]]],
      ["bad_point", 1, [["cases.csv:5", "540000,4480000"]]],
    ]);
  });

  test("mint the same ids on every reading, and keep at most five samples of a fault", () => {
    const cells = ["A1", "2025-03-01", "2025-03-02", "已结案", "x", "112.5", "40.5", ""];
    const first = createReader().reader.read(cells, 2);
    expect(createReader().reader.read(cells, 99)).toEqual({ ...first, at: "cases.csv:99" });
    const { reader, log } = createReader();
    for (let line = 2; line < 12; line++) reader.read(["short"], line);
    expect(log.skipped()[0]).toMatchObject({ count: 10, samples: { length: 5 } });
  });

  test("outside every area are loaded without one and flagged", () => {
    const { reader, log } = createReader();
    expect(reader.read(["A1", "2025-03-01", "", "", "", "5", "5", ""], 2)?.areaCode).toBeNull();
    expect(log.flags()).toMatchObject([{ kind: "outside_areas", count: 1 }]);
    expect(reader.read(["A2", "2025-03-01", "", "", "", "0", "0", ""], 3)?.areaCode).toBeNull();
    expect(log.flags()).toMatchObject([
      { kind: "outside_areas", count: 2 },
      { kind: "zero_points", count: 1 },
    ]);
  });
});

describe("words", () => {
  test.each([
    ["Open", "accepted"],
    ["Closed", "closed"],
    ["已结案", "closed"],
    ["不予受理", "rejected"],
    ["待受理", "found"],
    ["挂账", "on_hold"],
    ["fed_back", "fed_back"],
    ["??", undefined],
  ])("state %s is %s", (text, state) => expect(stateOf(text)).toBe(state));

  test.each([
    ["Constituent Call", "hotline"],
    ["Employee Generated", "patrol"],
    ["Citizens Connect App", "app"],
    ["请您反映小程序", "app"],
    ["网格员巡查", "patrol"],
    ["Twitter", undefined],
  ])("source %s is %s", (text, source) => expect(sourceOf(text)).toBe(source));

  test("a bare yes answers the question of its column", () => {
    expect(verdictOf("OVERDUE", "ontime")).toBe("overdue");
    expect(verdictOf("", "ontime")).toBe("none");
    expect(verdictOf("是", "是否超期")).toBe("overdue");
    expect(verdictOf("是", "是否按期")).toBe("on_time");
    expect(verdictOf("maybe", "ontime")).toBeUndefined();
  });
});

describe("default points", () => {
  const pile = (count: number, i: number) => ({ lon: i, lat: 0, count });

  test("are found by standing out, not by being the largest", () => {
    const boston = [4775, 154, 30, 30, 29, 29, 25, 25, 24].map(pile);
    expect(findDefaultPoints(boston, 58_251, 29_221)).toEqual([boston[0]]);
    const falling = [900, 500, 300, 200, 120, 80, 50, 30, 20].map(pile);
    expect(findDefaultPoints(falling, 10_000, 3_000)).toEqual([]);
  });

  test("of like size are found together; few places or few rows are not judged", () => {
    const two = [3000, 2500, 40, 30, 20].map(pile);
    expect(findDefaultPoints(two, 20_000, 5_000)).toEqual(two.slice(0, 2));
    expect(findDefaultPoints(two, 20_000, 5)).toEqual([]);
    expect(findDefaultPoints([150, 2, 1].map(pile), 400, 100)).toEqual([]);
  });
});

describe("class codes", () => {
  const known = [
    {
      kind: "matter",
      code: "06010",
      major: "06",
      name: "暴露垃圾",
      nameEn: "Exposed rubbish",
      standardRef: "GB/T 47678.5-2026",
      isLocalExtension: false,
      sensitive: false,
    },
  ] as const;

  test("known codes and names are used, others numbered in major 89 after those there are", () => {
    const first = assignClassCodes(["", "06010", "Pothole", "暴露垃圾"], known, []);
    expect(first.codes).toEqual([
      ["", "89999"],
      ["06010", "06010"],
      ["Pothole", "89001"],
      ["暴露垃圾", "06010"],
    ]);
    const second = assignClassCodes(["Graffiti", "Pothole"], known, first.added);
    expect(second.codes).toEqual([
      ["Graffiti", "89002"],
      ["Pothole", "89001"],
    ]);
  });
});

test("--map names fields that exist and columns that are there", () => {
  expect(parseFieldMap("code=WARD, households=TOTPOP", ["code", "households"])).toEqual({
    code: "WARD",
    households: "TOTPOP",
  });
  expect(() => parseFieldMap("colour=RED", ["code"])).toThrow(/not a field/);
  expect(() => parseFieldMap("code", ["code"])).toThrow(/field=column/);
  expect(() => resolveFields({ id: "nope" }, HEADER, INCIDENT_FIELDS, "cases.csv")).toThrow(/no column "nope"/);
});

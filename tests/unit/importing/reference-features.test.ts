import { describe, expect, it } from "vitest";
import { dayOf } from "../../../data/importers/day.ts";
import type { RawFeature, RawGeometry } from "../../../data/importers/raw-layer.ts";
import { readReferenceDrafts } from "../../../data/importers/reference-features.ts";
import type { ReferenceKind } from "../../../data/importers/reference-fields.ts";
import { ImportLog } from "../../../data/importers/report.ts";

const LINE: RawGeometry = {
  type: "LineString",
  coordinates: [
    [112, 40],
    [112, 40],
    [112, 40.01],
  ],
};
const SQUARE: RawGeometry = {
  type: "Polygon",
  coordinates: [
    [
      [112, 40],
      [112.01, 40],
      [112.01, 40.01],
      [112, 40.01],
      [112, 40],
    ],
  ],
};

async function read(kind: ReferenceKind, ...features: readonly (readonly [RawGeometry | null, object?])[]) {
  const log = new ImportLog();
  async function* rows(): AsyncGenerator<RawFeature> {
    for (const [i, [geometry, properties]] of features.entries())
      yield { at: `f#${i + 1}`, number: i + 1, id: undefined, properties: { ...properties }, geometry };
  }
  const fields = { id: "id", name: "name", class: "class", date: "date" };
  return { log, drafts: await readReferenceDrafts(rows(), kind, fields, log, new Map()) };
}

describe("reference layers", () => {
  it.each([
    ["motorway", "arterial"],
    ["primary_link", "arterial"],
    ["国道", "arterial"],
    ["城市快速路", "arterial"],
    ["G109", "arterial"],
    ["主干路", "arterial"],
    ["次干路", "collector"],
    ["县道", "collector"],
    ["tertiary", "collector"],
    ["residential", "local"],
    ["村道", "local"],
    ["", "local"],
  ])("a road of class %s is drawn as %s", async (text, rank) => {
    const { drafts } = await read("roads", [LINE, { class: text }]);
    expect(drafts).toMatchObject([{ kind: "road", rank, class: text || null }]);
  });

  it.each([
    ["water", LINE, "河", "river"],
    ["water", SQUARE, "", "river"],
    ["water", SQUARE, "水库", "lake"],
    ["railways", LINE, "rail", "rail"],
    ["blocks", SQUARE, "", "block"],
  ] as const)("%s, %#: a %o is read", async (kind, geometry, text, rank) => {
    const { drafts } = await read(kind, [geometry, { class: text, date: "2025年3月1日" }]);
    expect(drafts).toMatchObject([{ rank, date: "2025-03-01" }]);
  });

  it("measures lines and areas on the ground, and drops positions that repeat", async () => {
    const { drafts } = await read("roads", [LINE]);
    expect(drafts[0]?.geometry.coordinates).toEqual([
      [
        [112, 40],
        [112, 40.01],
      ],
    ]);
    // 0.01 degree of latitude at 40° north, WGS 84: 1110.4 m.
    expect(drafts[0]?.lengthM).toBeCloseTo(1110.4, 0);
    const [block] = (await read("blocks", [SQUARE])).drafts;
    // The same by 0.01 degree of longitude there: 853.9 m.
    expect((block?.areaM2 ?? 0) / 1110.4 / 853.9).toBeCloseTo(1, 3);
  });

  it.each([
    ["railways", SQUARE, "wrong_shape"],
    ["blocks", LINE, "wrong_shape"],
    ["roads", { type: "Point", coordinates: [112, 40] }, "wrong_shape"],
    ["roads", null, "no_geometry"],
    [
      "roads",
      {
        type: "LineString",
        coordinates: [
          [112, 40],
          [112, 40],
        ],
      },
      "empty_line",
    ],
    [
      "roads",
      {
        type: "LineString",
        coordinates: [
          [112, 40],
          [112, 95],
        ],
      },
      "bad_coordinates",
    ],
    ["roads", { type: "LineString", coordinates: [[112, 40], "x"] }, "bad_coordinates"],
  ] as const)("%s: %o is left out as %s", async (kind, geometry, reason) => {
    const { drafts, log } = await read(kind, [geometry as RawGeometry | null]);
    expect(drafts).toEqual([]);
    expect(log.skipped()).toMatchObject([{ reason, samples: [{ at: "f#1" }] }]);
  });

  it("tells features by their id, else by their place", async () => {
    const { drafts, log } = await read("roads", [LINE, { id: "7" }], [LINE, { id: "7" }], [LINE], [LINE]);
    expect(drafts.map(({ sourceRef }) => sourceRef)).toEqual(["7", null]);
    expect(log.skips("duplicate_id")).toBe(2);
  });
});

describe("a day", () => {
  it.each([
    ["2025-03-01", "2025-03-01"],
    ["2025/3/1 08:00", "2025-03-01"],
    ["2025.03.01", "2025-03-01"],
    ["2025年3月1日", "2025-03-01"],
    ["20250301", "2025-03-01"],
    ["2025-02-30", undefined],
    ["2025-13-01", undefined],
    ["soon", undefined],
  ])("%s", (text, day) => {
    expect(dayOf(text)).toBe(day);
  });
});

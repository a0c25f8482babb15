import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell } from "../../data/exporters/csv-file.ts";
import { guardText, unguardText } from "../../data/exporters/formula-text.ts";
import { geopackageGeometry } from "../../data/exporters/geopackage-geometry.ts";
import { columnsFor, EXPORT_KINDS, exportOf } from "../../data/exporters/registry.ts";
import { zonedInstant } from "../../data/exporters/values.ts";
import { wktOf } from "../../data/exporters/wkt.ts";
import { parseBbox } from "../../data/ogc/bbox.ts";
import { CRS84, FEATURE_CRS } from "../../data/ogc/crs.ts";
import { ROLES } from "../../data/policy/roles.ts";

describe("exporters", () => {
  it("guard every formula, keep numbers, and take nothing from any text", () => {
    const signs = fc.string({ unit: fc.constantFrom(..."=+-@\t\r\n'1.5ab电 ") });
    fc.assert(
      fc.property(fc.oneof(signs, fc.string()), (text) => {
        expect(unguardText(guardText(text))).toBe(text);
        if (!/^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(text)) expect(guardText(text)).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
    );
    expect(["-1.5", "+3", "a=b", "=1", "'=1", "-a"].map(guardText)).toEqual([
      "-1.5",
      "+3",
      "a=b",
      "'=1",
      "''=1",
      "'-a",
    ]);
  });

  it("write cells of CSV that stay one cell", () => {
    expect([null, true, -1.5, "a,b", 'say "x"', "=cmd|' /C calc'!A0", " a"].map(csvCell)).toEqual([
      "",
      "true",
      "-1.5",
      '"a,b"',
      '"say ""x"""',
      "\"'=cmd|' /C calc'!A0\"",
      '" a"',
    ]);
  });

  it("write geometry as text and as GeoPackage has it", () => {
    const square = [
      [
        [
          [112, 40],
          [113, 40],
          [113, 41],
          [112, 40],
        ],
      ],
    ];
    const geometry = { type: "MultiPolygon", coordinates: square };
    expect(wktOf(geometry)).toBe("MULTIPOLYGON (((112 40, 113 40, 113 41, 112 40)))");
    expect(wktOf({ type: "Point", coordinates: [112.5, 40] })).toBe("POINT (112.5 40)");
    const blob = geopackageGeometry(geometry, 4326);
    const view = new DataView(blob.buffer);
    expect([blob[0], blob[1], blob[3], view.getInt32(4, true)]).toEqual([0x47, 0x50, 3, 4326]);
    expect([8, 16, 24, 32].map((at) => view.getFloat64(at, true))).toEqual([112, 113, 40, 41]);
    // One byte of order and four of type for each: multi-polygon, polygon; then rings and positions.
    expect(blob.length).toBe(8 + 32 + 9 + 9 + 4 + 4 * 16);
    expect(geopackageGeometry({ type: "Point", coordinates: [112, 40] }, 4326).length).toBe(8 + 5 + 16);
  });

  it("say instants with the county's offset", () => {
    expect(zonedInstant("2026-01-15T00:00:00.000Z", "Asia/Shanghai")).toBe("2026-01-15T08:00:00+08:00");
    expect(zonedInstant("2026-07-15T00:00:00.250Z", "America/New_York")).toBe("2026-07-14T20:00:00.250-04:00");
  });

  it("have words for every column in both languages, names once, and none of what a role may not read", () => {
    for (const kind of EXPORT_KINDS) {
      const { columns, label } = exportOf(kind);
      expect(new Set(columns.map(({ name }) => name)).size, kind).toBe(columns.length);
      for (const words of [label, ...columns.map((one) => one.label)]) {
        expect(words.zh, kind).toMatch(/\p{Script=Han}/u);
        expect(words.en, kind).not.toMatch(/\p{Script=Han}/u);
      }
      expect(columnsFor(kind, null).length).toBe(columns.length);
    }
    const names = (role: (typeof ROLES)[number]): string[] =>
      columnsFor("cameras", { role, visitor: false }).map(({ name }) => name);
    expect(ROLES.filter((role) => names(role).includes("status"))).toEqual(["dispatcher", "admin"]);
    expect(columnsFor("incidents", { role: "planner", visitor: false }).map(({ name }) => name)).not.toContain("title");
  });
});

describe("boxes", () => {
  it("cross the antimeridian where west lies east of east, in each axis order", () => {
    expect(parseBbox("170,-10,-170,10", CRS84)).toEqual([
      [170, -10, 180, 10],
      [-180, -10, -170, 10],
    ]);
    const latLon = FEATURE_CRS[1];
    if (!latLon) throw new Error("no system");
    expect(parseBbox("-10,170,0,10,-170,500", latLon)).toEqual(parseBbox("170,-10,-170,10", CRS84));
    expect(parseBbox("112,40,112,40", CRS84)).toEqual([[112, 40, 112, 40]]);
  });

  it("stay where they are through every reference system", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -179, max: 179, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        (lon, lat) => {
          for (const crs of FEATURE_CRS) {
            const [x, y] = crs.toWgs84(...crs.fromWgs84(lon, lat));
            expect(Math.abs(x - lon)).toBeLessThan(1e-7);
            expect(Math.abs(y - lat)).toBeLessThan(1e-7);
          }
        },
      ),
    );
  });
});

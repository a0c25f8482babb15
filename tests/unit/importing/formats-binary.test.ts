import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encodeGbk } from "../../helpers/gbk.ts";
import { GPKG_TABLES, gpkgLayer, sqliteFile } from "../../helpers/gpkg-file.ts";
import { readLayers } from "../../helpers/read-layers.ts";
import { dbfBytes, polygonRecord, shpBytes } from "../../helpers/shapefile-bytes.ts";
import { zipBytes } from "../../helpers/zip-bytes.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-binary-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

const box = (west: number, south: number, east: number, north: number): [number, number][] => [
  [west, south],
  [west, north],
  [east, north],
  [east, south],
  [west, south],
];

describe("shapefiles", () => {
  //  +--------+   +---+      an exterior with a hole and an island in the hole,
  //  | +----+ |   |   |      and another exterior
  //  | |[__]| |   +---+
  //  | +----+ |
  //  +--------+
  const hole = [...box(1, 1, 9, 9)].reverse();
  const record = polygonRecord([box(0, 0, 10, 10), hole, box(3, 3, 4, 4), box(20, 0, 21, 1)]);

  test("holes go to the smallest exterior that holds them; null shapes and deleted rows; GBK names of columns", async () => {
    const columns = [
      { name: encodeGbk("名称"), type: "C", length: 12 },
      { name: "open", type: "L", length: 1 },
      { name: "day", type: "D", length: 8 },
    ];
    const dbf = dbfBytes(
      columns,
      [
        [encodeGbk("左云县"), "T", "20250301"],
        ["x", "?", ""],
        ["gone", "F", ""],
      ],
      { driver: 77 },
    );
    // The third row is marked as deleted.
    const third = 32 + 32 * 3 + 1 + 2 * 22;
    dbf[third] = 0x2a;
    file("b.SHP", shpBytes([record, Buffer.alloc(4), record]));
    file("b.DBF", dbf);
    file("b.prj", 'GEOGCS["China Geodetic Coordinate System 2000"]');
    const { layers, log } = await readLayers([join(dir, "b.DBF"), join(dir, "b.SHP")]);
    expect(log.skipped()).toEqual([]);
    expect(layers[0]).toMatchObject({
      declaredCrs: 'GEOGCS["China Geodetic Coordinate System 2000"]',
      fields: ["名称", "open", "day"],
    });
    expect(layers[0]?.features).toEqual([
      {
        at: "b.SHP#1",
        number: 1,
        id: undefined,
        properties: { 名称: "左云县", open: true, day: "2025-03-01" },
        geometry: {
          type: "MultiPolygon",
          coordinates: [[box(0, 0, 10, 10), hole], [box(3, 3, 4, 4)], [box(20, 0, 21, 1)]],
        },
      },
      { at: "b.SHP#2", number: 2, id: undefined, properties: { 名称: "x", open: null, day: null }, geometry: null },
    ]);
  });

  test("points, lines and points with heights keep x and y", async () => {
    const pointZ = Buffer.alloc(36);
    pointZ.writeInt32LE(11, 0);
    pointZ.writeDoubleLE(112.5, 4);
    pointZ.writeDoubleLE(40.5, 12);
    const lines = Buffer.from(
      polygonRecord([
        [
          [0, 0],
          [1, 1],
        ],
        [
          [5, 5],
          [6, 6],
        ],
      ]),
    );
    lines.writeInt32LE(23, 0);
    const { layers } = await readLayers([file("c.shp", shpBytes([pointZ, lines]))]);
    expect(layers[0]?.features.map(({ geometry }) => geometry)).toEqual([
      { type: "Point", coordinates: [112.5, 40.5] },
      {
        type: "MultiLineString",
        coordinates: [
          [
            [0, 0],
            [1, 1],
          ],
          [
            [5, 5],
            [6, 6],
          ],
        ],
      },
    ]);
  });

  test("in a zip with Chinese names of Windows; several in one", async () => {
    const parts = (name: string) => [
      { name: encodeGbk(`数据/${name}.shp`), bytes: shpBytes([record]) },
      {
        name: encodeGbk(`数据/${name}.dbf`),
        bytes: dbfBytes([{ name: "code", type: "C", length: 4 }], [[name === "网格" ? "1" : "2"]]),
      },
    ];
    const { layers } = await readLayers([file("d.zip", zipBytes([...parts("网格"), ...parts("社区")]))]);
    expect(layers.map(({ name, features }) => [name, features[0]?.properties])).toEqual([
      ["网格", { code: "1" }],
      ["社区", { code: "2" }],
    ]);
  });
});

describe("GeoPackage", () => {
  test("types of columns, both byte orders, envelopes, heights; a file in write-ahead mode", async () => {
    const polygonZ = Buffer.alloc(8 + 48 + 5 + 4 + 4 + 3 * 24);
    polygonZ.write("GP", 0, "latin1");
    polygonZ[3] = 0b101; // envelope x, y, z; little endian
    let at = 56;
    at = polygonZ.writeUInt8(0, at);
    at = polygonZ.writeUInt32BE(1003, at);
    at = polygonZ.writeUInt32BE(1, at);
    at = polygonZ.writeUInt32BE(3, at);
    for (const value of [0, 0, 9, 1, 0, 9, 0, 1, 9]) at = polygonZ.writeDoubleBE(value, at);
    const path = sqliteFile(
      join(dir, "e.gpkg"),
      `${GPKG_TABLES}CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, yes BOOLEAN, big INTEGER, "a ""b" TEXT, raw BLOB);${gpkgLayer("t")}
       INSERT INTO t VALUES (-5, x'${polygonZ.toString("hex")}', 1, 9007199254740993, '字', x'00'), (7, NULL, 0, 3, NULL, NULL);
       PRAGMA journal_mode = DELETE;`,
    );
    const { layers } = await readLayers([path]);
    expect(layers[0]).toMatchObject({ name: "t", declaredCrs: "EPSG:4490" });
    expect(layers[0]?.features).toEqual([
      {
        at: "e.gpkg#1",
        number: 1,
        id: "-5",
        properties: { fid: -5, yes: true, big: "9007199254740993", 'a "b': "字", raw: null },
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [1, 0],
              [0, 1],
            ],
          ],
        },
      },
      {
        at: "e.gpkg#2",
        number: 2,
        id: "7",
        properties: { fid: 7, yes: false, big: 3, 'a "b': null, raw: null },
        geometry: null,
      },
    ]);
    // QGIS leaves its files so; nothing may be written beside them.
    const ahead = readFileSync(path);
    ahead.fill(2, 18, 20);
    const again = await readLayers([file("f.gpkg", ahead)]);
    expect(again.layers[0]?.features.map(({ properties }) => properties)).toEqual(
      layers[0]?.features.map(({ properties }) => properties),
    );
    expect(readdirSync(dir).filter((name) => name.startsWith("f."))).toEqual(["f.gpkg"]);
    writeFileSync(join(dir, "f.gpkg-wal"), "changes");
    await expect(readLayers([join(dir, "f.gpkg")])).rejects.toThrow(/changes that are not in it yet/);
  });
});

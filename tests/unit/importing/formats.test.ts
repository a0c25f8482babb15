import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openGeoJson } from "../../../data/importers/formats/geojson.ts";
import { serialDate, showsDate } from "../../../data/importers/formats/sheet-cells.ts";
import { readWkb } from "../../../data/importers/formats/wkb.ts";
import { readWkt, writeWkt } from "../../../data/importers/formats/wkt.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { readLayers } from "../../helpers/read-layers.ts";
import { xlsxBytes } from "../../helpers/xlsx-bytes.ts";
import { zipBytes } from "../../helpers/zip-bytes.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-formats-"));
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

describe("GeoJSON", () => {
  test("is read alike however it is cut into pieces", async () => {
    const collection = {
      features: [
        {
          type: "Feature",
          id: 7,
          properties: { 'na"me\\': "左云县 \u{1F600} [1,{", n: -1.5e-3, none: null },
          geometry: { type: "MultiPolygon", coordinates: [[box(0, 0, 1, 1)]] },
        },
        { type: "Feature", properties: null, geometry: null },
      ],
      unread: { deep: [[{ features: [1, "]}"] }]] },
      crs: { type: "name", properties: { name: "EPSG:4490" } },
      name: "层",
      type: "FeatureCollection",
    };
    const bytes = new TextEncoder().encode(`\uFEFF${JSON.stringify(collection, null, 1)}`);
    const read = async (cuts: readonly number[]) => {
      async function* pieces() {
        const ends = [...new Set([...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
        let from = 0;
        for (const end of ends) {
          yield bytes.slice(from, end);
          from = end;
        }
      }
      const layer = await openGeoJson(pieces, "a.geojson");
      const features = [];
      for await (const feature of layer.features(new ImportLog())) features.push(feature);
      return { features, crs: layer.declaredCrs, name: layer.name, fields: layer.fields };
    };
    const whole = await read([]);
    expect(whole).toMatchObject({ crs: "EPSG:4490", name: "层", fields: ['na"me\\', "n", "none"] });
    expect(whole.features).toEqual([
      {
        at: "a.geojson#1",
        number: 1,
        id: "7",
        properties: collection.features[0]?.properties,
        geometry: collection.features[0]?.geometry,
      },
      { at: "a.geojson#2", number: 2, id: undefined, properties: {}, geometry: null },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (cuts) => {
        expect(await read(cuts)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test("a single feature, a bare geometry, lines, and sequences with record separators", async () => {
    const point = '{"type":"Point","coordinates":[112,40]}';
    const one = (n: number): string => `{"type":"Feature","properties":{"n":${n}},"geometry":${point}}`;
    const files = [
      file("feature.json", one(1)),
      file("geometry.json", point),
      file("lines.geojsonl", `${one(1)}\r\n\r\n${one(2)}\n${one(3)}`),
      file(
        "sequence.geojsons",
        `\u001e${one(1)}\n\u001e{"type":"Feature",\n"properties":{"n":2},"geometry":${point}}\n`,
      ),
    ];
    const { layers, log } = await readLayers(files);
    expect(log.skipped()).toEqual([]);
    expect(
      layers.map(({ format, features }) => [format, features.map(({ at, properties }) => [at, properties["n"]])]),
    ).toEqual([
      ["geojson", [["feature.json#1", 1]]],
      ["geojson", [["geometry.json#1", undefined]]],
      [
        "geojsonl",
        [
          ["lines.geojsonl:1", 1],
          ["lines.geojsonl:3", 2],
          ["lines.geojsonl:4", 3],
        ],
      ],
      [
        "geojsonl",
        [
          ["sequence.geojsons:1", 1],
          ["sequence.geojsons:2", 2],
        ],
      ],
    ]);
  });
});

describe("KML", () => {
  const kml = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Folder>
<Placemark id="p1"><name>一号 &amp; 二号</name><description><![CDATA[<b>x</b>]]></description>
<ExtendedData><Data name="户数"><value>12</value></Data><SchemaData><SimpleData name="code">A1</SimpleData></SchemaData></ExtendedData>
<Polygon><innerBoundaryIs><LinearRing><coordinates>1,1 2,1 2,2 1,1</coordinates></LinearRing></innerBoundaryIs>
<outerBoundaryIs><LinearRing><coordinates>0,0,5 10,0,5
 10,10,5 0,0,5</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>b</name><MultiGeometry><Point><coordinates>1,2</coordinates></Point><Point><coordinates>3,4</coordinates></Point></MultiGeometry></Placemark>
<Placemark><name>c</name></Placemark></Folder></Document></kml>`;

  test("Placemarks with their data, holes and several parts, also packed as KMZ", async () => {
    const { layers } = await readLayers([
      file("a.kml", kml),
      file(
        "a.kmz",
        zipBytes([
          { name: "doc.kml", bytes: kml },
          { name: "files/icon.png", bytes: "x" },
        ]),
      ),
    ]);
    expect(layers[0]?.features).toEqual([
      {
        at: "a.kml#1",
        number: 1,
        id: "p1",
        properties: { name: "一号 & 二号", description: "<b>x</b>", 户数: "12", code: "A1" },
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [10, 0],
              [10, 10],
              [0, 0],
            ],
            [
              [1, 1],
              [2, 1],
              [2, 2],
              [1, 1],
            ],
          ],
        },
      },
      {
        at: "a.kml#2",
        number: 2,
        id: undefined,
        properties: { name: "b" },
        geometry: {
          type: "MultiPoint",
          coordinates: [
            [1, 2],
            [3, 4],
          ],
        },
      },
      { at: "a.kml#3", number: 3, id: undefined, properties: { name: "c" }, geometry: null },
    ]);
    expect(layers[1]?.features.map(({ properties }) => properties)).toEqual(
      layers[0]?.features.map(({ properties }) => properties),
    );
    expect(layers[0]).toMatchObject({ declaredCrs: "EPSG:4326", fields: ["name", "description", "户数", "code"] });
  });
});

describe("workbooks", () => {
  const rows = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>d</t></is></c></row>
    <row r="4"><c r="A4"><v>140226</v></c><c r="B4" s="1"><v>45717.336805555555</v></c><c r="D4" t="b"><v>1</v></c></row>
    <row r="5"><c r="B5" s="2"><v>45717</v></c><c r="C5" t="str"><f>A1</f><v>算</v></c></row>`;

  test("dates by their format, text by number, empty cells, rows by their own number; the first sheet or the one named", async () => {
    const path = file(
      "a.xlsx",
      xlsxBytes({
        rows,
        shared: ["编码", "时间"],
        formats: ["yyyy/m/d h:mm", "[$-804]yyyy&quot;年&quot;m&quot;月&quot;"],
        sheets: ["案件", "说明"],
        more: [
          {
            name: "xl/worksheets/sheet2.xml",
            bytes: '<worksheet><sheetData><row><c t="inlineStr"><is><t>only</t></is></c></row></sheetData></worksheet>',
          },
        ],
      }),
    );
    const { layers, log } = await readLayers([path]);
    expect(log.flags().map(({ kind }) => kind)).toEqual(["other_sheets"]);
    expect(layers.map(({ name, fields }) => [name, fields])).toEqual([["案件", ["编码", "时间", "column_3", "d"]]]);
    expect(layers[0]?.features.map(({ at, properties }) => [at, properties])).toEqual([
      ["a.xlsx/案件:4", { 编码: 140226, 时间: "2025-03-01 08:05:00", column_3: "", d: true }],
      ["a.xlsx/案件:5", { 编码: "", 时间: "2025-03-01", column_3: "算", d: "" }],
    ]);
    expect((await readLayers([path], "说明")).layers.map(({ name, fields }) => [name, fields])).toEqual([
      ["说明", ["only"]],
    ]);
  });

  test("what shows a date", () => {
    expect(["yyyy-mm-dd", "h:mm", "m月d日", "[h]:mm:ss"].map(showsDate)).toEqual([true, true, true, true]);
    expect(["0.00", "#,##0", '0"days"', "[Red]0", "General", "0.00E+00;[Blue]-0"].map(showsDate)).toEqual(
      Array(6).fill(false),
    );
    expect([
      serialDate(61, false),
      serialDate(59_999.5, false),
      serialDate(0.25, false),
      serialDate(0, true),
      serialDate(-1, false),
    ]).toEqual(["1900-03-01", "2064-04-07 12:00:00", "06:00:00", "1904-01-01", undefined]);
  });
});

describe("tables with well-known text", () => {
  test("the column becomes the geometry, its SRID the system; equal and empty names are numbered", async () => {
    const text =
      "id\twkt\tid\t\n1\tSRID=4490;POINT Z (112 40 3)\tx\ty\n2\tMULTIPOLYGON (((0 0,1 0,1 1,0 0)))\t\t\n3\t\t\t\n";
    const { layers } = await readLayers([file("a.tsv", text)]);
    expect(layers[0]).toMatchObject({ declaredCrs: "EPSG:4490", fields: ["id", "id_2", "column_4"] });
    expect(layers[0]?.features.map(({ geometry }) => geometry?.type)).toEqual(["Point", "MultiPolygon", undefined]);
  });

  test("writing and reading well-known text gives the geometry again", () => {
    const pair = fc.tuple(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)),
      fc.integer(),
    );
    const line = fc.array(pair, { minLength: 1, maxLength: 5 });
    const rings = fc.array(line, { minLength: 1, maxLength: 3 });
    const geometry = fc.oneof(
      pair.map((coordinates) => ({ type: "Point", coordinates })),
      line.map((coordinates) => ({ type: "LineString", coordinates })),
      line.map((coordinates) => ({ type: "MultiPoint", coordinates })),
      rings.map((coordinates) => ({ type: "Polygon", coordinates })),
      fc.array(rings, { minLength: 1, maxLength: 3 }).map((coordinates) => ({ type: "MultiPolygon", coordinates })),
    );
    fc.assert(
      fc.property(geometry, (one) => {
        expect(readWkt(writeWkt(one) ?? "").geometry).toEqual(one);
      }),
    );
  });

  test("bytes at random are a geometry or a fault, and take no time", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 7 }), (bytes, type) => {
        try {
          readWkb(Buffer.concat([Buffer.from([1, type, 0, 0, 0]), bytes]));
        } catch (error) {
          expect((error as Error).constructor.name).toBe("GeometryFault");
        }
      }),
    );
  });
});

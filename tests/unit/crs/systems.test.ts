import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { crsOf } from "../../../data/geo/crs/crs-of.ts";
import { gridZone } from "../../../data/geo/crs/gauss-kruger.ts";
import { bd09Of, gcj02Of } from "../../../data/geo/crs/offset-systems.ts";
import { distanceM } from "../../../data/geo/measure.ts";
import { polygonsOf, readFeatures } from "../../helpers/declared-layers.ts";

const SHARED = new URL("../../../../shared/data/", import.meta.url);

/** domain.md 4.9: WGS 84 → GCJ-02, and for Zuoyun BD-09. */
const FIXTURES = [
  ["左云", 112.7, 40.01, 112.706709, 40.011095],
  ["云冈", 113.15, 40.0, 113.157098, 40.001283],
  ["邹城", 116.97, 35.4, 116.975581, 35.399642],
  ["金塔", 98.9, 39.98, 98.900681, 39.980642],
  ["故城", 115.97, 37.35, 115.975731, 37.350594],
  ["德城", 116.3, 37.45, 116.305783, 37.450767],
  ["柴桑", 115.91, 29.61, 115.914911, 29.607247],
] as const;

describe("GCJ-02 and BD-09", () => {
  it.each(FIXTURES)("%s", (_, lon, lat, gcjLon, gcjLat) => {
    const [x, y] = gcj02Of(lon, lat);
    expect(x).toBeCloseTo(gcjLon, 6);
    expect(y).toBeCloseTo(gcjLat, 6);
  });

  it("BD-09 of Zuoyun", () => {
    const [x, y] = bd09Of(112.7, 40.01);
    expect([x.toFixed(6), y.toFixed(6)]).toEqual(["112.713197", "40.017156"]);
  });

  it("comes back to within a centimetre everywhere in China, and leaves other places alone", () => {
    for (const name of ["GCJ-02", "BD-09"]) {
      const crs = crsOf(name);
      for (let lon = 74; lon < 135; lon += 3.7) {
        for (let lat = 18; lat < 53; lat += 2.3) {
          expect(distanceM(crs.toWgs84(...crs.fromWgs84(lon, lat)), [lon, lat])).toBeLessThan(0.01);
        }
      }
      expect(crs.toWgs84(-71.06, 42.36)).toEqual([-71.06, 42.36]);
    }
  });

  describe("county outlines", () => {
    beforeEach(({ skip }) => skip(!existsSync(SHARED), "../shared/data is absent"));
    it("in GCJ-02 fall within a metre of their WGS 84 forms", () => {
      const folder = new URL("cn-county-boundaries/", SHARED);
      const encrypted = readFeatures(new URL("counties_vonng2016_gcj02_ccby4.geojson", folder)).flatMap((f) =>
        polygonsOf(f).flat(2),
      );
      const plain = readFeatures(new URL("counties_vonng2016_wgs84_derived_ccby4.geojson", folder)).flatMap((f) =>
        polygonsOf(f).flat(2),
      );
      const crs = crsOf("GCJ-02");
      expect(encrypted.length).toBe(plain.length);
      expect(plain.length).toBeGreaterThan(9000);
      const worst = plain.reduce(
        (most, point, i) => Math.max(most, distanceM(crs.toWgs84(...(encrypted[i] ?? [0, 0])), point)),
        0,
      );
      expect(worst).toBeLessThan(1);
    });
  });
});

describe("codes, names and WKT", () => {
  it.each([
    ["EPSG:4547", 114, 500_000],
    ["EPSG:4526", 114, 38_500_000],
    ["EPSG:4508", 111, 500_000],
    ["EPSG:4497", 111, 19_500_000],
    ["EPSG:4513", 75, 25_500_000],
    ["EPSG:4554", 135, 500_000],
    ["EPSG:4491", 75, 13_500_000],
    ["EPSG:4512", 135, 500_000],
  ])("%s has meridian %d and false easting %d", (code, meridian, easting) => {
    expect(gridZone(Number(code.slice(5)))).toMatchObject({ centralMeridian: meridian, falseEasting: easting });
    const [lon, lat] = crsOf(code).toWgs84(easting, 0);
    expect(lon).toBeCloseTo(meridian, 9);
    expect(lat).toBeCloseTo(0, 9);
  });

  it("knows one system by its many names", () => {
    const esri =
      'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';
    for (const [text, id] of [
      [esri, "EPSG:4547"],
      ["4547", "EPSG:4547"],
      ["urn:ogc:def:crs:EPSG::4547", "EPSG:4547"],
      ["http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490"],
      ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"],
      ["cgcs2000", "EPSG:4490"],
      [
        'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
        "EPSG:4326",
      ],
      ["gcj02", "GCJ-02"],
      ["BD-09", "BD-09"],
      ["GCJ-02+EPSG:3857", "GCJ-02+EPSG:3857"],
      ["EPSG:900913", "EPSG:3857"],
    ] as const) {
      expect(crsOf(text).id, text).toBe(id);
    }
  });

  it.each([
    "EPSG:2327",
    "EPSG:2390",
    "EPSG:2401",
    "EPSG:2442",
    "EPSG:21413",
    "EPSG:21463",
    "EPSG:4610",
    "EPSG:4214",
    "+proj=longlat +ellps=krass",
  ])("%s is refused without parameters", (code) => {
    expect(() => crsOf(code)).toThrow(/cannot be converted without its parameters/);
  });

  it("takes the old datums with parameters, and refuses what it does not know", () => {
    const crs = crsOf(
      "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0 +units=m",
    );
    expect(distanceM(crs.toWgs84(...crs.fromWgs84(112.7, 40.01)), [112.7, 40.01])).toBeLessThan(0.01);
    expect(() => crsOf("county grid")).toThrow(/is not known/);
    expect(() => crsOf("EPSG:99999")).toThrow(/is not known/);
    expect(crsOf("EPSG:4547").toWgs84(Number.NaN, 0)).toEqual([Number.NaN, Number.NaN]);
  });
});

/** GDAL where it is installed: someone else's registry and formulas. */
const gdal = (code: string, points: readonly (readonly [number, number])[]): number[][] =>
  execFileSync("gdaltransform", ["-s_srs", "OGC:CRS84", "-t_srs", code, "-output_xy"], {
    input: points.map(([lon, lat]) => `${lon} ${lat}`).join("\n"),
    encoding: "utf8",
  })
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));

const hasGdal = ["/usr/bin/gdaltransform", "/usr/local/bin/gdaltransform"].some((path) => existsSync(path));

describe("against GDAL", () => {
  beforeEach(({ skip }) => skip(!hasGdal, "gdaltransform is not installed (Debian: gdal-bin)"));
  it.each([
    ...[4491, 4501, 4502, 4508, 4512, 4513, 4526, 4533, 4534, 4547, 4554].map((code) => `EPSG:${code}`),
    "EPSG:3857",
    "EPSG:32643",
    "EPSG:32649",
    "EPSG:32653",
  ])("%s agrees to a tenth of a millimetre", (code) => {
    const crs = crsOf(code);
    const middle =
      code === "EPSG:3857" ? 113 : crs.toWgs84(gridZone(Number(code.slice(5)))?.falseEasting ?? 500_000, 4e6)[0];
    const points: (readonly [number, number])[] = [-2.4, -0.7, 0, 1.3, 2.9].map((d, i) => [middle + d, 24 + 6 * i]);
    for (const [i, [x = 0, y = 0]] of gdal(code, points).entries()) {
      const [ownX, ownY] = crs.fromWgs84(...(points[i] ?? [0, 0]));
      expect(Math.hypot(ownX - x, ownY - y)).toBeLessThan(1e-4);
    }
  });
  it("EPSG:2249 agrees within three feet: GDAL may add a shift between NAD83 and WGS 84", () => {
    const points = [
      [-71.06, 42.36],
      [-71.5, 42.0],
    ] as const;
    for (const [i, [x = 0, y = 0]] of gdal("EPSG:2249", points).entries()) {
      const [ownX, ownY] = crsOf("EPSG:2249").fromWgs84(...((points[i] ?? [0, 0]) as readonly [number, number]));
      expect(Math.hypot(ownX - x, ownY - y)).toBeLessThan(3);
    }
  });
});

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { crsOf } from "../../../data/geo/crs/crs-of.ts";
import type { RawFeature } from "../../../data/importers/raw-layer.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import { readLayers } from "../../helpers/read-layers.ts";

const DATA = resolve("../shared/data");
const at = (path: string): string => resolve(DATA, path);
const hasOgr = spawnSync("ogr2ogr", ["--version"]).status === 0;

/** Sum of a numeric property. */
const sum = (features: readonly RawFeature[], name: string): number =>
  features.reduce((total, { properties }) => total + Number(properties[name] ?? 0), 0);

describe.skipIf(!existsSync(DATA))("files of the world (../shared/data)", () => {
  test("the Zuoyun towns come alike from GeoPackage and from a GBK shapefile without .cpg", async () => {
    const { layers: packed } = await readLayers([at("cgcs2000-derived/zuoyun_towns_4490.gpkg")]);
    const { layers: shaped, log } = await readLayers([
      at("cgcs2000-derived/zuoyun_gk3_cm114_4547_gbk/zuoyun_gk3_cm114_4547_gbk.shp"),
    ]);
    const names = (features: readonly RawFeature[]): unknown[] =>
      features.map(({ properties: { code, name, county, area_km2 } }) => [code, name, county, area_km2]);
    expect(packed[0]).toMatchObject({ name: "towns", format: "geopackage", declaredCrs: "EPSG:4490" });
    expect(shaped[0]?.declaredCrs).toMatch(/^PROJCS\["CGCS2000_3_Degree_GK_CM_114E"/);
    expect(names(shaped[0]?.features ?? [])).toEqual(names(packed[0]?.features ?? []));
    expect(names(shaped[0]?.features ?? [])[0]).toEqual(["140226205000", "三屯乡", "左云县", 229.27]);
    expect([...log.skipped(), ...log.flags()]).toEqual([]);
    // Degrees of CGCS2000 and metres of Gauss-Krüger: the same shapes, on the lattice within one step of each coordinate.
    const { toWgs84 } = crsOf("EPSG:4547");
    const lattice = (feature: RawFeature | undefined, metres: boolean): number[][] => {
      const positions: number[][] = [];
      const visit = (value: unknown): void => {
        const [x, y] = value as readonly unknown[];
        if (typeof x === "number" && typeof y === "number")
          positions.push((metres ? toWgs84(x, y) : [x, y]).map(toLattice));
        else for (const part of value as readonly unknown[]) visit(part);
      };
      visit(feature?.geometry?.coordinates ?? []);
      return positions;
    };
    let worst = 0;
    for (const [n, feature] of (packed[0]?.features ?? []).entries()) {
      const [degrees, metres] = [lattice(feature, false), lattice(shaped[0]?.features[n], true)];
      expect(degrees.length).toBeGreaterThan(10);
      expect(metres.length).toBe(degrees.length);
      // Shapefiles turn their rings the other way round.
      const turned = metres.toReversed();
      const off = (ring: readonly number[][]): number =>
        Math.max(
          ...degrees.map(([x = 0, y = 0], i) =>
            Math.max(Math.abs((ring[i]?.[0] ?? 0) - x), Math.abs((ring[i]?.[1] ?? 0) - y)),
          ),
        );
      worst = Math.max(worst, Math.min(off(metres), off(turned)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  test("Providence: blocks, precincts and districts out of their zips", async () => {
    const { layers } = await readLayers(
      ["blocks", "precincts", "new_precincts", "districts"].map((name) => at(`providence-blocks/${name}.zip`)),
    );
    expect(layers.map(({ name, features }) => [name, features.length])).toEqual([
      ["blocks", 3014],
      ["precincts", 59],
      ["new_precincts", 55],
      ["districts", 15],
    ]);
    expect(sum(layers[0]?.features ?? [], "TOTPOP")).toBe(178_040);
    expect(layers.every(({ declaredCrs }) => declaredCrs?.includes("North_American_1983"))).toBe(true);
  });

  test("Boston: the zip of cases and the zip of police districts, its text beside it left alone", async () => {
    const { layers } = await readLayers([
      at("boston-311-2011/311_service_requests_2011.zip"),
      at("boston-311-2011/police_districts_shp.zip"),
      at("boston-311-2011/wards_22.geojson"),
    ]);
    expect(layers.map(({ format, features }) => [format, features.length])).toEqual([
      ["csv", 58_251],
      ["shapefile", 12],
      ["geojson", 22],
    ]);
    expect(layers[0]?.features[0]).toMatchObject({ at: "311_service_requests_2011.csv:2", geometry: null });
    expect(layers[1]?.features.map(({ properties }) => properties["DISTRICT"])).toContain("A1");
    expect(layers[2]?.declaredCrs).toBe("urn:ogc:def:crs:OGC:1.3:CRS84");
  });

  test("Guixi: four layers of a GeoPackage, one of them by its name", async () => {
    const { layers } = await readLayers([at("osm-cn-guixi/guixi.gpkg")]);
    expect(layers.map(({ name, features }) => [name, features.length])).toEqual([
      ["lines", 243],
      ["multilinestrings", 6],
      ["multipolygons", 189],
      ["points", 354],
    ]);
    const { layers: one } = await readLayers([at("osm-cn-guixi/guixi.gpkg")], "points");
    expect(one.map(({ name }) => name)).toEqual(["points"]);
    await expect(readLayers([at("osm-cn-guixi/guixi.gpkg")], "roads")).rejects.toThrow(/no layer "roads"/);
  });

  test("TopoJSON is told from GeoJSON", async () => {
    await expect(readLayers([at("us-atlas/counties-10m.json")])).rejects.toThrow(/is TopoJSON/);
  });

  describe.skipIf(!hasOgr)("the same as GDAL reads (skipped without ogr2ogr)", () => {
    test.each([
      ["cgcs2000-derived/zuoyun_towns_4490.gpkg", "towns", ""],
      ["cgcs2000-derived/zuoyun_gk3_cm114_4547_gbk/zuoyun_gk3_cm114_4547_gbk.shp", "zuoyun_gk3_cm114_4547_gbk", ""],
      ["osm-cn-guixi/guixi.gpkg", "multipolygons", ""],
      ["osm-cn-guixi/guixi.gpkg", "lines", ""],
      ["osm-cn-guixi/guixi.gpkg", "points", ""],
      ["providence-blocks/blocks.zip", "blocks", "/vsizip/"],
      ["providence-blocks/precincts.zip", "precincts", "/vsizip/"],
      ["boston-311-2011/police_districts_shp.zip", "boston-massachusetts-police-districts", "/vsizip/"],
    ])("%s %s", async (path, layer, prefix) => {
      const args = ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", `${prefix}${at(path)}`, layer];
      const { stdout, stderr, status } = spawnSync("ogr2ogr", args, {
        maxBuffer: 2 ** 28,
        env: { ...process.env, ...(path.includes("gbk") ? { SHAPE_ENCODING: "GBK" } : {}) },
      });
      expect(status, stderr.toString()).toBe(0);
      const theirs = (JSON.parse(stdout.toString()) as { features: RawFeature[] }).features;
      expect(theirs.length).toBeGreaterThan(0);
      const { layers } = await readLayers([at(path)], layer);
      const ours = layers[0]?.features ?? [];
      expect(ours.map(shown)).toEqual(theirs.map(shown));
    });
  });
});

/** What must be alike whoever reads: values, and each ring's positions wherever it begins and whichever way it runs. */
function shown({ properties, geometry }: Pick<RawFeature, "properties" | "geometry">): unknown {
  const { fid: _key, ...values } = properties;
  return {
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === "number" ? value.toPrecision(12) : typeof value === "boolean" ? String(value) : value,
      ]),
    ),
    type: geometry?.type,
    rings: rings(geometry?.coordinates).sort(),
  };
}

function rings(coordinates: unknown): string[] {
  if (!Array.isArray(coordinates)) return [];
  if (typeof coordinates[0] === "number") return [position(coordinates)];
  if (Array.isArray(coordinates[0]) && typeof coordinates[0][0] === "number")
    return [
      coordinates
        .map((one) => position(one as number[]))
        .sort()
        .join(" "),
    ];
  return coordinates.flatMap(rings);
}

const position = ([x = 0, y = 0]: readonly number[]): string => `${x.toPrecision(12)},${y.toPrecision(12)}`;

import { beforeAll, expect, it } from "vitest";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import { toLattice } from "../../data/model/geometry.ts";
import { areaLayer, MARGIN, tileArea } from "../../data/tiles/area-tile.ts";
import { pointsTile, rowsInTile } from "../../data/tiles/incident-tile.ts";
import { encodeTile } from "../../data/tiles/mvt-writer.ts";
import { weighCoverage } from "../../data/tiles/shared-lines.ts";
import { type TileId, tileAt } from "../../data/tiles/tile-math.ts";
import type { Database, Param } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import { areaFeatures } from "../../db/repositories/geojson-repository.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { at } from "../fixtures/small-county-base.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { featuresOf, type ReadFeature } from "../helpers/read-tile.ts";

const AS_OF = Date.parse(SMALL_NOW) / 1000;
const data = smallCounty(300);
const [LON, LAT] = at(1, 0.5);
const around = (z: number): TileId => tileAt(toLattice(LON), toLattice(LAT), z) as TileId;

type Part = ReadFeature["parts"][number];

/** Distance of a position from the nearest piece of a line. */
function distance([px, py]: Part[number], line: Part): number {
  return Math.min(
    ...line.slice(1).map(([bx, by], i) => {
      const [ax, ay] = line[i] as Part[number];
      const [dx, dy] = [bx - ax, by - ay];
      const share = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(px - ax - share * dx, py - ay - share * dy);
    }),
  );
}

/** ST_AsMVT is the measure of tiles where it is there: the same features, attributes, and places within a unit. */
describeOnBothDatabases("tiles beside ST_AsMVT", (open, form) => {
  let database: Database;
  beforeAll(async () => {
    database = (await open()).database;
    await loadReference(database, SMALL_CLASSES);
    await loadCounty(database, data, { now: SMALL_NOW });
  });
  const scope = { kind: "county", county: SMALL_COUNTY } as const;
  const byPostgis = async (sql: string, params: readonly Param[]): Promise<Uint8Array> =>
    (await database.transaction(scope, (tx) => tx.bytes(sql, params))) ?? new Uint8Array();

  if (form === "embedded") {
    it("has none here: tiles are made in Node", async () => {
      const rows = await database.transaction(scope, (tx) =>
        tx.rows<{ name: string }>("SELECT p.proname AS name FROM pg_proc p WHERE p.proname = 'st_asmvt'"),
      );
      // There it is declared at most: the library it needs is not built in.
      await expect(
        rows.length === 0
          ? Promise.reject(new Error("no such function"))
          : byPostgis("SELECT ST_AsMVT(t) FROM (SELECT 1 AS a) t", []),
      ).rejects.toThrow();
    });
    return;
  }

  it.each([12, 14, 16])("points of zoom %i", async (z) => {
    const tile = around(z);
    const theirs = featuresOf(
      await byPostgis(
        `SELECT ST_AsMVT(t, 'incidents', 4096, 'geom', 'id') FROM (
           SELECT i.ref AS id, i.ref, i.class_code AS class, i.state, i.severity, i.source,
             floor(extract(epoch FROM i.opened_at))::int AS opened, floor(extract(epoch FROM i.closed_at))::int AS closed,
             floor(extract(epoch FROM i.due_at))::int AS due, i.suspicious, i.scope_code AS area,
             CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue'
               WHEN i.due_at IS NULL OR i.state IN ('rejected', 'void') THEN false
               ELSE coalesce(i.closed_at, $5::timestamptz) > i.due_at END AS late,
             ST_AsMVTGeom(ST_Transform(i.geom, 3857), ST_TileEnvelope($2, $3, $4), 4096, 0, true) AS geom
           FROM incident i WHERE i.county = $1) t WHERE t.geom IS NOT NULL`,
        [SMALL_COUNTY, tile.z, tile.x, tile.y, SMALL_NOW],
      ),
      "incidents",
    );
    const reading = { county: SMALL_COUNTY, asOf: SMALL_NOW, now: SMALL_NOW };
    const table = await database.transaction(scope, (tx) => incidentColumnTable(tx, reading, { inside: SMALL_COUNTY }));
    const columns = incidentColumns(table);
    const every = (look: (row: number) => void): void => {
      for (let row = 0; row < table.rows; row++) look(row);
    };
    const ours = featuresOf(pointsTile(columns, rowsInTile(columns, every, tile), tile, AS_OF), "incidents");
    expect(ours.length).toBeGreaterThan(z === 16 ? 0 : 20);
    const byId = new Map(theirs.map((feature) => [feature.id, feature]));
    expect(ours.map(({ id }) => id)).toEqual([...byId.keys()].sort((a, b) => (a ?? 0) - (b ?? 0)));
    for (const { id, type, properties, parts } of ours) {
      const other = byId.get(id);
      expect({ type, properties }).toEqual({ type: other?.type, properties: other?.properties });
      const [[x, y] = [Number.NaN, Number.NaN]] = parts[0] ?? [];
      const [[ox, oy] = [Number.NaN, Number.NaN]] = other?.parts[0] ?? [];
      expect(Math.abs(x - ox), `x of ${id}`).toBeLessThanOrEqual(1);
      expect(Math.abs(y - oy), `y of ${id}`).toBeLessThanOrEqual(1);
    }
  });

  it.each([11, 14, 16])("areas of zoom %i", async (z) => {
    const tile = around(z);
    const theirs = featuresOf(
      await byPostgis(
        `SELECT ST_AsMVT(t, 'areas', 4096, 'geom') FROM (
           SELECT v.code, v.name, v.households, v.urban,
             ST_AsMVTGeom(ST_Transform(v.geom, 3857), ST_TileEnvelope($2, $3, $4), 4096, ${MARGIN}, true) AS geom
           FROM area_version v WHERE v.county = $1 ORDER BY v.code) t WHERE t.geom IS NOT NULL`,
        [SMALL_COUNTY, tile.z, tile.x, tile.y],
      ),
      "areas",
    );
    const bytes = await database.transaction(scope, (tx) =>
      areaFeatures(tx, SMALL_COUNTY, ["county", "town", "community", "grid", "micro"], SMALL_NOW, false),
    );
    const { features } = JSON.parse(Buffer.from(bytes ?? []).toString()) as {
      features: { properties: Record<string, string>; geometry: { coordinates: MultiPolygonRings } }[];
    };
    const polygons = weighCoverage(features.map(({ geometry }) => geometry.coordinates));
    const areas = features.map(({ properties: { code, name, households, urban } }, i) =>
      tileArea(polygons[i] ?? [], {
        code: code ?? "",
        name: name ?? "",
        households: households ?? 0,
        urban: urban ?? "",
      }),
    );
    const ours = featuresOf(encodeTile([areaLayer("areas", areas, tile)]), "areas");
    expect(ours.length).toBeGreaterThan(3);
    expect(ours.map(({ type, properties }) => ({ type, properties }))).toEqual(
      theirs.map(({ type, properties }) => ({ type, properties })),
    );
    ours.forEach(({ parts, properties }, i) => {
      const [mine, other] = [parts[0] ?? [], theirs[i]?.parts[0] ?? []];
      for (const [one, line] of [
        [mine, other],
        [other, mine],
      ] as const)
        for (const corner of one)
          expect(distance(corner, line), `${properties["code"]} at ${corner}`).toBeLessThanOrEqual(1);
    });
  });
});

import { expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import { fromLattice, type MultiPolygonRings, toLattice } from "../../data/model/geometry.ts";
import type { Database } from "../../db/driver.ts";
import { benchGeography } from "../bench/data/bench-geography.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

/** Lattice units. */
type Point = readonly [x: number, y: number];
type Scale = (lattice: number) => number;

interface Owners {
  /** Lowest code among the areas that cover the point. */
  readonly owner: string | null;
  readonly count: number;
}

const areas = benchGeography()
  .grids.slice(0, 32)
  .map(({ area }) => area);
const ringsOf = (geometry: MultiPolygonRings): readonly Point[] =>
  geometry.flat(2).map(([lon, lat]) => [toLattice(lon), toLattice(lat)]);

/** What PostGIS says with the geometry in units of its own: `ST_Covers` over every area, the lowest code first. */
async function ownersBySql(database: Database, points: readonly Point[], scale: Scale): Promise<Owners[]> {
  const wkt = areas.map(
    ({ geometry }) =>
      `POLYGON((${ringsOf(geometry)
        .map(([x, y]) => `${scale(x)} ${scale(y)}`)
        .join(",")}))`,
  );
  return database.transaction({ kind: "reference" }, (tx) =>
    tx.rows<Owners>(
      `WITH a AS MATERIALIZED (SELECT code, ST_GeomFromText(wkt) AS geom FROM unnest($3::text[], $4::text[]) t(code, wkt))
       SELECT min(a.code COLLATE "C") AS owner, count(a.code)::int AS count
       FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY p(x, y, n)
       LEFT JOIN a ON a.geom && ST_MakePoint(p.x, p.y) AND ST_Covers(a.geom, ST_MakePoint(p.x, p.y))
       GROUP BY p.n ORDER BY p.n`,
      [points.map(([x]) => scale(x)), points.map(([, y]) => scale(y)), areas.map(({ code }) => code), wkt],
    ),
  );
}

function ownersByIndex(points: readonly Point[]): Owners[] {
  const index = new LocateIndex(areas);
  return points.map(([x, y]) => {
    const { owner, owners } = index.locateLattice(x, y);
    return { owner: owner < 0 ? null : (index.codes[owner] as string), count: owners.length };
  });
}

const random = new Prng("locate");
const corners = areas.flatMap(({ geometry }) => ringsOf(geometry));
const low: Point = [Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, y]) => y))];
const high: Point = [Math.max(...corners.map(([x]) => x)), Math.max(...corners.map(([, y]) => y))];
const scattered: readonly Point[] = Array.from({ length: 500 }, () => [
  random.int(low[0] - 9000, high[0] + 9000),
  random.int(low[1] - 9000, high[1] + 9000),
]);
const vertices = random.shuffle(corners).slice(0, 150);
/** Points exactly on an edge between its ends: where the middle of an edge lies on the lattice. */
const onEdges = random
  .shuffle(
    areas.flatMap(({ geometry }) => {
      const ring = ringsOf(geometry);
      return ring.slice(1).flatMap(([x, y], i): Point[] => {
        const [x0, y0] = ring[i] as Point;
        return (x + x0) % 2 === 0 && (y + y0) % 2 === 0 ? [[(x + x0) / 2, (y + y0) / 2]] : [];
      });
    }),
  )
  .slice(0, 200);
/** One unit beside an edge, where rounding would decide otherwise. */
const besideEdges = onEdges.map(([x, y]): Point => [x + random.int(-1, 1), y + random.int(-1, 1)]);

describeOnBothDatabases("points located in Node", (open) => {
  it("fall to the areas that PostGIS finds, and on a border to the lowest code", async () => {
    const { database } = await open();
    expect(onEdges.length).toBe(200);
    // In lattice units PostGIS computes with whole numbers: it is exact on borders too.
    const points = [...scattered, ...vertices, ...onEdges, ...besideEdges];
    const found = ownersByIndex(points);
    expect(found).toEqual(await ownersBySql(database, points, (lattice) => lattice));
    expect(found.filter(({ count }) => count > 1).length).toBeGreaterThan(250);
    // In degrees the middle of an edge is rounded off it; everything else falls as before.
    const elsewhere = [...scattered, ...vertices];
    expect(ownersByIndex(elsewhere)).toEqual(await ownersBySql(database, elsewhere, fromLattice));
  });
});

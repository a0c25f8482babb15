import { expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { fromLattice, type LonLat, toLattice } from "../../data/model/geometry.ts";
import type { Database } from "../../db/driver.ts";
import { IncidentDictionary } from "../../db/import/incident-dictionary.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { locateInCounty } from "../../db/repositories/locate-repository.ts";
import { POLICY_COUNTY as COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

interface Placed {
  readonly area: string | null;
  readonly border: boolean;
}

/** Areas that PostGIS says cover a point, whether the point lies on the line of one, and which have no area in them. */
interface Covering {
  readonly code: string;
  readonly level: string;
  readonly lowest: boolean;
  readonly onLine: boolean;
}

const prng = new Prng("case places");
const data = policyCounty();
const corners: readonly LonLat[] = data.areas.flatMap(({ geometry }) => geometry.flat(2));
const span = (axis: 0 | 1): readonly [number, number] => {
  const values = corners.map((corner) => toLattice(corner[axis]));
  return [Math.min(...values) - 9000, Math.max(...values) + 9000];
};
const anywhere: readonly LonLat[] = Array.from({ length: 120 }, () => [
  fromLattice(prng.int(...span(0))),
  fromLattice(prng.int(...span(1))),
]);
/** Corners, where borders meet, and places beside them. */
const points: readonly LonLat[] = [
  ...anywhere,
  ...prng.shuffle(corners).slice(0, 80),
  ...prng
    .shuffle(corners)
    .slice(0, 60)
    .map(
      ([lon, lat]): LonLat => [
        fromLattice(toLattice(lon) + prng.int(-2, 2)),
        fromLattice(toLattice(lat) + prng.int(-2, 2)),
      ],
    ),
];

/** Rule 4 of the data rules, over what `ST_Covers` says. */
function rule(covering: readonly Covering[]): Placed {
  const codes = (level: string): string[] =>
    covering
      .filter((one) => one.level === level)
      .map(({ code }) => code)
      .sort();
  const lowest = covering.filter((one) => one.lowest);
  const border = lowest.length > 1 && lowest.some(({ onLine }) => onLine);
  const [grid] = codes("grid");
  const micro = codes("micro").find((code) => grid === undefined || code.startsWith(grid));
  const area = micro ?? grid ?? codes("community")[0] ?? codes("town")[0] ?? codes("county")[0] ?? null;
  return { area, border };
}

const coveringOf = (database: Database, [lon, lat]: LonLat): Promise<Covering[]> =>
  database.transaction({ kind: "county", county: COUNTY }, (tx) =>
    tx.rows<Covering>(
      `SELECT v.code, v.level, NOT ST_Contains(v.geom, ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4326)) AS "onLine",
              NOT EXISTS (SELECT 1 FROM area_version c WHERE c.county = $1 AND c.code > v.code AND c.code < v.code || '~') AS lowest
         FROM area_version v
        WHERE v.county = $1 AND upper_inf(v.valid)
          AND ST_Covers(v.geom, ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4326))`,
      [COUNTY, lon, lat],
    ),
  );

describeOnBothDatabases("the place of a case", (open) => {
  it("is judged by one rule: in single writes, in bulk, and by PostGIS", async () => {
    const { database } = await open();
    await loadCounty(database, data, { now: POLICY_NOW });
    const context = {
      county: COUNTY,
      files: [],
      dryRun: true,
      nowMs: Date.parse(POLICY_NOW),
      actor: "test",
      onProgress: () => undefined,
    };
    const { places } = await database.transaction({ kind: "loader", county: COUNTY }, (tx) =>
      IncidentDictionary.read(tx, context),
    );
    const expected: Placed[] = [];
    const bulk: Placed[] = [];
    const single: Placed[] = [];
    for (const [lon, lat] of points) {
      expected.push(rule(await coveringOf(database, [lon, lat])));
      const hit = places.locate(lon, lat);
      bulk.push({ area: places.codes[hit.owner] ?? null, border: hit.border });
      const found = await database.transaction({ kind: "county", county: COUNTY }, (tx) =>
        locateInCounty(tx, COUNTY, lon, lat, POLICY_NOW),
      );
      single.push({ area: found.deepest, border: found.border });
    }
    expect(bulk).toEqual(expected);
    expect(single).toEqual(expected);
    expect(expected.filter(({ border }) => border).length).toBeGreaterThan(20);
    expect(expected.filter(({ area }) => area === null).length).toBeGreaterThan(5);
  }, 60_000);
});

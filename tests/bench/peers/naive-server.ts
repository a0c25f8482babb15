import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import pg from "pg";

/** Apollo Server as one first writes it: a resolver a field, a statement an object. */
const pool = new pg.Pool({ connectionString: process.env["BENCH_URL"], max: 8, options: "-c TimeZone=UTC -c jit=off" });
const rows = async <Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> =>
  (await pool.query<Row>(text, values)).rows;

interface Area {
  readonly county: string;
  readonly id: string;
  readonly code: string;
  readonly households: number | null;
  readonly lon: number;
  readonly lat: number;
  readonly at: string;
}

const typeDefs = `
  scalar JSON
  type StaffCount { kind: String! count: Int! }
  type Counts { compounds: Int! buildings: Int! households: Int! cameras: Int! camerasOnline: Int! staff: [StaffCount!]! }
  type Area { code: String! name: String! level: String! kind: String! urban: Boolean! areaM2: Float! label: [Float!]! geometry: JSON! counts: Counts! }
  type Areas { nodes: [Area!]! }
  type Incident { ref: Int! lon: Float! lat: Float! class: String! state: String! opened: Float! }
  type Query {
    areas(county: String!, inside: String!, at: String!): Areas!
    incidents(county: String!, west: Float!, south: Float!, east: Float!, north: Float!, from: String!, to: String!): [Incident!]!
  }`;

const inside = (column: string): string => `${column} >= $2 COLLATE "C" AND ${column} < ($2 || '~') COLLATE "C"`;
const VALID = (alias: string, at: string): string => `${alias}.valid_from <= ${at} AND ${alias}.valid_to > ${at}`;
const one = async (text: string, values: unknown[]): Promise<number> =>
  Number((await rows<{ n: string | null }>(text, values))[0]?.n ?? 0);

const resolvers = {
  Query: {
    areas: async (_: unknown, { county, inside: code, at }: { county: string; inside: string; at: string }) => ({
      nodes: (
        await rows(
          `SELECT v.county, v.id, v.code, v.name, v.level, v.kind, v.urban, v.area_m2 AS "areaM2", v.households,
             ST_X(v.label) AS lon, ST_Y(v.label) AS lat
           FROM area_version v WHERE v.county = $1 AND ${inside("v.code")} AND v.level IN ('grid', 'micro') AND ${VALID("v", "$3")}
           ORDER BY v.code`,
          [county, code, at],
        )
      ).map((row) => ({ ...row, at })),
    }),
    incidents: (_: unknown, q: Record<string, unknown>) =>
      rows(
        `SELECT i.county, i.id FROM incident i WHERE i.county = $1 AND i.geom && ST_MakeEnvelope($2, $3, $4, $5, 4326)
           AND ST_X(i.geom) BETWEEN $2 AND $4 AND ST_Y(i.geom) BETWEEN $3 AND $5 AND i.opened_at >= $6 AND i.opened_at < $7`,
        [q["county"], q["west"], q["south"], q["east"], q["north"], q["from"], q["to"]],
      ),
  },
  Area: {
    level: ({ level }: { level: string }) => level.toUpperCase(),
    kind: ({ kind }: { kind: string }) => kind.toUpperCase(),
    label: ({ lon, lat }: Area) => [lon, lat],
    geometry: async ({ county, id }: Area) =>
      (
        await rows<{ g: unknown }>(
          "SELECT ST_AsGeoJSON(v.geom, 7)::json AS g FROM area_version v WHERE v.county = $1 AND v.id = $2",
          [county, id],
        )
      )[0]?.g,
    counts: (area: Area) => area,
  },
  Counts: {
    compounds: ({ county, code, at }: Area) =>
      one(
        `SELECT count(DISTINCT q.id) AS n FROM (SELECT c.id FROM compound c WHERE c.county = $1 AND c.kind = 'residential'
           AND ${inside("c.community_code")} UNION ALL SELECT c.id FROM area_version a
           JOIN grid_compound gc ON gc.county = a.county AND gc.grid_id = a.area_id
           JOIN compound c ON c.county = gc.county AND c.id = gc.compound_id AND c.kind = 'residential'
           WHERE a.county = $1 AND ${inside("a.code")} AND length($2) > 12 AND ${VALID("a", "$3")}) q`,
        [county, code, at],
      ),
    buildings: ({ county, code }: Area) =>
      one(`SELECT count(*) AS n FROM building b WHERE b.county = $1 AND ${inside("b.scope_code")}`, [county, code]),
    households: ({ county, code, households }: Area) =>
      one(
        `SELECT coalesce(sum(b.households), $3::int, 0) AS n FROM building b WHERE b.county = $1 AND ${inside("b.scope_code")}`,
        [county, code, households],
      ),
    cameras: ({ county, code }: Area) =>
      one(`SELECT count(*) AS n FROM camera c WHERE c.county = $1 AND ${inside("c.scope_code")}`, [county, code]),
    camerasOnline: ({ county, code }: Area) =>
      one(
        `SELECT count(*) AS n FROM camera c WHERE c.county = $1 AND ${inside("c.scope_code")} AND c.status = 'online'`,
        [county, code],
      ),
    staff: ({ county, code, at }: Area) =>
      rows(
        `SELECT upper(t.kind) AS kind, count(DISTINCT h.staff_id)::int AS count FROM area_version a
           JOIN post_area pa ON pa.county = a.county AND pa.area_id = a.area_id
           JOIN post t ON t.county = pa.county AND t.id = pa.post_id
           JOIN post_holder h ON h.county = pa.county AND h.post_id = pa.post_id AND h.slot = 'A' AND ${VALID("h", "$3")}
         WHERE a.county = $1 AND ${inside("a.code")} AND ${VALID("a", "$3")} GROUP BY t.kind ORDER BY t.kind`,
        [county, code, at],
      ),
  },
  Incident: Object.fromEntries(
    Object.entries({
      ref: "i.ref",
      lon: "ST_X(i.geom)",
      lat: "ST_Y(i.geom)",
      class: "i.class_code",
      state: "i.state",
      opened: "extract(epoch FROM i.opened_at)::float8",
    }).map(([field, sql]) => [
      field,
      async ({ county, id }: { county: string; id: string }) =>
        (
          await rows<{ n: unknown }>(`SELECT ${sql} AS n FROM incident i WHERE i.county = $1 AND i.id = $2`, [
            county,
            id,
          ])
        )[0]?.n,
    ]),
  ),
};

const { url } = await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { port: 0, host: "127.0.0.1" },
});
console.log(url.replace(/\/$/, ""));

import { createServer } from "node:http";
import pg from "pg";

/**
 * The floor of tiles: PostGIS makes them, `pg` passes the bytes on; nobody is asked who they are. Both statements find
 * cases by the integer cells that our own do. `BENCH_URL` names the database; the first line printed is the address.
 */
const ENDED = "('closed', 'evaluated', 'rejected', 'void')";
const LATE = `CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue'
  WHEN i.due_at IS NULL OR i.state IN ('rejected', 'void') THEN false
  ELSE coalesce(i.closed_at, $6::timestamptz) > i.due_at END`;
const CASES = `incident i WHERE i.county = $1 AND ($5::int[] IS NULL OR i.cell = ANY($5::int[]))
  AND ST_Intersects(i.geom, ST_Transform(ST_TileEnvelope($2, $3, $4), 4326))`;

const POINTS = `SELECT ST_AsMVT(t, 'incidents', 4096, 'geom', 'id') FROM (
  SELECT i.ref AS id, i.ref, i.class_code AS class, i.state, i.severity, i.source,
    extract(epoch FROM i.opened_at)::int AS opened, extract(epoch FROM i.closed_at)::int AS closed,
    extract(epoch FROM i.due_at)::int AS due, ${LATE} AS late, i.suspicious, i.scope_code AS area,
    ST_AsMVTGeom(ST_Transform(i.geom, 3857), ST_TileEnvelope($2, $3, $4), 4096, 0, true) AS geom
  FROM ${CASES}) t WHERE t.geom IS NOT NULL`;

const COUNTS = `SELECT ST_AsMVT(t, 'incidents', 4096, 'geom') FROM (
  SELECT q.count, q.open, q.late, ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(
      ST_XMin(e.box) + (q.x + 0.5) * (ST_XMax(e.box) - ST_XMin(e.box)) / 128,
      ST_YMin(e.box) + (q.y + 0.5) * (ST_YMax(e.box) - ST_YMin(e.box)) / 128), 3857), e.box, 4096, 0, true) AS geom
  FROM (SELECT ST_TileEnvelope($2, $3, $4) AS box) e, LATERAL (
    SELECT p.x, p.y, count(*) AS count, count(*) FILTER (WHERE p.open) AS open, count(*) FILTER (WHERE p.late) AS late
    FROM (
      SELECT floor((ST_X(m.geom) - ST_XMin(e.box)) * 128 / (ST_XMax(e.box) - ST_XMin(e.box)))::int AS x,
        floor((ST_Y(m.geom) - ST_YMin(e.box)) * 128 / (ST_YMax(e.box) - ST_YMin(e.box)))::int AS y, m.open, m.late
      FROM (SELECT ST_Transform(i.geom, 3857) AS geom, i.state NOT IN ${ENDED} AS open, ${LATE} AS late
        FROM ${CASES}) m) p
    GROUP BY p.x, p.y) q) t WHERE t.geom IS NOT NULL`;

const pool = new pg.Pool({
  connectionString: process.env["BENCH_URL"],
  max: 8,
  options: "-c TimeZone=UTC -c DateStyle=ISO -c jit=off",
});

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://floor");
  const [z = "", x = "", y = ""] = url.pathname.slice(1).split("/");
  const cells = url.searchParams.get("cells");
  const values = [
    url.searchParams.get("county"),
    Number(z),
    Number(x),
    Number(y),
    cells ? cells.split(",").map(Number) : null,
    url.searchParams.get("at"),
  ];
  // Unnamed: a plan for these values, which far-out tiles need (performance reference, section 8).
  pool.query<(Buffer | null)[]>({ text: Number(z) < 12 ? COUNTS : POINTS, values, rowMode: "array" }).then(
    ({ rows }) => {
      const body = rows[0]?.[0] ?? Buffer.alloc(0);
      response.writeHead(200, { "content-type": "application/vnd.mapbox-vector-tile", "content-length": body.length });
      response.end(body);
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
});

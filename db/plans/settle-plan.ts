import { type LocatableArea, LocateIndex } from "../../data/geo/locate-index.ts";
import { bboxOf } from "../../data/geo/measure.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { ENDED_STATES } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";
import { remapLayers } from "../grid-layers/remap-layers.ts";
import { redrawSensitive } from "../import/area-rollup.ts";
import { refreshShares } from "../import/compound-shares.ts";
import { seededUuid } from "../import/import-transaction.ts";
import { followCases } from "../repositories/case-rows.ts";
import { planCells } from "../repositories/plan-base-repository.ts";
import { rebuildRollups } from "../rollups/rebuild.ts";
import { inheritDuty } from "./inherit-duty.ts";
import { moveGrants } from "./move-grants.ts";

/** A publication whose date has come. */
export interface DuePlan {
  readonly planId: string;
  readonly scopeCode: string;
  /** Effective instant, ISO 8601. */
  readonly at: string;
}

/** What a settlement moved, in numbers. */
export interface Settled {
  readonly buildings: number;
  readonly cameras: number;
  readonly places: number;
  /** Grants, tokens and kiosks of areas that ended. */
  readonly grants: number;
  /** Cases that lie in another area now, and how many of them are open. */
  readonly incidents: number;
  readonly openIncidents: number;
}

/** Tables of things with a point and a scope, beside cases. */
const PLACED = ["building", "camera", "station", "gauge", "notice_board"] as const;
type Placed = (typeof PLACED)[number];

/** Publications that took effect and were not settled, oldest first. */
export const duePlans = (tx: Transaction, county: string, now: string): Promise<DuePlan[]> =>
  tx.rows<DuePlan>(
    `SELECT DISTINCT l.plan_id AS "planId", p.scope_code AS "scopeCode", l.at
     FROM area_lineage l JOIN plan p ON p.county = $1 AND p.id = l.plan_id
     WHERE l.county = $1 AND NOT l.settled AND l.at <= $2::timestamptz ORDER BY l.at, l.plan_id`,
    [county, now],
  );

/**
 * Gives what lies in the areas of a publication to the areas that hold it from its date on, by the exact rule of `locate` (the
 * lowest code on a border). Cases keep the grid and code under which they fell; open ones go to the grid that holds them
 * now, with an entry in their log: a post that serves it keeps them, otherwise they wait in its inbox.
 */
export async function settlePlan(tx: Transaction, county: string, due: DuePlan, now: string): Promise<Settled> {
  const { planId, scopeCode, at } = due;
  const lineage = await tx.rows<{ from: string; to: string }>(
    `SELECT l.from_code AS "from", l.to_code AS "to" FROM area_lineage l
     WHERE l.county = $1 AND l.plan_id = $2::uuid AND l.at = $3::timestamptz`,
    [county, planId, at],
  );
  const cells = await planCells(tx, county, scopeCode, at);
  const changed = new Set(lineage.flatMap(({ from, to }) => [from, to]));
  const boxes = cells.flatMap(({ code, geometry }) =>
    changed.has(code) ? [bboxOf(geometry.coordinates) ?? ([0, 0, 0, 0] as Bbox)] : [],
  );
  const areas: LocatableArea[] = cells
    .map(({ code, geometry }) => ({ code, geometry: geometry.coordinates }))
    .filter(({ geometry }) => {
      const box = bboxOf(geometry);
      return box !== undefined && boxes.some((one) => touch(one, box));
    });
  const index = new LocateIndex(areas);
  // What lay in a changed area, or beside one: a point on its border may have another lowest code now.
  const scopes = [...new Set([...changed, ...areas.map(({ code }) => code)])];
  const counts: Record<Placed, number> = { building: 0, camera: 0, station: 0, gauge: 0, notice_board: 0 };
  for (const table of PLACED) counts[table] = await moveThings(tx, county, table, scopes, index);
  const cases = await moveCases(tx, county, due, scopes, index, now);
  await inheritDuty(tx, county, planId, at);
  await shareCompounds(tx, county, planId, [...changed]);
  await remapLayers(tx, county, now);
  const grants = await moveGrants(tx, county, planId, at, now);
  await tx.execute(
    "UPDATE area_lineage SET settled = true WHERE county = $1 AND plan_id = $2::uuid AND at = $3::timestamptz",
    [county, planId, at],
  );
  const { building, camera, station, gauge, notice_board } = counts;
  return { buildings: building, cameras: camera, places: station + gauge + notice_board, grants, ...cases };
}

/** Compounds of changed grids: their shares are counted anew. What an import would note for its undo is not kept. */
async function shareCompounds(
  tx: Transaction,
  county: string,
  planId: string,
  codes: readonly string[],
): Promise<void> {
  const compounds = await tx.rows<{ id: string }>(
    `SELECT c.id FROM compound c WHERE c.county = $1 AND (
       EXISTS (SELECT FROM grid_compound g JOIN area_lineage l ON l.county = $1 AND l.from_area = g.grid_id AND l.plan_id = $2::uuid
         WHERE g.county = $1 AND g.compound_id = c.id)
       OR EXISTS (SELECT FROM area_version v WHERE v.county = $1 AND v.level = 'grid' AND upper_inf(v.valid)
         AND v.code = ANY($3::text[]) AND v.geom && c.geom))`,
    [county, planId, codes],
  );
  if (compounds.length === 0) return;
  await refreshShares(
    tx,
    { county, batch: planId },
    compounds.map(({ id }) => id),
  );
  await tx.execute("DELETE FROM import_row WHERE county = $1 AND batch_id = $2::uuid", [county, planId]);
}

const touch = (a: Bbox, b: Bbox): boolean => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

interface Thing {
  readonly id: string;
  readonly scope: string;
  readonly lon: number;
  readonly lat: number;
}

/** Things whose area is another now, with its code. */
function movedThings(things: readonly Thing[], index: LocateIndex): { ids: string[]; codes: string[] } {
  const [ids, codes]: [string[], string[]] = [[], []];
  for (const { id, scope, lon, lat } of things) {
    const { owner } = index.locate(lon, lat);
    const code = owner < 0 ? undefined : index.codes[owner];
    if (code === undefined || code === scope) continue;
    ids.push(id);
    codes.push(code);
  }
  return { ids, codes };
}

async function moveThings(
  tx: Transaction,
  county: string,
  table: Placed,
  scopes: readonly string[],
  index: LocateIndex,
): Promise<number> {
  const point = table === "building" ? "t.label" : "t.geom";
  const things = await tx.rows<Thing>(
    `SELECT t.id, t.scope_code AS scope, ST_X(${point}) AS lon, ST_Y(${point}) AS lat FROM ${table} t
     WHERE t.county = $1 AND t.scope_code = ANY($2::text[])`,
    [county, scopes],
  );
  const { ids, codes } = movedThings(things, index);
  if (ids.length === 0) return 0;
  return tx.execute(
    `UPDATE ${table} t SET scope_code = m.code FROM unnest($2::uuid[], $3::text[]) AS m(id, code)
     WHERE t.county = $1 AND t.id = m.id`,
    [county, ids, codes],
  );
}

async function moveCases(
  tx: Transaction,
  county: string,
  { planId, at }: DuePlan,
  scopes: readonly string[],
  index: LocateIndex,
  now: string,
): Promise<Pick<Settled, "incidents" | "openIncidents">> {
  const cases = await tx.rows<Thing>(
    `SELECT i.id, i.scope_code AS scope, ST_X(coalesce(s.geom, i.geom)) AS lon, ST_Y(coalesce(s.geom, i.geom)) AS lat
     FROM incident i LEFT JOIN incident_sealed_place s ON s.county = $1 AND s.incident_id = i.id
     WHERE i.county = $1 AND i.scope_code = ANY($2::text[])`,
    [county, scopes],
  );
  const scopeBefore = new Map(cases.map(({ id, scope }) => [id, scope]));
  const { ids, codes } = movedThings(cases, index);
  if (ids.length > 0) {
    const params = [county, ids, codes];
    await tx.execute(
      `UPDATE incident i SET scope_code = m.code, version = i.version + 1
       FROM unnest($2::uuid[], $3::text[]) AS m(id, code) WHERE i.county = $1 AND i.id = m.id`,
      params,
    );
    await tx.execute(
      `UPDATE incident_candidate c SET version = i.version FROM incident i
       WHERE c.county = $1 AND c.incident_id = ANY($2::uuid[]) AND i.county = $1 AND i.id = c.incident_id`,
      [county, ids],
    );
    await followCases(tx, county, { ids: "SELECT unnest($2::uuid[])", params: [ids] });
    const towns = ids.some((id, n) => scopeBefore.get(id)?.slice(0, 9) !== codes[n]?.slice(0, 9));
    if (towns) await rebuildRollups(tx, county);
  }
  const openIncidents = ids.length === 0 ? 0 : await reownOpen(tx, county, planId, ids, at, now);
  await redrawSensitive(tx, county);
  return { incidents: ids.length, openIncidents };
}

/** Open cases that lie in another area now: their grid, who has them, and an entry in their log. */
async function reownOpen(
  tx: Transaction,
  county: string,
  planId: string,
  ids: readonly string[],
  at: string,
  now: string,
): Promise<number> {
  // A post keeps what lies in the areas it serves; without one the case waits in the inbox of its new area.
  const open = await tx.rows<{ id: string; state: string }>(
    `UPDATE incident i SET grid_id = g.area_id,
       post_id = CASE WHEN k.keeps THEN i.post_id END, handler_id = CASE WHEN k.keeps THEN i.handler_id END,
       inbox_role = CASE WHEN k.keeps THEN i.inbox_role ELSE coalesce(i.inbox_role, 'dispatcher') END,
       inbox_area = CASE WHEN k.keeps THEN i.inbox_area
         WHEN i.inbox_area IS NULL OR length(i.inbox_area) >= 15 THEN i.scope_code ELSE i.inbox_area END
     FROM incident o
     LEFT JOIN area_version g ON g.county = $1 AND g.code = left(o.scope_code, 15) AND g.level = 'grid'
       AND g.valid_from <= $4::timestamptz AND g.valid_to > $4::timestamptz
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM post p WHERE p.county = $1 AND p.id = o.post_id
       AND o.scope_code >= p.scope_code AND o.scope_code < (p.scope_code || '~') COLLATE "C") AS keeps) k
     WHERE i.county = $1 AND o.county = $1 AND o.id = i.id AND i.id = ANY($2::uuid[]) AND NOT i.state = ANY($3::text[])
     RETURNING i.id, i.state`,
    [county, ids, ENDED_STATES, at],
  );
  if (open.length === 0) return 0;
  const moved = open.map(({ id }) => id);
  // Whoever lost a case opens its sealed rows no more.
  for (const table of ["incident_sealed_place", "incident_photo", "reporter_contact", "contact_key"])
    await tx.execute(
      `UPDATE ${table} s SET handler_id = i.handler_id FROM incident i
       WHERE s.county = $1 AND s.incident_id = ANY($2::uuid[]) AND i.county = $1 AND i.id = s.incident_id
         AND s.handler_id IS DISTINCT FROM i.handler_id`,
      [county, moved],
    );
  const nowMs = Date.parse(now);
  await tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code, sensitive, kind)
     SELECT $1, m.event, i.id,
       (SELECT coalesce(max(e.seq), 0) + 1 FROM incident_event e WHERE e.county = $1 AND e.incident_id = i.id),
       i.state, i.state, 'planner', $4::timestamptz, '网格边界调整', i.scope_code, i.sensitive, 'owner'
     FROM unnest($2::uuid[], $3::uuid[]) AS m(id, event) JOIN incident i ON i.county = $1 AND i.id = m.id`,
    [county, moved, moved.map((id) => seededUuid(`${county}/settle/${planId}/${id}`, nowMs)), now],
  );
  return moved.length;
}

import { labelPoint } from "../../../data/geo/label-point.ts";
import { LocateIndex } from "../../../data/geo/locate-index.ts";
import { requireLevel } from "../../../data/model/codes.ts";
import { AppError, userError } from "../../../data/model/errors.ts";
import { nameSort } from "../../../data/model/name-sort.ts";
import { ZoneClock } from "../../../data/model/zoned-time.ts";
import { afterPlan, dividedCells, touchedCells } from "../../../data/planning/after-plan.ts";
import { type PlanLineage, planLineage } from "../../../data/planning/lineage.ts";
import { groundPieces } from "../../../data/planning/moved-ground.ts";
import { changedParents } from "../../../data/planning/parents.ts";
import type { PlanChange } from "../../../data/planning/plan.ts";
import type { Transaction } from "../../../db/driver.ts";
import { tellOfBulk } from "../../../db/import/import-transaction.ts";
import { settlePlan } from "../../../db/plans/settle-plan.ts";
import {
  closeVersions,
  insertAreas,
  type NewVersionRow,
  openVersions,
} from "../../../db/repositories/area-version-repository.ts";
import { recordLineage } from "../../../db/repositories/lineage-repository.ts";
import { type CellRow, type PlanBuildingRow, planBuildings } from "../../../db/repositories/plan-base-repository.ts";
import { type PlanRow, setPlanState } from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { PublishPlanInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine } from "../flow/step-input.ts";
import { countyOf } from "../loaders.ts";
import { newId } from "../new-id.ts";
import { checkKey } from "../report/report-input.ts";
import { required } from "../required.ts";
import { readPlan, requirePlan, requirePlanStep } from "./read-plan.ts";
import { lockSeenPlan, recordPlan } from "./record-plan.ts";
import { type JudgedPlan, judgePlan, refuseErrors } from "./referee-plan.ts";

/** The effective instant of a day: its 00:00 in the county's zone. @throws BAD_USER_INPUT for no day, or one gone by */
export function effectiveInstant(day: string, timezone: string, nowMs: number, at: string): string {
  const clock = new ZoneClock(timezone);
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const utc = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : Number.NaN;
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 10) !== day)
    throw userError(`"${day}" is no day`, { at, hint: "Write it as 2026-03-01." });
  const ms = clock.fromLocal(utc).epochMs;
  if (ms < clock.startOfDay(nowMs))
    throw userError(`${day} has gone by`, { at, hint: "Boundaries change today or on a later day." });
  return new Date(ms).toISOString();
}

/**
 * Publishes an approved plan in one transaction: versions end and begin at 00:00 of the day, with lineage; where the day has
 * begun, what lies in the areas is settled at once, else the server's job does so on the day. The transaction is the
 * loader's: it moves the true places of sensitive cases, which nobody else reads.
 *
 * @throws BAD_USER_INPUT with the referee's errors, CONFLICT in another state or when the base is no longer current
 */
export async function publishPlan(context: RequestContext, input: PublishPlanInput): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  const viewer = requirePlanStep(context, plan, "publish", "input.id");
  const note = checkLine(input.note, "input.note");
  const { county, id } = plan;
  const { timezone } = required(await countyOf(context, county), `county ${county}`);
  const at = effectiveInstant(input.effectiveOn, timezone, context.nowMs, "input.effectiveOn");
  const { key: _, ...asked } = input;
  await context.database.transaction({ kind: "loader", county }, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content: ["publishPlan", asked] }, { plan: id }, async () => {
      const now = await lockSeenPlan(tx, plan, input.revision);
      requirePlanStep(context, now, "publish", "input.id");
      const judged = await judgePlan(tx, now);
      refuseErrors(judged, "input.id");
      const facts = await writeVersions(tx, context, plan, judged, at);
      await setPlanState(tx, county, id, {
        state: "published",
        at: nowIso(context),
        approvedName: now.approvedName,
        effectiveOn: input.effectiveOn,
      });
      const due = Date.parse(at) <= context.nowMs;
      const settled = due
        ? await settlePlan(tx, county, { planId: id, scopeCode: plan.scopeCode, at }, nowIso(context))
        : undefined;
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision: now.revision,
        action: "plan.publish",
        event: { kind: "published", text: note },
        facts: { effective: input.effectiveOn, ...facts, ...settled },
      });
      await tellOfBulk(tx, county, context.nowMs, "area", { plan: id, ...facts });
    }),
  );
  context.feed.wake(county);
  return readPlan(context, county, id);
}

/** Ends and begins versions, with lineage. @returns what was done, in numbers */
async function writeVersions(
  tx: Transaction,
  context: RequestContext,
  plan: PlanRow,
  { rows, base, changes, parents }: JudgedPlan,
  at: string,
): Promise<{ readonly changed: number; readonly added: number; readonly ended: number }> {
  const { county, id: planId } = plan;
  const old = touchedCells(base, changes);
  const divided = dividedCells(base, changes);
  const drawn = new Set(changes.map(({ cell }) => cell));
  const lineage = planLineage(old, changes, groundPieces(old, changes));
  const above = changedParents(
    // An area that loses its cells again is drawn itself.
    parents
      .filter(({ id }) => divided.has(id) || !drawn.has(id))
      .map(({ code, geometry }) => ({ code, geometry: geometry.coordinates })),
    base,
    changes,
  ).map(({ code, geometry }) => ({
    row: required(
      parents.find((parent) => parent.code === code),
      `area ${code}`,
    ),
    geometry,
  }));
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  refuseLate([...old.map(({ id }) => required(rowOf.get(id), `cell ${id}`)), ...above.map(({ row }) => row)], at);
  const idOf = new Map(changes.map(({ cell, areaId }) => [cell, areaId ?? newId(context.nowMs)]));
  const fresh = changes.filter(({ areaId }) => areaId === null);
  await insertAreas(
    tx,
    county,
    fresh.map(({ cell, code }) => ({ id: required(idOf.get(cell), cell), level: requireLevel(code) })),
  );
  const ending = [
    ...old.filter(({ id }) => !divided.has(id)),
    ...above.map(({ row }) => row),
    ...parents.filter(({ id }) => drawn.has(id) && !divided.has(id)),
  ];
  await closeVersions(
    tx,
    county,
    ending.map(({ id }) => id),
    at,
  );
  const households = householdsAfter(await planBuildings(tx, county, plan.scopeCode), base, changes, rowOf);
  const versions = changes.flatMap((change): NewVersionRow[] => {
    if (change.geometry === null) return [];
    const sources = lineage.filter(({ cell }) => cell === change.cell);
    const main = sources.reduce<PlanLineage | undefined>(
      (most, one) => (most === undefined || one.toShare > most.toShare ? one : most),
      undefined,
    );
    const own = rowOf.get(change.areaId ?? main?.fromArea ?? "");
    return [
      {
        ...householdsPart(required(households.get(change.cell), change.cell)),
        id: newId(context.nowMs),
        areaId: required(idOf.get(change.cell), change.cell),
        level: requireLevel(change.code),
        kind: change.kind,
        code: change.code,
        name: change.name,
        nameSort: nameSort(change.name),
        urban: own?.urban ?? true,
        geometry: change.geometry,
        label: labelPoint(change.geometry),
        // A new area has no key in the source that its ground once came from.
        sourceRef: change.areaId === null ? null : (own?.sourceRef ?? null),
        sourceCrs: own?.sourceCrs ?? "EPSG:4326",
        planId,
        lineage: sources.map(({ kind, fromArea, fromCode }) => ({ kind, from: fromArea, code: fromCode })),
      },
    ];
  });
  const upper = above.map(
    ({ row, geometry }): NewVersionRow => ({
      ...row,
      id: newId(context.nowMs),
      areaId: row.id,
      nameSort: nameSort(row.name),
      ...parentHouseholds(row, rows, changes, households),
      geometry,
      label: labelPoint(geometry),
      planId,
      lineage: [{ kind: "moved", from: row.id, code: row.code }],
    }),
  );
  await openVersions(tx, county, [...versions, ...upper], at);
  const common = { at, batchId: null, planId };
  await recordLineage(tx, county, [
    ...lineage.map(({ fromArea, fromCode, cell, toCode, kind, share, toShare }) => ({
      ...common,
      id: newId(context.nowMs),
      fromArea,
      toArea: required(idOf.get(cell), cell),
      kind,
      fromCode,
      toCode,
      share,
      toShare,
    })),
    ...above.map(({ row }) => ({
      ...common,
      id: newId(context.nowMs),
      fromArea: row.id,
      toArea: row.id,
      kind: "moved" as const,
      fromCode: row.code,
      toCode: row.code,
      share: null,
      toShare: null,
    })),
  ]);
  return {
    changed: old.length + above.length,
    added: fresh.length,
    ended: changes.filter(({ cell, geometry }) => geometry === null && !divided.has(cell)).length,
  };
}

/** Boundaries that begin at the instant or later cannot be followed by others at it. */
function refuseLate(rows: readonly CellRow[], at: string): void {
  const late = rows.find(({ validFrom }) => Date.parse(validFrom) >= Date.parse(at));
  if (!late) return;
  throw new AppError("USER", `the boundaries of ${late.code} that this plan changes begin at ${late.validFrom}`, {
    code: "CONFLICT",
    at: "input.effectiveOn",
    hint: "Choose a later day.",
  });
}

interface CellHouseholds {
  readonly count: number | null;
  readonly exact: boolean;
  /** The version whose statement still holds; null where buildings were counted. */
  readonly kept: CellRow | null;
}

/** Households of changed cells: of their buildings; what a source stated only while the cell keeps its ground. */
function householdsAfter(
  buildings: readonly PlanBuildingRow[],
  base: JudgedPlan["base"],
  changes: readonly PlanChange[],
  rowOf: ReadonlyMap<string, CellRow>,
): Map<string, CellHouseholds> {
  const after = afterPlan(base, changes);
  const codeOf = new Map(after.map(({ cell, code }) => [code, cell]));
  const index = new LocateIndex(after.map(({ code, geometry }) => ({ code, geometry })));
  const sums = new Map<string, { count: number; exact: boolean }>();
  for (const { lon, lat, households, exact } of buildings) {
    const { owner } = index.locate(lon, lat);
    const cell = codeOf.get(index.codes[owner] ?? "");
    if (cell === undefined) continue;
    const sum = sums.get(cell) ?? { count: 0, exact: true };
    sums.set(cell, { count: sum.count + households, exact: sum.exact && exact });
  }
  const same = (change: PlanChange): boolean =>
    JSON.stringify(change.geometry) === JSON.stringify(rowOf.get(change.cell)?.geometry.coordinates);
  return new Map(
    changes.map((change): [string, CellHouseholds] => {
      const kept = rowOf.get(change.cell);
      if (kept && same(change)) return [change.cell, { count: kept.households, exact: kept.householdsExact, kept }];
      const sum = sums.get(change.cell);
      // Without any building nobody knows how a stated total divides: it is not guessed.
      const known = buildings.length > 0;
      return [
        change.cell,
        { count: known ? (sum?.count ?? 0) : null, exact: known && (sum?.exact ?? true), kept: null },
      ];
    }),
  );
}

const householdsPart = ({ count, exact, kept }: CellHouseholds) => ({
  households: count,
  householdsExact: exact,
  householdsBasis: kept?.householdsBasis ?? (count === null ? ("unknown" as const) : ("sum" as const)),
  householdsSource: kept?.householdsSource ?? null,
  householdsDate: kept?.householdsDate ?? null,
});

/** Households of an area above: the sum of its cells afterwards; unknown while one of them is. */
function parentHouseholds(
  parent: CellRow,
  rows: readonly CellRow[],
  changes: readonly PlanChange[],
  households: ReadonlyMap<string, CellHouseholds>,
) {
  const changed = new Set(changes.map(({ cell }) => cell));
  const counts = [
    ...rows
      .filter(({ id, code }) => !changed.has(id) && code.startsWith(parent.code))
      .map((row) => ({ count: row.households, exact: row.householdsExact })),
    ...changes
      .filter(({ geometry, code }) => geometry !== null && code.startsWith(parent.code))
      .map(({ cell }) => required(households.get(cell), cell)),
  ];
  const known = counts.every(({ count }) => count !== null);
  return householdsPart({
    count: known ? counts.reduce((sum, { count }) => sum + (count ?? 0), 0) : null,
    exact: known && counts.every(({ exact }) => exact),
    kept: null,
  });
}

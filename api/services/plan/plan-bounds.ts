import { userError } from "../../../data/model/errors.ts";
import type { LonLat, MultiPolygonRings } from "../../../data/model/geometry.ts";
import { afterPlan } from "../../../data/planning/after-plan.ts";
import {
  areaLines,
  BOUND_SIDES,
  type BoundSide,
  fourBounds,
  misnamed,
  type NamedLine,
} from "../../../data/planning/four-bounds.ts";
import type { PlanChange } from "../../../data/planning/plan.ts";
import type { Transaction } from "../../../db/driver.ts";
import {
  cellsOfVersions,
  type PlanReferenceRow,
  planReference,
} from "../../../db/repositories/plan-base-repository.ts";
import { boundsOfPlans, type PlanBoundRow, writeBounds } from "../../../db/repositories/plan-bound-repository.ts";
import { baseOfPlan, changesOfPlans, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { SavePlanBoundsInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine } from "../flow/step-input.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { readPlan, requirePlan, requirePlanStep } from "./read-plan.ts";
import { recordPlan } from "./record-plan.ts";
import { baseCells } from "./referee-plan.ts";

/** The four bounds of a changed cell, as they are printed. */
export interface CellBoundsModel {
  readonly cell: string;
  readonly code: string;
  readonly name: string;
  readonly sides: readonly BoundLineModel[];
}
export interface BoundLineModel {
  readonly side: BoundSide;
  readonly text: string;
  readonly proposed: string;
  readonly names: readonly string[];
  readonly editedBy: string | null;
  readonly editedAt: string | null;
}

interface Ground {
  /** Cells of the plan that there are afterwards. */
  readonly cells: readonly (PlanChange & { readonly geometry: MultiPolygonRings })[];
  /** What has a name around a cell. */
  readonly linesAround: (cell: string) => readonly NamedLine[];
}

const KINDS: Readonly<Record<string, NamedLine["kind"]>> = { road: "road", water: "water", rail: "rail" };

/** Named roads, waters and railways as lines. */
function namedLines(rows: readonly PlanReferenceRow[]): NamedLine[] {
  return rows.flatMap(({ kind, name, geometry }): NamedLine[] => {
    const own = KINDS[kind];
    if (!own || !name || geometry.type === "Point") return [];
    const lines: readonly (readonly LonLat[])[] =
      geometry.type === "LineString"
        ? [geometry.coordinates]
        : geometry.type === "MultiPolygon"
          ? geometry.coordinates.flat()
          : geometry.coordinates;
    return [{ kind: own, name, lines }];
  });
}

/** The plan's cells after it, with what lies around: from the boundaries that it was drawn on, published or not. */
async function groundOfPlan(tx: Transaction, { county, id, scopeCode, baseAt }: PlanRow): Promise<Ground> {
  const versions = (await baseOfPlan(tx, county, id)).map(([, version]) => version);
  const base = baseCells(await cellsOfVersions(tx, county, versions));
  const changes = (await changesOfPlans(tx, county, [id])).get(id) ?? [];
  const drawn = namedLines(await planReference(tx, county, scopeCode, baseAt));
  const after = afterPlan(base, changes);
  const cells = changes.flatMap((change) =>
    change.geometry === null ? [] : [{ ...change, geometry: change.geometry }],
  );
  const nameOf = new Map([
    ...base.map(({ id: cell, name }) => [cell, name] as const),
    ...changes.map(({ cell, name }) => [cell, name] as const),
  ]);
  const others = new Map(
    after.map(({ cell, geometry }) => [cell, areaLines([{ name: nameOf.get(cell) ?? "", geometry }])]),
  );
  return {
    cells,
    linesAround: (cell) => [...drawn, ...[...others].flatMap(([other, lines]) => (other === cell ? [] : lines))],
  };
}

/** The four bounds of a plan's cells, as planners wrote them or as they follow from what touches each side. */
export async function boundsOfPlan(context: RequestContext, plan: PlanRow): Promise<CellBoundsModel[]> {
  return inCounty(context, plan.county, async (tx) => {
    const { cells, linesAround } = await groundOfPlan(tx, plan);
    const written = (await boundsOfPlans(tx, plan.county, [plan.id])).get(plan.id) ?? [];
    return cells.map(({ cell, code, name, geometry }): CellBoundsModel => {
      const sides = fourBounds(geometry, linesAround(cell)).map(({ side, text, touching }): BoundLineModel => {
        const own = written.find((row) => row.cell === cell && row.side === side);
        return {
          side,
          text: own?.text ?? text,
          proposed: text,
          names: touching.map((one) => one.name),
          editedBy: own?.author ?? null,
          editedAt: own?.at ?? null,
        };
      });
      return { cell, code, name, sides };
    });
  });
}

/**
 * Keeps a planner's own words for the bounds of a cell, once per client's key; the plan's revision stays.
 *
 * @throws FORBIDDEN for who does not plan there, BAD_USER_INPUT for a cell that the plan does not draw and for a sentence that
 *   names what does not touch its side
 */
export async function savePlanBounds(context: RequestContext, input: SavePlanBoundsInput): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  // Whoever may give it up or revert it plans there: paper is written for approved and published plans, too.
  const viewer = requirePlanStep(context, plan, plan.state === "published" ? "revert" : "withdraw", "input.id");
  const texts = BOUND_SIDES.flatMap((side) => {
    const text = input[side];
    return text == null ? [] : [[side, checkLine(text, `input.${side}`) ?? ""] as const];
  });
  const { county, id } = plan;
  const { key: _, ...asked } = input;
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content: ["savePlanBounds", asked] }, {}, async () => {
      const { cells, linesAround } = await groundOfPlan(tx, plan);
      const cell = cells.find((one) => one.cell === input.cell);
      if (!cell)
        throw userError(`the plan draws no cell ${input.cell}`, { at: "input.cell", hint: "Plan.bounds names them." });
      for (const [side, text] of texts) {
        const [wrong] = misnamed(text, side, cell.geometry, linesAround(cell.cell));
        if (wrong !== undefined)
          throw userError(`${wrong} does not touch the ${side} side of ${cell.name}`, {
            at: `input.${side}`,
            hint: `A sentence names what touches its side: ${fourBounds(cell.geometry, linesAround(cell.cell)).find((one) => one.side === side)?.text || "nothing with a name"}.`,
          });
      }
      const now = nowIso(context);
      const rows = texts.map(
        ([side, text]): PlanBoundRow => ({ planId: id, cell: cell.cell, side, text, author: viewer.name, at: now }),
      );
      await writeBounds(tx, county, plan.scopeCode, rows);
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision: plan.revision,
        action: "plan.bounds",
        facts: { cell: cell.cell, sides: texts.map(([side]) => side) },
      });
    }),
  );
  return readPlan(context, county, id);
}

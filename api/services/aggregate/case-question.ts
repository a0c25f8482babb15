import { pointsFrom } from "../../../data/columns/cells.ts";
import { isInside, levelOfCode } from "../../../data/model/codes.ts";
import { AppError, userError } from "../../../data/model/errors.ts";
import type { Bbox } from "../../../data/model/geometry.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import { ZoneClock } from "../../../data/model/zoned-time.ts";
import { type IncidentCut, incidentCut } from "../../../data/policy/incident-cut.ts";
import type { CaseConditions, CellBox, CountBy, TimeWindow } from "../../../db/rollups/case-counts.ts";
import { CELL_EDGES } from "../../../db/rollups/rollup-sql.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { CountyModel } from "../../mappers.ts";
import { currentCounty } from "../current-county.ts";
import { requireCounty, requireInside, requireReach, requireRole } from "../require.ts";
import { calendarOf } from "./window-plan.ts";

/** Edges that a heat may have, units of 1e-7 degree: 0.000625° (about 70 m) doubled again and again, to 0.08°. */
export const HEAT_EDGES: readonly number[] = Array.from({ length: 8 }, (_, n) => 6250 * 2 ** n);

/** More squares than this are no picture. */
const MAX_CELLS = 1_000_000;
/** Wider boxes hold no county; what counts in memory relies on it (`heatCells`). Lattice units, 30 degrees. */
const MAX_WIDTH = 300_000_000;

/** What may be asked of the cases of a county, before it was checked. */
export interface AskedCases extends Omit<CaseConditions, "inside">, TimeWindow {
  readonly county: string;
  /** Code of an area; absent = the whole of what the viewer may see. */
  readonly inside?: string | undefined;
}

export type AskedCount =
  | { readonly kind: "heat"; readonly bbox: Bbox; readonly edge: number }
  | Exclude<CountBy, { kind: "heat" }>;

/** A question that was checked: who may ask it, and in the form that equal questions share. */
export interface CaseQuestion {
  readonly county: CountyModel;
  readonly cut: IncidentCut;
  readonly by: CountBy;
  readonly on: CaseConditions;
  readonly window: TimeWindow;
  readonly clock: ZoneClock;
}

/** Clocks by zone: each remembers the offsets of the days that it was asked for. */
const clocks = new Map<string, ZoneClock>();

function clockOf(zone: string): ZoneClock {
  const clock = clocks.get(zone) ?? new ZoneClock(zone);
  clocks.set(zone, clock);
  return clock;
}

/**
 * Checks a question about the cases of a county.
 *
 * @param at path of the channel, for errors
 * @throws UNAUTHENTICATED, FORBIDDEN outside the viewer's own area (there only Query.cube speaks), BAD_USER_INPUT
 */
export async function checkCaseQuestion(
  context: RequestContext,
  asked: AskedCases,
  count: AskedCount,
  at: string,
): Promise<CaseQuestion> {
  requireRole(context, "incident", at);
  const model = await requireCounty(context, asked.county, "county", currentCounty);
  const cut = incidentCut(context.viewer, model.county);
  const inside = asked.inside ?? cut?.area ?? model.county;
  if (!isInside(inside, model.county))
    throw userError(`${inside} does not lie in county ${model.county}`, { at: "inside" });
  const county = await insideCounty(context, model, inside);
  if (!cut || !isInside(inside, cut.area))
    throw new AppError("USER", `${inside} lies outside your area`, { code: "FORBIDDEN", at: "inside" });
  const wrong = asked.classes?.find((code) => !/^(\d{2}|\d{5})$/.test(code));
  if (wrong !== undefined)
    throw userError(`"${wrong}" is not a class`, { at: "classes", hint: "Five digits for a class, two for a major." });
  const { from, to } = asked;
  if (from !== undefined && to !== undefined && from >= to)
    throw userError("from is not before to", { at: "to", hint: "`from` is included, `to` is not." });
  const by = checkedCount(count, inside);
  const clock = clockOf(county.timezone);
  const { classes, states, severities, sources, late, withoutSuspicious } = asked;
  const sorted = <Value>(list: readonly Value[] | undefined): Value[] | undefined => list && [...new Set(list)].sort();
  return {
    county,
    cut,
    by,
    on: {
      inside,
      classes: sorted(classes),
      states: sorted(states),
      severities: sorted(severities),
      sources: sorted(sources),
      late,
      // Default points are no places: no heat counts what lies on one.
      withoutSuspicious: by.kind === "heat" || withoutSuspicious === true,
    },
    window: kioskWindow({ from, to }, county, cut, by, clock),
    clock,
  };
}

/** The county of an area that is asked about: who asks about all of it has it already. */
async function insideCounty(context: RequestContext, model: CountyModel, inside: string): Promise<CountyModel> {
  if (inside !== model.county) return requireInside(context, inside, nowIso(context), "incident", "inside");
  requireReach(context, "incident", inside, "inside");
  return model;
}

function checkedCount(count: AskedCount, inside: string): CountBy {
  if (count.kind === "ranking") {
    const levels = ["county", "town", "community", "grid", "micro"];
    const own = levels.indexOf(levelOfCode(inside) ?? "micro");
    if (levels.indexOf(count.level) <= own)
      throw userError(`${inside} holds no areas of the level ${count.level}`, { at: "level" });
  }
  if (count.kind !== "heat") return count;
  const { bbox, edge } = count;
  if (!HEAT_EDGES.includes(edge))
    throw userError(`squares with an edge of ${edge} are not possible`, {
      at: "cell",
      hint: `Units of 1e-7 degree: ${HEAT_EDGES.join(", ")}.`,
    });
  const box = cellBox(bbox, edge);
  const cells = (box.east - box.west + 1) * (box.north - box.south + 1);
  if (cells > MAX_CELLS)
    throw userError(`a box of ${cells} squares is too large`, {
      at: "bbox",
      hint: `At most ${MAX_CELLS}: ask for a smaller box or larger squares.`,
    });
  if ((box.east - box.west + 1) * edge > MAX_WIDTH)
    throw userError("a box is too wide for a county", { at: "bbox", hint: `At most ${MAX_WIDTH / 1e7} degrees.` });
  return { kind: "heat", box };
}

/** The squares that a box touches; they are counted whole. What touches a box's border from outside is not in. */
export function cellBox([west, south, east, north]: Bbox, edge: number): CellBox {
  const first = (degrees: number): number => Math.floor(toLattice(degrees) / edge);
  const last = (degrees: number): number => Math.ceil(toLattice(degrees) / edge) - 1;
  return {
    edge,
    west: first(west),
    south: first(south),
    east: Math.max(first(west), last(east)),
    north: Math.max(first(south), last(north)),
  };
}

/**
 * The window that a kiosk's question has. Of older cases a kiosk gets day and cell (`cellsBefore`), so no bound there may
 * fall within a day, and no square may be smaller than a cell: it could close in on what the kiosk is not told.
 */
function kioskWindow(
  { from, to }: TimeWindow,
  county: CountyModel,
  { pointDays }: IncidentCut,
  by: CountBy,
  clock: ZoneClock,
): TimeWindow {
  if (pointDays === null) return { from, to };
  const points = pointsFrom(Math.floor(Date.parse(county.asOf) / 1000), pointDays, county.timezone);
  if (from !== undefined && from >= points) return { from, to };
  if (by.kind === "heat" && by.box.edge % CELL_EDGES.fine !== 0)
    throw new AppError("USER", "a kiosk gets cells of older cases, which are larger than these squares", {
      code: "FORBIDDEN",
      at: "cell",
      hint: `Ask from ${new Date(points * 1000).toISOString()} on, or with squares of ${CELL_EDGES.fine} or more.`,
    });
  const days = calendarOf(clock, "day");
  const whole = (seconds: number | undefined): number | undefined =>
    seconds === undefined || seconds >= points ? seconds : days.atOrAfter(seconds);
  return { from: whole(from), to: whole(to) };
}

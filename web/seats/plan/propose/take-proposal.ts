import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";
import { assignGround, type GroundFor } from "../../../../data/coverage/plan-graph/actions/assign-ground.ts";
import { toLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { CellId, PlanCell, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { type ActionResult, refuse } from "../../../../data/coverage/plan-graph/refusals.ts";
import { nextCode } from "../../../../data/coverage/plan-graph/serials.ts";
import { gridOfCode } from "../state/ground.ts";

/** What a proposal is taken on. */
export interface TakeOn {
  readonly graph: PlanGraph;
  /** Today's boundaries: their codes are not given again. */
  readonly base: PlanGraph;
  readonly retired: readonly string[];
  /** Name of a grid by its code; undefined for a new one. */
  readonly nameOf: (grid: string) => string | undefined;
}

/**
 * Makes a proposal an edit of the plan: ground goes from grid to grid, micro-grids get the next code of their new grid. A
 * compound that today's border cuts comes together in the grid that it is proposed for.
 *
 * @param part proposed grid of each unit
 * @param community number of the only community to take; all where absent
 */
export function takeProposal(
  { graph, base, retired, nameOf }: TakeOn,
  units: PlanUnits,
  part: Int32Array,
  community?: number,
): ActionResult {
  const isTaken = (unit: number): boolean => community === undefined || units.graph.group?.[unit] === community;
  const moved = Array.from(part.keys()).filter((unit) => isTaken(unit) && part[unit] !== units.graph.current?.[unit]);
  if (moved.length === 0) return refuse("no_change", [0, 0]);
  const recoded = recodeMicros({ graph, base, retired, nameOf }, units, part, moved);
  if ("ok" in recoded) return recoded;
  const ground = moved.filter((unit) => units.micros[unit]?.length === 0);
  const changedCodes = recoded.cells.changedFrom(graph.cells);
  if (ground.length === 0 && changedCodes.length === 0) return refuse("no_change", [0, 0]);
  if (ground.length === 0) return { ok: true, graph: recoded, changed: changedCodes };
  const assigned = assignGround(recoded, {
    assign: groundsOf(units, part, ground),
    ending: endingCells(graph, units, part, isTaken),
  });
  return assigned.ok ? { ...assigned, changed: [...new Set([...assigned.changed, ...changedCodes])] } : assigned;
}

/** Ground by the cell that gets it; new grids come last, by their number. */
function groundsOf(units: PlanUnits, part: Int32Array, moved: readonly number[]): GroundFor[] {
  const byGrid = new Map<number, number[]>();
  for (const unit of moved) byGrid.set(part[unit] as number, [...(byGrid.get(part[unit] as number) ?? []), unit]);
  return [...byGrid]
    .sort(([a], [b]) => a - b)
    .map(([grid, own]) => {
      const like = units.cells[units.cellOf[own[0] as number] as number] as CellId;
      const cell = units.cells[units.cellOf.find((_, unit) => units.graph.current?.[unit] === grid) ?? -1];
      return {
        to: cell ?? { like },
        polygons: own.flatMap((unit) => toLatticePolygons(units.grounds[unit] ?? [])),
      };
    });
}

/** Cells of grids that keep no unit. */
function endingCells(
  graph: PlanGraph,
  units: PlanUnits,
  part: Int32Array,
  isTaken: (unit: number) => boolean,
): CellId[] {
  const kept = new Set(part);
  const cells = new Set<CellId>();
  units.cellOf.forEach((cell, unit) => {
    const id = units.cells[cell] as CellId;
    const today = units.graph.current?.[unit] ?? -1;
    if (isTaken(unit) && !kept.has(today) && units.micros[unit]?.length === 0 && graph.cells.get(id)) cells.add(id);
  });
  return [...cells];
}

/** Serials of micro-grids have two digits (`data/model/codes.ts`). */
const MOST = 99;

function recodeMicros(
  { graph, base, retired, nameOf }: TakeOn,
  units: PlanUnits,
  part: Int32Array,
  moved: readonly number[],
): PlanGraph | ReturnType<typeof refuse> {
  let { serials } = graph;
  const made = new Map<number, string>();
  const used = new Set(retired);
  for (const { code } of [...base.cells.values(), ...graph.cells.values()]) if (code) used.add(code);
  const cells = new Map<CellId, PlanCell>();
  for (const unit of moved)
    for (const number of units.micros[unit] ?? []) {
      const cell = graph.cells.get(units.cells[number] as CellId);
      if (!cell?.code) continue;
      const grid = part[unit] as number;
      let to = units.grids[grid] ?? made.get(grid);
      if (to === gridOfCode(cell.code)) continue;
      if (to === undefined) {
        const next = nextCode(serials, cell.parent);
        if (next === "full" || next.code === null) return refuse("no_code_left", [0, 0]);
        serials = next.serials;
        to = next.code;
        made.set(grid, to);
      }
      let serial = 1;
      while (used.has(microCode(to, serial))) serial++;
      if (serial > MOST) return refuse("no_code_left", [0, 0]);
      const code = microCode(to, serial);
      used.add(code);
      cells.set(cell.id, { ...cell, code, name: nameIn(cell, to, serial, nameOf) });
    }
  return cells.size === 0 ? graph : { ...graph, serials, cells: graph.cells.with(cells) };
}

const microCode = (grid: string, serial: number): string => `${grid}-${String(serial).padStart(2, "0")}`;

/** A micro-grid's name with the new grid's in place of the old one's, and its new number. */
function nameIn({ name, code }: PlanCell, grid: string, serial: number, nameOf: TakeOn["nameOf"]): string {
  const [before, after] = [nameOf(gridOfCode(code ?? "")), nameOf(grid)];
  const moved = before && after && name.startsWith(before) ? `${after}${name.slice(before.length)}` : name;
  const digits = String(serial).padStart(2, "0");
  return /\d+\D*$/.test(moved) ? moved.replace(/\d+(?=\D*$)/, digits) : `${moved}-${digits}`;
}

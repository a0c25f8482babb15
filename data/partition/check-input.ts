import { type AppError, dataError, userError } from "../model/errors.ts";
import type { BlockGraph } from "./block-graph.ts";
import type { ProposeOptions } from "./proposal.ts";

/** Sums of households stay exact and in range of 32-bit energies. */
const MOST_HOUSEHOLDS = 100_000_000;

/**
 * @throws USER error for options that no division can meet
 */
export function checkOptions({ min, max, target, sweeps, seed, leastChange }: ProposeOptions): void {
  const wrong = (message: string, at: string, hint: string): AppError => userError(message, { at, hint });
  if (!Number.isInteger(min) || min < 0)
    throw wrong(`At least ${min} households`, "min", "Give a whole number from 0.");
  if (!Number.isInteger(max) || max < 1 || max > MOST_HOUSEHOLDS)
    throw wrong(`At most ${max} households`, "max", `Give a whole number from 1 to ${MOST_HOUSEHOLDS}.`);
  if (min > max) throw wrong(`At least ${min} households and at most ${max}`, "min", "min may not be more than max.");
  if (target !== undefined && !(target >= Math.max(1, min) && target <= max))
    throw wrong(`A target of ${target} households`, "target", `Give a number from ${Math.max(1, min)} to ${max}.`);
  if (!Number.isInteger(sweeps) || sweeps < 0) throw wrong(`${sweeps} sweeps`, "sweeps", "Give a whole number from 0.");
  if (!Number.isInteger(seed)) throw wrong(`Seed ${seed}`, "seed", "Give a whole number.");
  if (leastChange !== undefined && !(leastChange >= 0 && Number.isFinite(leastChange)))
    throw wrong(`leastChange ${leastChange}`, "leastChange", "Give a number from 0.");
}

/**
 * @throws DATA error that names the block and field at fault
 */
export function checkGraph(graph: BlockGraph): void {
  const { count, offsets, neighbours, sharedLength, borderWeight } = graph;
  if (!Number.isInteger(count) || count < 1)
    throw dataError("No blocks", { at: "count", hint: "A division needs at least one block." });
  const perBlock: Record<string, ArrayLike<number> | undefined> = {
    households: graph.households,
    area: graph.area,
    perimeter: graph.perimeter,
    x: graph.x,
    y: graph.y,
    group: graph.group,
    current: graph.current,
    pinned: graph.pinned,
    incidents: graph.incidents,
  };
  for (const [field, values] of Object.entries(perBlock)) {
    if (!values) continue;
    if (values.length !== count)
      throw dataError(`${values.length} values of ${field} for ${count} blocks`, {
        at: field,
        hint: "One value for each block.",
      });
    const least = field === "current" ? -1 : field === "x" || field === "y" ? -Infinity : 0;
    for (let v = 0; v < count; v++) {
      const value = values[v] as number;
      if (!Number.isFinite(value) || value < least)
        throw dataError(`${field} of block ${v} is ${value}`, {
          at: `${field}[${v}]`,
          hint: "A number from 0 is expected.",
        });
    }
  }
  if ((graph.x === undefined) !== (graph.y === undefined))
    throw dataError("Only one of x and y", { at: graph.x ? "y" : "x", hint: "Give both or neither." });
  let total = 0;
  for (let v = 0; v < count; v++) total += graph.households[v] as number;
  if (total > MOST_HOUSEHOLDS)
    throw dataError(`${total} households`, { at: "households", hint: `At most ${MOST_HOUSEHOLDS} in one call.` });
  const entries = offsets[count];
  if (
    offsets.length !== count + 1 ||
    offsets[0] !== 0 ||
    entries !== neighbours.length ||
    entries !== sharedLength.length
  )
    throw dataError("Rows of neighbours do not fit", {
      at: "offsets",
      hint: "count + 1 offsets, the last one the number of entries.",
    });
  if (borderWeight && borderWeight.length !== entries)
    throw dataError("Border weights do not fit", { at: "borderWeight", hint: "One for each entry of neighbours." });
  checkRows(graph);
  checkPins(graph);
}

function checkRows({ count, offsets, neighbours, sharedLength, borderWeight }: BlockGraph): void {
  // Rows that rise are met in the order of blocks: the border back is the next one of its row.
  const next = offsets.slice(0, count);
  for (let v = 0; v < count; v++) {
    if ((offsets[v + 1] as number) < (offsets[v] as number))
      throw dataError(`Row ${v} ends before it begins`, { at: `offsets[${v}]`, hint: "Offsets never fall." });
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const u = neighbours[entry] as number;
      const at = `neighbours[${entry}]`;
      if (!(u >= 0 && u < count) || u === v)
        throw dataError(`Block ${v} has neighbour ${u}`, { at, hint: "Neighbours are other blocks of the graph." });
      const length = sharedLength[entry] as number;
      if (!(length >= 0 && Number.isFinite(length)))
        throw dataError(`Blocks ${v} and ${u} share ${length} metres`, {
          at: `sharedLength[${entry}]`,
          hint: "A length from 0.",
        });
      const weight = borderWeight ? (borderWeight[entry] as number) : 1;
      if (!(weight >= 0))
        throw dataError(`Border weight ${weight}`, { at: `borderWeight[${entry}]`, hint: "From 0 to Infinity." });
      let back = next[u] as number;
      next[u] = back + 1;
      if (neighbours[back] !== v || back >= (offsets[u + 1] as number)) {
        back = offsets[u] as number;
        while (back < (offsets[u + 1] as number) && neighbours[back] !== v) back++;
      }
      if (back === offsets[u + 1] || sharedLength[back] !== length || (borderWeight && borderWeight[back] !== weight))
        throw dataError(`Block ${u} does not have its border with ${v} alike`, {
          at,
          hint: "Each border stands in both rows.",
        });
    }
  }
}

function checkPins({ count, pinned, current }: BlockGraph): void {
  if (!pinned) return;
  for (let v = 0; v < count; v++)
    if (pinned[v] && (current?.[v] ?? -1) < 0)
      throw dataError(`Block ${v} is pinned and has no grid`, {
        at: `pinned[${v}]`,
        hint: "Only blocks of a grid of today can be pinned to it.",
      });
}

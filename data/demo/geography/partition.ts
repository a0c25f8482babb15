import { bugError } from "../../model/errors.ts";
import { type CellGraph, components } from "./cell-graph.ts";

/**
 * Divides a connected set of faces into connected parts of about the wanted sizes: recursive bisection along the longer
 * axis, each cut then moved to cheaper borders.
 *
 * @param faces at least as many as there are targets
 * @param targets wanted sizes in any unit; the order decides nothing but the numbering
 * @returns the faces of each part, as many as there are targets, none empty
 */
export function partition(graph: CellGraph, faces: readonly number[], targets: readonly number[]): number[][] {
  if (faces.length < targets.length) {
    throw bugError(`Cannot make ${targets.length} areas of ${faces.length} blocks`, { hint: "Cut the blocks first." });
  }
  if (components(graph, faces).length !== 1) throw bugError("Land to be divided is not in one piece");
  const parts = bisect(graph, faces, targets);
  refine(graph, parts, targets, 6);
  return parts;
}

function bisect(graph: CellGraph, faces: readonly number[], targets: readonly number[]): number[][] {
  if (targets.length === 1) return [[...faces]];
  if (targets.length === faces.length) return faces.map((face) => [face]);
  const half = targets.length >> 1;
  const sum = (list: readonly number[]): number => list.reduce((all, value) => all + value, 0);
  const share = sum(targets.slice(0, half)) / sum(targets);
  const order = alongAxis(graph, faces);
  const total = sum(faces.map((face) => graph.areaM2[face] as number));
  let walked = 0;
  let cut = 0;
  while (cut < order.length - (targets.length - half)) {
    const step = graph.areaM2[order[cut] as number] as number;
    if (cut >= half && walked + step / 2 > share * total) break;
    walked += step;
    cut++;
  }
  let sides: [number[], number[]] = [order.slice(0, cut), order.slice(cut)];
  sides = settle(graph, sides);
  refine(graph, sides, [share, 1 - share], 4);
  if (sides[0].length < half || sides[1].length < targets.length - half) {
    const leaf = leafOf(graph, faces);
    const rest = faces.filter((face) => face !== leaf);
    return [[leaf], ...bisect(graph, rest, targets.slice(1))];
  }
  return [...bisect(graph, sides[0], targets.slice(0, half)), ...bisect(graph, sides[1], targets.slice(half))];
}

/** Faces ordered along the longer axis of inertia. */
function alongAxis(graph: CellGraph, faces: readonly number[]): number[] {
  let [weight, x, y] = [0, 0, 0];
  for (const face of faces) {
    const w = graph.areaM2[face] as number;
    const c = graph.centre[face] as readonly [number, number];
    weight += w;
    x += w * c[0];
    y += w * c[1];
  }
  x /= weight;
  y /= weight;
  let [xx, xy, yy] = [0, 0, 0];
  for (const face of faces) {
    const w = graph.areaM2[face] as number;
    const c = graph.centre[face] as readonly [number, number];
    xx += w * (c[0] - x) * (c[0] - x);
    xy += w * (c[0] - x) * (c[1] - y);
    yy += w * (c[1] - y) * (c[1] - y);
  }
  const root = Math.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
  const axis = xx >= yy ? [xx - yy + root, 2 * xy] : [2 * xy, yy - xx + root];
  const along = (face: number): number => {
    const c = graph.centre[face] as readonly [number, number];
    return (c[0] - x) * (axis[0] as number) + (c[1] - y) * (axis[1] as number);
  };
  const keys = new Map(faces.map((face) => [face, along(face)]));
  return [...faces].sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number) || a - b);
}

/** Hands the loose pieces of each side to the other one. */
export function settle(graph: CellGraph, sides: [number[], number[]]): [number[], number[]] {
  let [a, b] = sides;
  for (let round = 0; round < 4; round++) {
    const [mainA, ...looseA] = components(graph, a);
    const [mainB, ...looseB] = components(graph, [...b, ...looseA.flat()]);
    a = [...(mainA ?? []), ...looseB.flat()];
    b = mainB ?? [];
    if (looseB.length === 0 || components(graph, a).length === 1) break;
  }
  return [a, b];
}

/** A face without which the rest stays in one piece: the last one of a breadth-first walk. Always possible. */
function leafOf(graph: CellGraph, faces: readonly number[]): number {
  return (components(graph, faces)[0] as number[])[faces.length - 1] as number;
}

/**
 * Moves faces between neighbouring parts while that lowers the cost of borders plus the error of the sizes. A face moves
 * only when its neighbours of either part follow each other around it, which keeps every part in one piece and free of
 * holes. Parts are changed in place.
 */
export function refine(
  graph: CellGraph,
  parts: number[][],
  targets: readonly number[],
  rounds: number,
  frozen: ReadonlySet<number> = new Set(),
): void {
  const owner = new Map<number, number>();
  const size = parts.map((faces, part) => {
    for (const face of faces) owner.set(face, part);
    return faces.reduce((sum, face) => sum + (graph.areaM2[face] as number), 0);
  });
  const members = parts.map((faces) => faces.length);
  const total = size.reduce((sum, value) => sum + value, 0);
  const wantedTotal = targets.reduce((sum, value) => sum + value, 0);
  const wanted = targets.map((target) => (target / wantedTotal) * total);
  const perimeter = Math.sqrt(total / parts.length) * 4;
  const error = (part: number, value: number): number => {
    const off = value / (wanted[part] as number) - 1;
    return off * off;
  };
  for (let round = 0; round < rounds; round++) {
    let moves = 0;
    for (const [face, from] of owner) {
      if (members[from] === 1 || frozen.has(face)) continue;
      const around = (graph.around[face] ?? []).map((other) => owner.get(other) ?? -1);
      if (runs(around, from) !== 1) continue;
      let best: number | undefined;
      let bestGain = 1e-9;
      const weight = graph.areaM2[face] as number;
      for (const to of new Set(around)) {
        if (to === from || to < 0 || runs(around, to) !== 1) continue;
        let border = 0;
        for (const other of graph.around[face] ?? []) {
          if (owner.get(other) === from) border -= graph.border(face, other);
          else if (owner.get(other) === to) border += graph.border(face, other);
        }
        const [f, t] = [size[from] as number, size[to] as number];
        const sizes = error(from, f) + error(to, t) - error(from, f - weight) - error(to, t + weight);
        const gain = sizes * 3 + border / perimeter;
        if (gain > bestGain) [best, bestGain] = [to, gain];
      }
      if (best === undefined) continue;
      owner.set(face, best);
      size[from] = (size[from] as number) - weight;
      size[best] = (size[best] as number) + weight;
      members[from] = (members[from] as number) - 1;
      members[best] = (members[best] as number) + 1;
      moves++;
    }
    if (moves === 0) break;
  }
  for (const faces of parts) faces.length = 0;
  for (const [face, part] of owner) parts[part]?.push(face);
  for (const faces of parts) faces.sort((a, b) => a - b);
}

/** How many runs of a value a cyclic list has. */
function runs(cycle: readonly number[], value: number): number {
  let count = 0;
  for (let i = 0; i < cycle.length; i++) {
    if (cycle[i] === value && cycle[(i + cycle.length - 1) % cycle.length] !== value) count++;
  }
  return cycle.length > 0 && count === 0 && cycle[0] === value ? 1 : count;
}

import type { AreaKind } from "../../model/area.ts";
import type { AreaLevel } from "../../model/codes.ts";

/** An area while it is drawn: a set of faces and its place in the tree. Codes of grids come last, by position. */
export interface AreaNode {
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly urban: boolean;
  code: string;
  name: string;
  nameSort: string;
  households: number;
  readonly faces: number[];
  readonly children: AreaNode[];
}

export const leavesOf = (node: AreaNode): AreaNode[] =>
  node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);

/** Splits a whole number by weights, largest remainders first, so that the parts sum exactly. */
export function allocateWhole(total: number, weights: readonly number[], least = 0): number[] {
  const spare = total - least * weights.length;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (weights.length === 0) return [];
  const exact = weights.map((weight) =>
    sum > 0 ? (Math.max(spare, 0) * weight) / sum : Math.max(spare, 0) / weights.length,
  );
  const out = exact.map((value) => Math.floor(value));
  let rest = Math.max(spare, 0) - out.reduce((all, value) => all + value, 0);
  const order = exact
    .map((value, i) => ({ i, part: value - Math.floor(value) }))
    .sort((a, b) => b.part - a.part || a.i - b.i);
  for (const { i } of order) {
    if (rest <= 0) break;
    out[i] = (out[i] as number) + 1;
    rest--;
  }
  return out
    .map((value) => value + (spare >= 0 ? least : 0))
    .map((value, i) => (spare >= 0 ? value : i < total ? 1 : 0));
}

import { bugError } from "../../model/errors.ts";
import type { LatticePoint } from "./lattice-polygons.ts";
import type { Arc, ArcRef, PlanGraph, PlanNode } from "./plan-graph.ts";

/** Number of the arc that a reference means. */
export const arcIdOf = (ref: ArcRef): number => (ref < 0 ? ~ref : ref);

/** The parts of a graph that walks need. */
export type Net = Pick<PlanGraph, "arcs" | "nodes">;

export function arcOf(net: Net, ref: ArcRef): Arc {
  const arc = net.arcs.get(arcIdOf(ref));
  if (!arc) throw bugError(`The plan graph has no arc ${arcIdOf(ref)}`);
  return arc;
}

export function nodeOf(net: Net, node: number): PlanNode {
  const found = net.nodes.get(node);
  if (!found) throw bugError(`The plan graph has no node ${node}`);
  return found;
}

/** Node at which a reference ends. */
export const targetOf = (net: Net, ref: ArcRef): number => {
  const arc = arcOf(net, ref);
  return ref < 0 ? arc.from : arc.to;
};

/** Node at which a reference begins. */
export const originOf = (net: Net, ref: ArcRef): number => targetOf(net, ~ref);

/** Face on the left of a reference. */
export const faceOf = (net: Net, ref: ArcRef): number => {
  const arc = arcOf(net, ref);
  return ref < 0 ? arc.right : arc.left;
};

/** The reference that goes on around the same face: the next one clockwise from the way back. */
export function nextRef(net: Net, ref: ArcRef): ArcRef {
  const { out } = nodeOf(net, targetOf(net, ref));
  const at = out.indexOf(~ref);
  return (at > 0 ? out[at - 1] : out[out.length - 1]) as ArcRef;
}

/** References of a closed walk, from one of them on. */
export function walkOf(net: Net, start: ArcRef): ArcRef[] {
  const refs: ArcRef[] = [];
  let ref = start;
  do {
    refs.push(ref);
    ref = nextRef(net, ref);
  } while (ref !== start);
  return refs;
}

/** Corners of references that follow each other, the last one of each left out: closed walks repeat none. */
export function cornersOf(net: Net, refs: readonly ArcRef[]): LatticePoint[] {
  const corners: LatticePoint[] = [];
  for (const ref of refs) {
    const { line } = arcOf(net, ref);
    if (ref >= 0) for (let i = 0; i + 2 < line.length; i += 2) corners.push([line[i] as number, line[i + 1] as number]);
    else for (let i = line.length - 2; i > 0; i -= 2) corners.push([line[i] as number, line[i + 1] as number]);
  }
  return corners;
}

import type { Metres } from "./local-plane.ts";
import { type EdgeRank, type Mesh, OUTSIDE } from "./mesh.ts";
import { distance, ringArea, ringCentroid } from "./plane-geometry.ts";

/** How unwelcome a border of areas is along an edge, per metre: rivers and arterials are the best borders. */
const BORDER_COST: Record<EdgeRank, number> = { none: 1.5, local: 1, collector: 0.55, arterial: 0.35, river: 0.2 };

/** Faces of the mesh as a graph: sizes, places and what separates neighbours. */
export interface CellGraph {
  readonly areaM2: readonly number[];
  readonly centre: readonly Metres[];
  /** Neighbours in the order around the face; `OUTSIDE` is -1. */
  readonly around: readonly (readonly number[])[];
  /** Cost of a border between two faces; 0 when they do not touch. */
  border(a: number, b: number): number;
}

export function buildCellGraph(mesh: Mesh): CellGraph {
  const count = mesh.loops.length;
  const areaM2: number[] = [];
  const centre: Metres[] = [];
  const around: number[][] = [];
  for (let face = 0; face < count; face++) {
    const ring = mesh.ring(face);
    areaM2.push(ringArea(ring));
    centre.push(ringCentroid(ring));
    around.push(mesh.neighbours(face));
  }
  const costs = new Map<number, number>();
  for (const { a, b, left, right } of mesh.edges()) {
    if (right === OUTSIDE) continue;
    const key = Math.min(left, right) * count + Math.max(left, right);
    const cost = distance(mesh.at(a), mesh.at(b)) * BORDER_COST[mesh.tag(a, b).rank];
    costs.set(key, (costs.get(key) ?? 0) + cost);
  }
  return {
    areaM2,
    centre,
    around,
    border: (a, b) => costs.get(Math.min(a, b) * count + Math.max(a, b)) ?? 0,
  };
}

/** Connected components of a set of faces, heaviest first. */
export function components(graph: CellGraph, faces: Iterable<number>): number[][] {
  const left = new Set(faces);
  const out: { readonly faces: number[]; readonly areaM2: number }[] = [];
  for (const start of [...left]) {
    if (!left.delete(start)) continue;
    const found = [start];
    let areaM2 = 0;
    for (let k = 0; k < found.length; k++) {
      const face = found[k] as number;
      areaM2 += graph.areaM2[face] as number;
      for (const other of graph.around[face] ?? []) if (left.delete(other)) found.push(other);
    }
    out.push({ faces: found, areaM2 });
  }
  return out.sort((a, b) => b.areaM2 - a.areaM2 || (a.faces[0] as number) - (b.faces[0] as number)).map((c) => c.faces);
}

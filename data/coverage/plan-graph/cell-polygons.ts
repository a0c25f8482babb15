import { notFound } from "../../model/errors.ts";
import type { LatticePoint, LatticePolygons } from "./lattice-polygons.ts";
import { type ArcRef, type CellId, type Face, OUTSIDE_FACE, type PlanGraph } from "./plan-graph.ts";
import { turnOf, westernmost } from "./walk-shape.ts";
import { cornersOf, faceOf, nextRef } from "./walks.ts";

type Ring = readonly LatticePoint[];

/**
 * Ground of a cell on the lattice: simple closed rings, exteriors counter-clockwise, each from its westernmost (then
 * southernmost) corner on, polygons west to east; so equal ground has equal polygons. Empty for a cell without ground.
 */
export function cellPolygons(graph: PlanGraph, id: CellId): LatticePolygons {
  const cell = graph.cells.get(id);
  if (!cell) throw notFound(`The plan has no cell ${id}`);
  const polygons: Ring[][] = [];
  const seen = new Set<ArcRef>();
  for (const group of groupsOf(graph, cell.faces)) {
    const rings: Ring[] = [];
    for (const face of group)
      for (const start of startsOf(graph, face, group)) {
        if (seen.has(start)) continue;
        const refs: ArcRef[] = [];
        for (let ref = start; !seen.has(ref); ref = nextOnRim(graph, ref, group)) {
          seen.add(ref);
          refs.push(ref);
        }
        rings.push(...simpleRings(cornersOf(graph, refs)));
      }
    polygons.push(...asPolygon(rings));
  }
  return polygons.sort(byFirstCorner).map((rings) => rings.map((ring) => [...ring, ring[0] as LatticePoint]));
}

/** Faces that hang together over arcs with the cell on both sides: only claims make such. */
function groupsOf(graph: PlanGraph, faces: readonly number[]): ReadonlySet<number>[] {
  if (faces.every((face) => graph.faces.get(face)?.claims.length === 0) || faces.length === 1)
    return faces.map((face) => new Set([face]));
  const own = new Set(faces);
  const groups: Set<number>[] = [];
  const placed = new Set<number>();
  for (const first of faces) {
    if (placed.has(first)) continue;
    const group = new Set([first]);
    placed.add(first);
    for (const face of group)
      for (const ref of refsOf(graph, face)) {
        const beyond = faceOf(graph, ~ref);
        if (!own.has(beyond) || placed.has(beyond)) continue;
        placed.add(beyond);
        group.add(beyond);
      }
    groups.push(group);
  }
  return groups;
}

function refsOf(graph: PlanGraph, face: number): ArcRef[] {
  const refs: ArcRef[] = [];
  for (const start of (graph.faces.get(face) as Face).walks) {
    let ref = start;
    do {
      refs.push(ref);
      ref = nextRef(graph, ref);
    } while (ref !== start);
  }
  return refs;
}

/** References at which rims of a group may begin: one for each walk, or all where part of a walk may lie within. */
function startsOf(graph: PlanGraph, face: number, group: ReadonlySet<number>): readonly ArcRef[] {
  if (group.size === 1) return (graph.faces.get(face) as Face).walks;
  return refsOf(graph, face).filter((ref) => !group.has(faceOf(graph, ~ref)));
}

function nextOnRim(graph: PlanGraph, ref: ArcRef, group: ReadonlySet<number>): ArcRef {
  let next = nextRef(graph, ref);
  while (group.has(faceOf(graph, ~next))) next = nextRef(graph, ~next);
  return next;
}

/** Cuts a walk where it passes a point again. */
function simpleRings(walk: Ring): Ring[] {
  const rings: Ring[] = [];
  const stack: LatticePoint[] = [];
  const at = new Map<string, number>();
  for (const point of walk) {
    const key = `${point[0]},${point[1]}`;
    const before = at.get(key);
    if (before !== undefined) {
      const loop = stack.splice(before);
      for (const [x, y] of loop) at.delete(`${x},${y}`);
      rings.push(loop);
    }
    at.set(key, stack.length);
    stack.push(point);
  }
  rings.push(stack);
  return rings;
}

/** Rings of ground that hangs together: one exterior, then holes. */
function asPolygon(rings: readonly Ring[]): Ring[][] {
  const outer = rings.filter((ring) => turnOf(ring) > 0).map(fromWest);
  const holes = rings.filter((ring) => turnOf(ring) < 0).map(fromWest);
  holes.sort((a, b) => byPoint(a[0] as LatticePoint, b[0] as LatticePoint));
  return outer.length === 0 ? [] : [[outer[0] as Ring, ...holes]];
}

function fromWest(ring: Ring): Ring {
  const first = ring.indexOf(westernmost(ring));
  return [...ring.slice(first), ...ring.slice(0, first)];
}

const byPoint = (a: LatticePoint, b: LatticePoint): number => a[0] - b[0] || a[1] - b[1];
const byFirstCorner = (a: Ring[], b: Ring[]): number => byPoint(a[0]?.[0] ?? [0, 0], b[0]?.[0] ?? [0, 0]);

/** Faces beside a face, each once; the outside among them. */
export function facesBeside(graph: PlanGraph, face: number): Set<number> {
  const found = new Set<number>();
  for (const ref of refsOf(graph, face)) found.add(faceOf(graph, ~ref));
  found.delete(face);
  return found;
}

/** Cells that share a stretch of border with a cell, sorted. */
export function neighbours(graph: PlanGraph, id: CellId): CellId[] {
  const found = new Set<CellId>();
  for (const face of graph.cells.get(id)?.faces ?? [])
    for (const beside of facesBeside(graph, face)) {
      if (beside === OUTSIDE_FACE) continue;
      const cell = graph.faces.get(beside)?.cell;
      if (cell && cell !== id) found.add(cell);
    }
  return [...found].sort();
}

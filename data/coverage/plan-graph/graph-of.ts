import type { AreaKind } from "../../model/area.ts";
import { parentCode } from "../../model/codes.ts";
import { dataError } from "../../model/errors.ts";
import { ArcIndex } from "./arc-index.ts";
import { tellChangedCorners } from "./changed-corners.ts";
import { Chunked } from "./chunked.ts";
import { Keyed } from "./keyed.ts";
import type { LatticePolygons } from "./lattice-polygons.ts";
import { refWestOf } from "./locate.ts";
import { exactGround, nodedGround, type OwnedGround } from "./owned-ground.ts";
import {
  type Arc,
  type ArcRef,
  type CellId,
  type CornerOfCell,
  type Face,
  OUTSIDE_FACE,
  type PlanCell,
  type PlanGraph,
  type PlanNode,
  type PlanRules,
} from "./plan-graph.ts";
import { serialsOf } from "./serials.ts";
import { sortAround } from "./sort-around.ts";
import { turnOfWalk, westernmost } from "./walk-shape.ts";
import { arcIdOf, cornersOf, type Net, walkOf } from "./walks.ts";
import { type Strand, weave } from "./weave.ts";

/** A cell as it comes to the plan. */
export interface CellInput {
  readonly id: CellId;
  readonly code: string | null;
  readonly kind: AreaKind;
  readonly name: string;
  /** Rings in integers of 1e-7 degree, WGS 84 lon/lat order. */
  readonly geometry: LatticePolygons;
  /** Code of the area above; taken from the code where it is not given. */
  readonly parent?: string | null;
}

export interface GraphOptions extends Partial<PlanRules> {
  /** Codes of grids that exist no more: their serials are not given again. */
  readonly usedCodes?: Iterable<string>;
  /** Told of each corner that a cell got because a neighbour has one there. */
  readonly onAddedNode?: (node: CornerOfCell) => void;
  /**
   * Told of each corner that a cell has no more: the tip of a spike or of a ring that encloses nothing, or ground that a
   * smaller cell claims as well. Layers whose rings are sound and do not overlap lose none.
   */
  readonly onDroppedNode?: (node: CornerOfCell) => void;
}

/**
 * Builds the graph of a layer. Where borders fit exactly, corners are the input's; else they are noded (see
 * `nodeSegments`): corners are added where borders meet, ground of several goes to the smallest with the others as claims,
 * and ground of nobody that others enclose becomes a gap.
 *
 * @param cells areas of one level, each id once; a cell without ground is kept and has no faces
 */
export function graphOf(cells: readonly CellInput[], options: GraphOptions = {}): PlanGraph {
  const ids = new Set(cells.map(({ id }) => id));
  if (ids.size < cells.length)
    throw dataError("Two cells of a plan have the same id", { hint: "Give each area of the layer once." });
  const geometries = cells.map(({ geometry }) => geometry);
  const exact = exactGround(geometries);
  const woven = (exact && netOf(exact)) ?? netOf(nodedGround(geometries));
  if (!woven) throw dataError("The layer's borders cannot be taken apart", { hint: "Repair the layer first." });
  const { net, faces, index, exactly } = woven;
  const facesOf: number[][] = cells.map(() => []);
  faces.forEach(({ member }, face) => {
    if (member >= 0) (facesOf[member] as number[]).push(face);
  });
  const planCells = cells.map(
    ({ id, code, kind, name, parent }, n): PlanCell => ({
      id,
      code,
      kind,
      name,
      parent: parent === undefined ? (code === null ? null : (parentCode(code) ?? null)) : parent,
      faces: facesOf[n] as number[],
    }),
  );
  const idOf = (member: number): CellId => (cells[member] as CellInput).id;
  const graph: PlanGraph = {
    ...net,
    faces: Chunked.of<Face | undefined>(
      faces.map(({ member, claims, walks }) => ({
        cell: member < 0 ? null : idOf(member),
        claims: claims.map(idOf),
        walks,
      })),
    ),
    cells: Keyed.of(planCells.map((cell) => [cell.id, cell] as const)),
    index,
    rules: { freeOutline: options.freeOutline ?? false, freeParents: options.freeParents ?? false },
    nextNew: 1,
    serials: serialsOf(planCells, options.usedCodes ?? []),
  };
  tellChangedCorners(graph, cells, { ...options, exactly });
  return graph;
}

interface FoundFace {
  readonly member: number;
  readonly claims: readonly number[];
  readonly walks: ArcRef[];
}

interface Woven {
  readonly net: Net;
  readonly faces: readonly FoundFace[];
  readonly index: ArcIndex;
  readonly exactly: boolean;
}

const NOBODY = { member: -1, claims: [] } as const;

/** Joins edges to arcs, and walks to faces; undefined when a walk has several owners, or lies in another one's ground. */
function netOf(ground: OwnedGround): Woven | undefined {
  const { xs, ys } = ground;
  const before = (a: number, b: number): boolean =>
    ((xs[a] as number) - (xs[b] as number) || (ys[a] as number) - (ys[b] as number)) < 0;
  const strands = weave(ground, xs.length, () => false, before);
  const lines = strands.map(({ points }) => lineOf(points, xs, ys));
  const { nodes, numberOf } = nodesOf(strands, lines, xs, ys);
  const ends = strands.map(({ points }) => ({
    from: numberOf.get(points[0] as number) as number,
    to: numberOf.get(points[points.length - 1] as number) as number,
  }));
  const bare = Chunked.of<Arc | undefined>(
    lines.map((line, n) => ({ line, ...(ends[n] as (typeof ends)[number]), left: -1, right: -1 })),
  );
  const net: Net = { arcs: bare, nodes: Chunked.of<PlanNode | undefined>(nodes) };
  const index = ArcIndex.of(lines);
  const nested = nest(net, strands, ground, index);
  if (!nested) return undefined;
  const { faces, left, right } = nested;
  const arcs = Chunked.of<Arc | undefined>(
    lines.map((line, n) => ({
      line,
      ...(ends[n] as (typeof ends)[number]),
      left: left[n] as number,
      right: right[n] as number,
    })),
  );
  return { net: { arcs, nodes: net.nodes }, faces, index, exactly: ground.exactly };
}

function lineOf(points: readonly number[], xs: Int32Array, ys: Int32Array): Int32Array {
  const line = new Int32Array(points.length * 2);
  points.forEach((point, i) => {
    line[i * 2] = xs[point] as number;
    line[i * 2 + 1] = ys[point] as number;
  });
  return line;
}

function nodesOf(
  strands: readonly Strand[],
  lines: readonly Int32Array[],
  xs: Int32Array,
  ys: Int32Array,
): { readonly nodes: PlanNode[]; readonly numberOf: ReadonlyMap<number, number> } {
  const leaving = new Map<number, ArcRef[]>();
  const leave = (point: number, ref: ArcRef): void => {
    const refs = leaving.get(point);
    if (refs) refs.push(ref);
    else leaving.set(point, [ref]);
  };
  strands.forEach(({ points }, arc) => {
    leave(points[0] as number, arc);
    leave(points[points.length - 1] as number, ~arc);
  });
  const numberOf = new Map<number, number>();
  const nodes: PlanNode[] = [];
  for (const [point, refs] of leaving) {
    numberOf.set(point, nodes.length);
    const out = sortAround(refs, (ref) => lines[arcIdOf(ref)] as Int32Array);
    nodes.push({ x: xs[point] as number, y: ys[point] as number, out });
  }
  return { nodes, numberOf };
}

/** Gives each walk to a face: one that turns left is the outer walk of a face, any other lies around something in one. */
function nest(
  net: Net,
  strands: readonly Strand[],
  { owners }: OwnedGround,
  index: ArcIndex,
): { readonly faces: readonly FoundFace[]; readonly left: Int32Array; readonly right: Int32Array } | undefined {
  const ownerOf = (ref: ArcRef): number => {
    const strand = strands[arcIdOf(ref)] as Strand;
    return ref < 0 ? strand.right : strand.left;
  };
  const sides = { left: new Int32Array(strands.length).fill(-1), right: new Int32Array(strands.length).fill(-1) };
  const walkNumber = (ref: ArcRef): number => (ref < 0 ? sides.right[~ref] : sides.left[ref]) as number;
  const walks: { readonly refs: readonly ArcRef[]; readonly owner: number; readonly outer: boolean }[] = [];
  for (let arc = 0; arc < strands.length; arc++)
    for (const start of [arc, ~arc]) {
      if (walkNumber(start) >= 0) continue;
      const refs = walkOf(net, start);
      const owner = ownerOf(start);
      for (const ref of refs) {
        if (ownerOf(ref) !== owner) return undefined;
        if (ref < 0) sides.right[~ref] = walks.length;
        else sides.left[ref] = walks.length;
      }
      walks.push({ refs, owner, outer: turnOfWalk(net, refs) > 0 });
    }
  const faces: FoundFace[] = [{ ...NOBODY, walks: [] }];
  const faceOfWalk = walks.map(({ outer, owner, refs }) => {
    if (!outer) return -1;
    faces.push({ ...(owners[owner] ?? NOBODY), walks: [refs[0] as ArcRef] });
    return faces.length - 1;
  });
  const faceAround = (walk: number): number => {
    const known = faceOfWalk[walk] as number;
    if (known >= 0) return known;
    const refs = (walks[walk] as (typeof walks)[number]).refs;
    const [x, y] = westernmost(cornersOf(net, refs));
    const beyond = refWestOf({ arcs: net.arcs, index }, x, y);
    const face = beyond === undefined ? OUTSIDE_FACE : faceAround(walkNumber(beyond));
    faceOfWalk[walk] = face;
    (faces[face] as FoundFace).walks.push(refs[0] as ArcRef);
    return face;
  };
  for (const [walk, { owner }] of walks.entries()) {
    const face = faces[faceAround(walk)] as FoundFace;
    const mine = owners[owner] ?? NOBODY;
    if (face.member !== mine.member || face.claims.join() !== mine.claims.join()) return undefined;
  }
  for (let arc = 0; arc < strands.length; arc++) {
    sides.left[arc] = faceOfWalk[sides.left[arc] as number] as number;
    sides.right[arc] = faceOfWalk[sides.right[arc] as number] as number;
  }
  return { faces, ...sides };
}

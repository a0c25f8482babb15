import type { PointTable } from "../../noding/point-table.ts";
import { unionFind } from "../../union-find.ts";
import type { Arc, ArcRef, CellId, Face, PlanGraph, PlanNode } from "../plan-graph.ts";
import { OUTSIDE_FACE } from "../plan-graph.ts";
import { refuse } from "../refusals.ts";
import { clashOf, sameLine } from "../reshape.ts";
import { sortAround } from "../sort-around.ts";
import { turnOfWalk } from "../walk-shape.ts";
import { arcIdOf, arcOf, faceOf, nodeOf, walkOf } from "../walks.ts";
import { type SidedEdges, type Strand, weave } from "../weave.ts";
import type { CutGround, PieceEdge } from "./pieces.ts";

/** Whose a piece of ground becomes. */
export interface Holder {
  readonly cell: CellId | null;
  readonly claims: readonly CellId[];
}

export interface Rebuilt {
  readonly graph: PlanGraph;
  /** Faces as they are now where `faces` were. */
  readonly faces: readonly number[];
}

/** Numbers for what is added: those of what went first, then new ones. */
const numbering = (free: number[], next: number): (() => number) => {
  let fresh = next;
  return () => free.shift() ?? fresh++;
};

/**
 * Puts cut-up ground together again by its holders: arcs, nodes and faces of the faces that were cut are made anew, the
 * same ones where nothing changed. Cells' lists of faces are left to the caller.
 *
 * @param holderOf holder of each piece; undefined for what lies beyond the faces
 */
export function rebuild(
  graph: PlanGraph,
  cut: CutGround,
  faces: ReadonlySet<number>,
  holderOf: (piece: number) => Holder | undefined,
): Rebuilt | ReturnType<typeof refuse> {
  const regions = regionsOf(cut, holderOf);
  const sided = sidedEdges(cut, regions.of);
  const oldNodes = new Map<number, number>();
  const outer = new Map<number, ArcRef[]>();
  for (const id of cut.arcs) {
    const arc = arcOf(graph, id);
    for (const node of [arc.from, arc.to]) {
      const { x, y, out } = nodeOf(graph, node);
      const point = cut.points.find(x, y);
      oldNodes.set(point, node);
      outer.set(
        point,
        out.filter((ref) => !cut.arcs.has(arcIdOf(ref))),
      );
    }
  }
  const strands = weave(
    sided,
    cut.points.count,
    (point) => (outer.get(point)?.length ?? 0) > 0,
    (a, b) => rank(cut.points, oldNodes, a, b) < 0,
  );
  const numbered = numberStrands(graph, cut, strands, sided);
  const faceIds = numberRegions(graph, cut, faces, regions);
  const sideFace = (side: number): number => (side < 0 ? -side - 1 : (faceIds[side] as number));

  const leaving = new Map<number, ArcRef[]>();
  const arcs = new Map<number, Arc | undefined>([...cut.arcs].map((id) => [id, undefined]));
  const nodeNumber = numbering([], graph.nodes.length);
  const nodeOfPoint = (point: number): number => {
    let node = oldNodes.get(point);
    if (node === undefined) {
      node = nodeNumber();
      oldNodes.set(point, node);
    }
    return node;
  };
  strands.forEach(({ points, left, right }, n) => {
    const { id, line, turned } = numbered[n] as (typeof numbered)[number];
    const [a, b] = [points[0] as number, points[points.length - 1] as number];
    const [start, end] = turned ? [b, a] : [a, b];
    const [l, r] = turned ? [right, left] : [left, right];
    const made: Arc = { line, from: nodeOfPoint(start), to: nodeOfPoint(end), left: sideFace(l), right: sideFace(r) };
    const old = graph.arcs.get(id);
    arcs.set(id, old && sameArc(old, made) ? old : made);
    leaving.set(start, [...(leaving.get(start) ?? []), id]);
    leaving.set(end, [...(leaving.get(end) ?? []), ~id]);
  });
  const changes = [...arcs].filter(([id, arc]) => graph.arcs.get(id) !== arc);
  const lines = changes
    .map(([arc, after]) => ({ arc, before: graph.arcs.get(arc)?.line, after: after?.line }))
    .filter(({ before, after }) => !before || !after || !sameLine(before, after));
  const newArcs = graph.arcs.with(changes);
  const nodes = new Map<number, PlanNode | undefined>();
  for (const [point, node] of oldNodes) {
    const refs = [...(outer.get(point) ?? []), ...(leaving.get(point) ?? [])];
    const out = sortAround(refs, (ref) => (newArcs.get(arcIdOf(ref)) as Arc).line);
    const old = graph.nodes.get(node);
    const made = { x: cut.points.x(point), y: cut.points.y(point), out };
    if (refs.length === 0) nodes.set(node, undefined);
    else if (!old || old.out.join() !== out.join()) nodes.set(node, made);
  }
  const draft: PlanGraph = {
    ...graph,
    arcs: newArcs,
    nodes: graph.nodes.with(nodes),
    index: graph.index.with(lines),
  };
  const empty = new Int32Array(0);
  for (const { arc, after } of lines) {
    const clash = after && clashOf(draft, arc, empty, after);
    if (clash) return { ...clash, refusal: refuse("too_close", firstPoint(after)).refusal };
  }
  const made = regions.holders.map(({ cell, claims }, region): readonly [number, Face] => [
    faceIds[region] as number,
    { cell, claims, walks: walksOf(draft, strands, numbered, region) },
  ]);
  const newFaces = new Map<number, Face | undefined>([...faces].map((face) => [face, undefined]));
  for (const [id, face] of made) {
    const old = graph.faces.get(id);
    newFaces.set(id, old && sameFace(old, face) ? old : face);
  }
  const touched = new Set(lines.map(({ arc }) => arc));
  for (const [face, walks] of startsBeyond(graph, draft, touched, strands, numbered))
    newFaces.set(face, { ...(graph.faces.get(face) as Face), walks });
  const done: PlanGraph = {
    ...draft,
    faces: graph.faces.with([...newFaces].filter(([id, face]) => graph.faces.get(id) !== face)),
  };
  return { graph: done, faces: made.map(([id]) => id) };
}

const firstPoint = (line: Int32Array): readonly [number, number] => [line[0] as number, line[1] as number];

const sameArc = (a: Arc, b: Arc): boolean =>
  a.left === b.left && a.right === b.right && a.from === b.from && a.to === b.to && sameLine(a.line, b.line);

const sameFace = (a: Face, b: Face): boolean =>
  a.cell === b.cell && a.claims.join() === b.claims.join() && a.walks.join() === b.walks.join();

/** Order in which points may begin a closed border: nodes as they were, then from the west. */
const rank = (points: PointTable, old: ReadonlyMap<number, number>, a: number, b: number): number =>
  Number(old.has(b)) - Number(old.has(a)) || points.x(a) - points.x(b) || points.y(a) - points.y(b);

interface Regions {
  /** Region of each piece; -1 beyond. */
  readonly of: Int32Array;
  readonly holders: readonly Holder[];
}

/** Pieces of one holder that hang together. */
function regionsOf({ pieces, edges }: CutGround, holderOf: (piece: number) => Holder | undefined): Regions {
  const keys = pieces.map((_, piece) => {
    const holder = holderOf(piece);
    return holder ? `${holder.cell ?? ""}\n${holder.claims.join("\n")}` : undefined;
  });
  const { root, join } = unionFind(pieces.length);
  for (const { left, right } of edges) if (keys[left] !== undefined && keys[left] === keys[right]) join(left, right);
  const of = new Int32Array(pieces.length).fill(-1);
  const holders: Holder[] = [];
  const numberOf = new Map<number, number>();
  for (let piece = 0; piece < pieces.length; piece++) {
    const holder = holderOf(piece);
    if (!holder) continue;
    const first = root(piece);
    let region = numberOf.get(first);
    if (region === undefined) {
      region = holders.length;
      numberOf.set(first, region);
      holders.push(holder);
    }
    of[piece] = region;
  }
  return { of, holders };
}

interface FinalEdges extends SidedEdges {
  readonly source: readonly PieceEdge[];
}

/** Edges between different regions (numbers from 0) or faces beyond (-1 less their number); straight parts joined again. */
function sidedEdges({ edges, points, corners }: CutGround, regionOf: Int32Array): FinalEdges {
  const sideOf = (piece: number, face: number | undefined): number | undefined => {
    const region = regionOf[piece] as number;
    return region >= 0 ? region : face === undefined ? undefined : -face - 1;
  };
  const kept: (PieceEdge & { readonly l: number; readonly r: number })[] = [];
  for (const edge of edges) {
    const [l, r] = [sideOf(edge.left, edge.arc?.left), sideOf(edge.right, edge.arc?.right)];
    if (l !== undefined && r !== undefined && l !== r) kept.push({ ...edge, l, r });
  }
  const at = new Map<number, number[]>();
  kept.forEach(({ from, to }, n) => {
    for (const point of [from, to]) if (point >= corners) at.set(point, [...(at.get(point) ?? []), n]);
  });
  const gone = new Uint8Array(kept.length);
  for (const [point, [a, b, ...others]] of at) {
    if (a === undefined || b === undefined || others.length > 0) continue;
    const [one, two] = [kept[a] as (typeof kept)[number], kept[b] as (typeof kept)[number]];
    if (one.segment !== two.segment || point >= points.count) continue;
    // Edges of one segment run the same way: one of them ends where the other begins.
    const [head, tail] = one.to === point ? [one, two] : [two, one];
    if (head.to !== point || tail.from !== point) continue;
    const [keep, drop] = one.to === point ? [a, b] : [b, a];
    const joined = { ...head, to: tail.to };
    kept[keep] = joined;
    gone[drop] = 1;
    const list = at.get(tail.to);
    if (list) list[list.indexOf(drop)] = keep;
  }
  const final = kept.filter((_, n) => !gone[n]);
  return {
    from: final.map(({ from }) => from),
    to: final.map(({ to }) => to),
    left: final.map(({ l }) => l),
    right: final.map(({ r }) => r),
    source: final,
  };
}

interface NumberedStrand {
  readonly id: number;
  readonly line: Int32Array;
  /** True when the arc runs against its strand. */
  readonly turned: boolean;
}

/** Gives strands the numbers of the arcs that they are, or came from. */
function numberStrands(
  graph: PlanGraph,
  cut: CutGround,
  strands: readonly Strand[],
  edges: FinalEdges,
): NumberedStrand[] {
  const taken = new Set<number>();
  const lines = strands.map(({ points }) => {
    const line = new Int32Array(points.length * 2);
    points.forEach((point, i) => {
      line[i * 2] = cut.points.x(point);
      line[i * 2 + 1] = cut.points.y(point);
    });
    return line;
  });
  const found = strands.map(({ first }, n): NumberedStrand | undefined => {
    const id = edges.source[first]?.arc?.id;
    if (id === undefined || taken.has(id)) return undefined;
    const old = arcOf(graph, id).line;
    const line = lines[n] as Int32Array;
    const turned = !sameLine(old, line);
    if (turned && !sameLine(old, backwards(line))) return undefined;
    taken.add(id);
    return { id, line: old, turned };
  });
  const free = [...cut.arcs].filter((id) => !taken.has(id));
  const next = numbering(free, graph.arcs.length);
  return strands.map((_, n) => found[n] ?? { id: next(), line: lines[n] as Int32Array, turned: false });
}

function backwards(line: Int32Array): Int32Array {
  const out = new Int32Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    out[i] = line[line.length - 2 - i] as number;
    out[i + 1] = line[line.length - 1 - i] as number;
  }
  return out;
}

/** Gives regions the numbers of the faces of which they keep the most. */
function numberRegions(graph: PlanGraph, cut: CutGround, faces: ReadonlySet<number>, regions: Regions): number[] {
  const shares: { readonly region: number; readonly face: number; readonly size: number }[] = [];
  cut.pieces.forEach(({ source, doubleArea }, piece) => {
    const region = regions.of[piece] as number;
    if (region < 0 || source < 0) return;
    if (graph.faces.get(source)?.cell === regions.holders[region]?.cell)
      shares.push({ region, face: source, size: doubleArea });
  });
  shares.sort((a, b) => b.size - a.size);
  const ids = new Map<number, number>();
  const taken = new Set<number>();
  for (const { region, face } of shares) {
    if (ids.has(region) || taken.has(face)) continue;
    ids.set(region, face);
    taken.add(face);
  }
  const next = numbering(
    [...faces].filter((face) => !taken.has(face) && face !== OUTSIDE_FACE),
    graph.faces.length,
  );
  return regions.holders.map((_, region) => ids.get(region) ?? next());
}

/** One reference for each walk around a region, the outer walk first. */
function walksOf(
  draft: PlanGraph,
  strands: readonly Strand[],
  numbered: readonly NumberedStrand[],
  region: number,
): ArcRef[] {
  return startsOfWalks(draft, refsBeside(strands, numbered, region), new Set());
}

const refsBeside = (strands: readonly Strand[], numbered: readonly NumberedStrand[], side: number): ArcRef[] =>
  strands.flatMap(({ left, right }, n) => {
    const { id, turned } = numbered[n] as NumberedStrand;
    if (left === side) return [turned ? ~id : id];
    return right === side ? [turned ? id : ~id] : [];
  });

function startsOfWalks(draft: PlanGraph, refs: readonly ArcRef[], seen: Set<ArcRef>): ArcRef[] {
  const starts: ArcRef[] = [];
  for (const ref of refs) {
    if (seen.has(ref)) continue;
    const walk = walkOf(draft, ref);
    for (const one of walk) seen.add(one);
    if (turnOfWalk(draft, walk) > 0) starts.unshift(ref);
    else starts.push(ref);
  }
  return starts;
}

/** Faces beyond the cut ground whose walks began at an arc that changed, with where they begin now. */
function* startsBeyond(
  graph: PlanGraph,
  draft: PlanGraph,
  touched: ReadonlySet<number>,
  strands: readonly Strand[],
  numbered: readonly NumberedStrand[],
): Generator<readonly [face: number, walks: ArcRef[]]> {
  const beyond = new Set<number>();
  for (const { left, right } of strands) for (const side of [left, right]) if (side < 0) beyond.add(-side - 1);
  for (const face of beyond) {
    const { walks } = graph.faces.get(face) as Face;
    const kept = walks.filter((ref) => !touched.has(arcIdOf(ref)) && faceOf(draft, ref) === face);
    if (kept.length === walks.length) continue;
    const seen = new Set<ArcRef>();
    for (const ref of kept) for (const one of walkOf(draft, ref)) seen.add(one);
    const found = startsOfWalks(draft, refsBeside(strands, numbered, -face - 1), seen);
    const outerKept = face !== OUTSIDE_FACE && kept[0] === walks[0];
    yield [face, outerKept ? [...kept, ...found] : [...found, ...kept]];
  }
}

import { labelPoint } from "../geo/label-point.ts";
import { LocateIndex } from "../geo/locate-index.ts";
import { areaM2, bboxOf } from "../geo/measure.ts";
import type { Bbox, LonLat, MultiPolygonRings } from "../model/geometry.ts";
import type { BlockGraph } from "../partition/block-graph.ts";
import { blocksToGraph } from "./blocks-to-graph.ts";
import type { BorderLine } from "./border-lines.ts";
import type { Home } from "./homes.ts";
import { streetBlocks } from "./street-blocks.ts";

/** Ground that one can walk about in, piece by piece, and where one can walk from one piece to the next. */
export interface WalkGround {
  /** Pieces of ground; a border that is walked across has a finite weight. */
  readonly pieces: BlockGraph;
  /** Block of each piece: a block of several polygons has several. */
  readonly blockOf: Int32Array;
}

/** A grid in which one cannot walk from every home to every other one. */
export interface GridApart {
  readonly grid: number;
  /** Groups of homes between which there is no way within the grid. */
  readonly groups: number;
  /** Households outside the largest group. */
  readonly households: number;
}

export interface WalkGroundInput {
  /** Ground of each block, WGS 84 lon/lat. */
  readonly grounds: readonly MultiPolygonRings[];
  /** Of each block. */
  readonly households: Int32Array;
  readonly lines: readonly BorderLine[];
  /** Say in which polygon of a block people live; its largest one where absent. */
  readonly homes?: readonly Home[] | undefined;
  readonly gapM?: number | undefined;
  /** The graph of the blocks, made with the same lines. */
  readonly graph: BlockGraph;
}

/**
 * Where one can walk: within a piece of ground between streets, rivers and railways anywhere, and from piece to piece over
 * their common border unless a river or railway runs along it that no street crosses there.
 */
export function walkGround({ grounds, households, lines, homes, gapM, graph }: WalkGroundInput): WalkGround {
  const knowsStreets = lines.some(({ street }) => street === true);
  const obstacles = knowsStreets ? lines.filter(({ obstacle }) => obstacle === true).flatMap((line) => line.lines) : [];
  const whole = grounds.flatMap((ground, block) => ground.map((polygon) => ({ block, ground: [polygon] })));
  const cut = cutAlong(whole, obstacles);
  const blockOf = Int32Array.from(cut, ({ block }) => block);
  if (blockOf.length === grounds.length) return { pieces: graph, blockOf };
  const polygons = cut.map((piece) => piece.ground);
  const { graph: pieces } = blocksToGraph({
    grounds: polygons,
    nameOf: (piece) => String(blockOf[piece]),
    households: homes ? householdsAt(polygons, homes) : householdsOfLargest(polygons, blockOf, households),
    lines,
    gapM,
  });
  return { pieces, blockOf };
}

interface Piece {
  readonly block: number;
  readonly ground: MultiPolygonRings;
}

/** Pieces through which an obstacle runs from rim to rim, in their parts on either side of it; the others as they are. */
function cutAlong(pieces: readonly Piece[], obstacles: readonly (readonly LonLat[])[]): Piece[] {
  const boxes = obstacles.flatMap((line) => bboxOfLine(line));
  const isNear = ({ ground }: Piece): boolean => {
    const box = bboxOf(ground);
    return box !== undefined && boxes.some((other) => overlap(box, other));
  };
  const near = pieces.filter(isNear);
  if (near.length === 0) return [...pieces];
  const index = new LocateIndex(near.map(({ ground }, n) => ({ code: key(n), geometry: ground })));
  const pieceAt = ([lon, lat]: LonLat): number => index.locate(lon, lat).owner;
  const parts = streetBlocks([...obstacles, ...near.flatMap(({ ground }) => ground.flat())], {
    areaAt: (at) => {
      const piece = pieceAt(at);
      return piece < 0 ? undefined : key(piece);
    },
    reachM: 0,
    smallestM2: SMALLEST_M2,
    sliverM: SLIVER_M,
  });
  const found: Piece[] = parts.flatMap((ground) => {
    const piece = near[pieceAt(labelPoint(ground))];
    return piece ? [{ block: piece.block, ground }] : [];
  });
  return [...pieces.filter((piece) => !near.includes(piece)), ...found].sort((a, b) => a.block - b.block);
}

/** What an obstacle cuts off is a place of its own from this size on: a line that is drawn a little beside a border cuts nothing. */
const SMALLEST_M2 = 400;
const SLIVER_M = 12;

const key = (n: number): string => String(n).padStart(8, "0");

/** Boxes of a line in stretches of ten corners: the box of a whole river holds half a county. */
function bboxOfLine(line: readonly LonLat[]): Bbox[] {
  const boxes: Bbox[] = [];
  for (let first = 0; first + 1 < line.length; first += 10) {
    const box = bboxOf([[line.slice(first, first + 11)]]);
    if (box) boxes.push(box);
  }
  return boxes;
}

const overlap = (a: Bbox, b: Bbox): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

function householdsAt(polygons: readonly MultiPolygonRings[], homes: readonly Home[]): Int32Array {
  const index = new LocateIndex(polygons.map((geometry, n) => ({ code: key(n), geometry })));
  const found = new Int32Array(polygons.length);
  for (const { at, households } of homes) {
    const { owner } = index.locate(at[0], at[1]);
    if (owner >= 0) found[owner] = (found[owner] as number) + households;
  }
  return found;
}

function householdsOfLargest(
  polygons: readonly MultiPolygonRings[],
  blockOf: Int32Array,
  households: Int32Array,
): Int32Array {
  const found = new Int32Array(polygons.length);
  const largest = new Map<number, number>();
  blockOf.forEach((block, piece) => {
    const known = largest.get(block);
    if (known === undefined || areaM2(polygons[piece] ?? []) > areaM2(polygons[known] ?? [])) largest.set(block, piece);
  });
  for (const [block, piece] of largest) found[piece] = households[block] as number;
  return found;
}

/**
 * Grids whose homes cannot all be walked between without leaving the grid, by their number.
 *
 * @param part grid of each block
 */
export function gridsApart({ pieces, blockOf }: WalkGround, part: Int32Array): GridApart[] {
  const { count, offsets, neighbours, borderWeight, households } = pieces;
  const gridOf = (piece: number): number => part[blockOf[piece] as number] as number;
  const seen = new Uint8Array(count);
  /** Households of each group of each grid. */
  const groups = new Map<number, number[]>();
  for (let first = 0; first < count; first++) {
    if (seen[first]) continue;
    seen[first] = 1;
    const grid = gridOf(first);
    const waiting = [first];
    let sum = 0;
    for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
      sum += households[piece] as number;
      for (let entry = offsets[piece] as number; entry < (offsets[piece + 1] as number); entry++) {
        const next = neighbours[entry] as number;
        if (seen[next] || gridOf(next) !== grid || borderWeight?.[entry] === Infinity) continue;
        seen[next] = 1;
        waiting.push(next);
      }
    }
    if (sum > 0) groups.set(grid, [...(groups.get(grid) ?? []), sum]);
  }
  return [...groups]
    .filter(([, sums]) => sums.length > 1)
    .map(([grid, sums]) => ({
      grid,
      groups: sums.length,
      households: sums.reduce((all, one) => all + one, 0) - Math.max(...sums),
    }))
    .sort((a, b) => a.grid - b.grid);
}

import type { CoverageRepair } from "../coverage/repair-coverage.ts";
import { dataError } from "../model/errors.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import type { BlockGraph } from "../partition/block-graph.ts";
import type { BorderLine } from "./border-lines.ts";
import { bordersOfPolygons } from "./borders-of-polygons.ts";
import { bridgeGaps } from "./bridge-gaps.ts";
import { type BlockFacts, graphOfBorders } from "./graph-of-borders.ts";
import { nearestGround } from "./nearest-ground.ts";
import { weighBorders } from "./weigh-borders.ts";

export interface BlocksToDivide extends BlockFacts {
  /** Ground of each block, or a point for each. */
  readonly grounds: readonly MultiPolygonRings[] | { readonly points: readonly LonLat[] };
  readonly nameOf: (block: number) => string;
  /** What borders may run along. */
  readonly lines?: readonly BorderLine[];
  /** Widest strip of nobody's ground over which blocks are neighbours, metres. */
  readonly gapM?: number | undefined;
}

export interface DividedGraph {
  readonly graph: BlockGraph;
  readonly repairs: readonly CoverageRepair[];
  /** Borders over strips of nobody's ground. */
  readonly bridged: number;
  /** Blocks that share no border with any other one. */
  readonly islands: readonly number[];
}

/** The width of a slip of the hand at borders, metres: strips up to it are closed without being asked. */
const SLIP_M = 5;

/**
 * The graph of blocks from their shapes, whatever these are.
 *
 * @throws DATA error for rings that touch themselves, and where no two of several blocks are neighbours
 */
export function blocksToGraph({ grounds, nameOf, lines = [], gapM, ...facts }: BlocksToDivide): DividedGraph {
  const polygons = "points" in grounds ? nearestOf(grounds.points) : grounds;
  const borders = bordersOfPolygons(polygons, nameOf);
  const weights = lines.length > 0 ? weighBorders(borders, lines) : undefined;
  const fits = borders.exact && gapM === undefined;
  let graph = graphOfBorders(borders, facts, weights);
  // Layers that fit and hang together have no strips; the others are looked at.
  const across = fits && hangsTogether(graph) ? [] : bridgeGaps(borders, gapM ?? SLIP_M, weights);
  if (across.length > 0) graph = graphOfBorders(borders, facts, weights, across);
  if (graph.count > 1 && graph.neighbours.length === 0)
    throw dataError("No two blocks share a border", {
      hint: "Blocks with streets between them: say how wide with --gap METRES. Corners that touch are no border.",
    });
  return { graph, repairs: borders.repairs, bridged: across.length, islands: islandsOf(graph) };
}

const nearestOf = (points: readonly LonLat[]): MultiPolygonRings[] =>
  nearestGround(
    points,
    points.map((_, n) => n),
    points.length,
  );

function islandsOf({ count, offsets }: BlockGraph): number[] {
  const alone: number[] = [];
  if (count > 1) for (let v = 0; v < count; v++) if (offsets[v] === offsets[v + 1]) alone.push(v);
  return alone;
}

function hangsTogether({ count, offsets, neighbours }: BlockGraph): boolean {
  const seen = new Uint8Array(count);
  const waiting = [0];
  seen[0] = 1;
  let found = 0;
  for (let v = waiting.pop(); v !== undefined; v = waiting.pop()) {
    found++;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const u = neighbours[entry] as number;
      if (seen[u]) continue;
      seen[u] = 1;
      waiting.push(u);
    }
  }
  return found === count;
}

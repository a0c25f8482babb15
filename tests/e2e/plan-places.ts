import { paintGround } from "../../data/coverage/plan-graph/actions/paint.ts";
import { rerouteBorder } from "../../data/coverage/plan-graph/actions/reroute-border.ts";
import { type LatticePoint, toLatticePolygons, toLonLat } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import { nearestBorder } from "../../data/coverage/plan-graph/vertices.ts";
import { labelPoint } from "../../data/geo/label-point.ts";
import { type PlanBase, unpackLattice, unpackPolygons } from "../../data/planning/plan-base.ts";
import { alongRoad } from "../../web/seats/plan/modes/snap.mode.ts";
import { baseGraph } from "../../web/seats/plan/state/changes.ts";
import { ReferenceIndex, unitsOf } from "../../web/seats/plan/state/snap.ts";
import type { Spot } from "./plan-hand.ts";
import { spotOf, ZOOM } from "./plan-stage.ts";

/**
 * Where a compound can be handed over and where a border can follow a road, on one screen: looked for with the core, since both depend
 * on what the county is like.
 */
export interface Places {
  readonly at: string;
  /** The grid that receives, and the compound; pixels from the middle of the map, as all places here. */
  readonly block: readonly [to: Spot, compound: Spot];
  readonly snap: readonly [border: Spot, road: Spot];
}

/** A way to do something by two clicks, pixels of the Mercator square. */
type Clicks = readonly [Spot, Spot];

const far = (a: readonly [number, number], b: readonly [number, number]): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Compounds that a grid near them can have whole. */
function blocksOf(base: PlanBase, graph: PlanGraph): Clicks[] {
  return base.compounds.flatMap((compound) => {
    const ground = unpackPolygons(compound.polygons);
    const polygons = toLatticePolygons(ground);
    const here = spotOf(labelPoint(ground));
    const cells = base.cells.map(({ id, polygons: own }) => ({ id, at: spotOf(labelPoint(unpackPolygons(own))) }));
    const near = cells.toSorted((a, b) => far(a.at, here) - far(b.at, here)).slice(0, 3);
    return near.flatMap(({ id, at }): Clicks[] => {
      const result = paintGround(graph, { polygons, to: id });
      return result.ok && result.changed.length > 1 ? [[at, here]] : [];
    });
  });
}

const pointsOf = (flat: ArrayLike<number>): LatticePoint[] =>
  Array.from({ length: flat.length / 2 }, (_, n) => [flat[n * 2] as number, flat[n * 2 + 1] as number]);
const between = ([ax, ay]: LatticePoint, [bx, by]: LatticePoint): LatticePoint => [
  Math.round((ax + bx) / 2),
  Math.round((ay + by) / 2),
];
/** Nothing else lies so near, metres: a finger means what it touches. */
const CLEAR = unitsOf(1);

/** Pixels that fit on a screen. */
const SCREEN = 300;
const BESIDE = unitsOf(250);

/** Borders that can follow a road or a river. */
function followsOf(base: PlanBase, graph: PlanGraph, beside: readonly Clicks[]): Clicks[] {
  const lines = base.reference.flatMap(({ kind, rank, name, lines: parts }) =>
    parts.map((part) => ({ kind, rank, name, line: pointsOf(unpackLattice(part)) })),
  );
  const reference = new ReferenceIndex(lines);
  const found: Clicks[] = [];
  for (let arc = 0; arc < graph.arcs.length; arc++) {
    const own = pointsOf(graph.arcs.get(arc)?.line ?? []);
    const [from, to] = [own[0], own[own.length - 1]];
    if (!from || !to) continue;
    const border = between(from, own[1] as LatticePoint);
    const here = spotOf(toLonLat(border));
    if (!beside.some(([to]) => far(to, here) < SCREEN) || nearestBorder(graph, border, CLEAR)?.arc !== arc) continue;
    for (const { line } of lines) {
      const way = alongRoad(line, from, to);
      if (way.length < 4) continue;
      // Only what runs beside the border: trying is what costs.
      if (far(from, way[1] as LatticePoint) > BESIDE || far(to, way[way.length - 2] as LatticePoint) > BESIDE) continue;
      const road = between(way[1] as LatticePoint, way[2] as LatticePoint);
      if (reference.near(road, CLEAR)?.line.line !== line) continue;
      const result = rerouteBorder(graph, { line: way, reach: unitsOf(0.1) });
      if (result.ok && result.changed.length > 1) found.push([here, spotOf(toLonLat(road))]);
    }
  }
  return found;
}

/** The two that lie closest together. */
export function placesOf(base: PlanBase): Places {
  const cells = base.cells.map((cell) => ({ ...cell, geometry: unpackPolygons(cell.polygons) }));
  const graph = baseGraph({ cells, retired: base.retired });
  const blocks = blocksOf(base, graph);
  const follows = followsOf(base, graph, blocks);
  let best: { readonly size: number; readonly block: Clicks; readonly snap: Clicks; readonly middle: Spot } | undefined;
  for (const block of blocks)
    for (const snap of follows) {
      const [xs, ys] = [0, 1].map((axis) => [...block, ...snap].map((one) => one[axis] as number)) as [
        number[],
        number[],
      ];
      const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      const size = Math.max(east - west, south - north);
      if (size < (best?.size ?? Number.POSITIVE_INFINITY))
        best = { size, block, snap, middle: [(west + east) / 2, (north + south) / 2] };
    }
  if (!best) throw new Error(`${blocks.length} compounds to hand over, ${follows.length} borders beside roads`);
  const { block, snap, middle } = best;
  const lon = (middle[0] * 360) / (512 * 2 ** ZOOM);
  const lat = (Math.atan(Math.exp((-middle[1] * 2 * Math.PI) / (512 * 2 ** ZOOM))) * 360) / Math.PI - 90;
  const away = ([x, y]: Spot): Spot => [x - middle[0], y - middle[1]];
  return {
    at: `${lon},${lat},${ZOOM}`,
    block: [away(block[0]), away(block[1])],
    snap: [away(snap[0]), away(snap[1])],
  };
}

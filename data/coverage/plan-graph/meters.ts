import { ringAreaM2 } from "../../geo/measure.ts";
import { fromLattice, type LonLat } from "../../model/geometry.ts";
import { lineLengthMm } from "./border-lengths.ts";
import { changedArcs } from "./changed-cells.ts";
import { faceAt } from "./locate.ts";
import { METERED, type MeteredPoints, type PointSums } from "./metered-points.ts";
import type { Arc, CellId, Face, PlanCell, PlanGraph } from "./plan-graph.ts";
import { commonEnds } from "./reshape.ts";
import { arcOf, walkOf } from "./walks.ts";

/** Raised when a figure is worked out another way: stored figures of older versions are stale then. */
export const METERS_VERSION = 1;

/** Figures of a cell, a community, or the plan. */
export interface Meter extends PointSums {
  /** m² on the ellipsoid, within 0.01 m² for each stretch of border. */
  readonly areaM2: number;
  /** Metres of border, holes included. */
  readonly outlineM: number;
  /** Polsby and Popper 1991: 4π area ÷ outline²; 1 for a circle. */
  readonly compactness: number;
  /** Parts that lie apart; 1 is right. */
  readonly parts: number;
}

/** Figures of all cells of a graph. */
export interface Meters {
  readonly version: number;
  readonly graph: PlanGraph;
  readonly points: MeteredPoints;
  readonly cells: ReadonlyMap<CellId, Meter>;
}

const areas = new WeakMap<Int32Array, number>();

/** Works out the figures of all cells. */
export function metersOf(graph: PlanGraph, points: MeteredPoints): Meters {
  const sums = new Map<CellId, number[]>();
  for (let point = 0; point < points.count; point++) {
    const cell = graph.faces.get(faceAt(graph, points.at(point)))?.cell;
    if (!cell) continue;
    const own = sums.get(cell) ?? new Array<number>(METERED.length).fill(0);
    sums.set(cell, own);
    METERED.forEach((key, n) => {
      own[n] = (own[n] as number) + points.value(key, point);
    });
  }
  const cells = new Map<CellId, Meter>();
  for (const cell of graph.cells.values())
    cells.set(cell.id, { ...shapeOf(graph, cell), ...pointSums(sums.get(cell.id)) });
  return { version: METERS_VERSION, graph, points, cells };
}

const pointSums = (values: readonly number[] | undefined): PointSums => {
  const [householdsExact = 0, householdsEstimated = 0, cameras = 0, openIncidents = 0, staff = 0] = values ?? [];
  return { householdsExact, householdsEstimated, cameras, openIncidents, staff };
};

/**
 * Figures after edits, from those before: only cells of borders that changed are worked out again, and only points near
 * them are looked up. Equal to `metersOf` of the graph, to the last bit.
 *
 * @param before figures of a graph of the same history
 */
export function updateMeters(before: Meters, graph: PlanGraph): Meters {
  const { points } = before;
  const old = before.graph;
  const touched = new Set<CellId>();
  const boxes: Box[] = [];
  let moves = true;
  for (const { before: was, after: is } of changedArcs(old, graph)) {
    noteCells(old, was, touched);
    noteCells(graph, is, touched);
    moves = moves && was !== undefined && is !== undefined && sameBorder(old, graph, was, is);
    boxes.push(...changedBoxes(old, graph, was, is));
  }
  const moved = new Map<CellId, number[]>();
  const add = (cell: CellId | null | undefined, point: number, sign: 1 | -1): void => {
    if (!cell) return;
    const own = moved.get(cell) ?? new Array<number>(METERED.length).fill(0);
    moved.set(cell, own);
    METERED.forEach((key, n) => {
      own[n] = (own[n] as number) + sign * points.value(key, point);
    });
  };
  const seen = new Set<number>();
  // Ground that changed hands otherwise than by a border's move lies between several arcs: only in the box of them all.
  for (const box of moves ? boxes : joined(boxes))
    points.eachIn(...box, (point) => {
      if (seen.has(point)) return;
      seen.add(point);
      const at = points.at(point);
      const [from, to] = [old.faces.get(faceAt(old, at))?.cell, graph.faces.get(faceAt(graph, at))?.cell];
      if (from === to) return;
      add(from, point, -1);
      add(to, point, 1);
    });
  const cells = new Map(before.cells);
  for (const id of graph.cells.changedFrom(old.cells)) touched.add(id);
  for (const id of touched) {
    const cell = graph.cells.get(id);
    if (!cell) {
      cells.delete(id);
      continue;
    }
    const known = before.cells.get(id);
    const sums = METERED.map((key, n) => (known?.[key] ?? 0) + (moved.get(id)?.[n] ?? 0));
    cells.set(id, { ...shapeOf(graph, cell), ...pointSums(sums) });
  }
  return { version: METERS_VERSION, graph, points, cells };
}

type Box = readonly [west: number, south: number, east: number, north: number];

function noteCells(graph: PlanGraph, arc: Arc | undefined, into: Set<CellId>): void {
  if (!arc) return;
  for (const face of [arc.left, arc.right]) {
    const cell = graph.faces.get(face)?.cell;
    if (cell) into.add(cell);
  }
}

const cellOf = (graph: PlanGraph, face: number): CellId | null => graph.faces.get(face)?.cell ?? null;

const sameHolders = (old: PlanGraph, graph: PlanGraph, was: Arc, is: Arc): boolean =>
  cellOf(old, was.left) === cellOf(graph, is.left) && cellOf(old, was.right) === cellOf(graph, is.right);

/** True when an arc has at most moved: it joins the same nodes, and has the same cells beside it. */
const sameBorder = (old: PlanGraph, graph: PlanGraph, was: Arc, is: Arc): boolean =>
  was.from === is.from && was.to === is.to && sameHolders(old, graph, was, is);

/** Boxes of what one arc's change touches: where its corners differ, or the faces beside it where those changed hands. */
function changedBoxes(old: PlanGraph, graph: PlanGraph, was: Arc | undefined, is: Arc | undefined): Box[] {
  if (was && is && sameHolders(old, graph, was, is)) {
    if (was.line === is.line) return [];
    const { head, tail } = commonEnds(was.line, is.line);
    return [
      boxOf(
        [was.line, is.line].map((line) =>
          line.subarray(Math.max(0, head - 1) * 2, line.length - Math.max(0, tail - 1) * 2),
        ),
      ),
    ];
  }
  return [
    ...(was ? [...faceBox(old, was.left), ...faceBox(old, was.right)] : []),
    ...(is ? [...faceBox(graph, is.left), ...faceBox(graph, is.right)] : []),
  ];
}

const joined = (boxes: readonly Box[]): Box[] =>
  boxes.length === 0
    ? []
    : [
        boxes.reduce<Box>(
          ([west, south, east, north], box) => [
            Math.min(west, box[0]),
            Math.min(south, box[1]),
            Math.max(east, box[2]),
            Math.max(north, box[3]),
          ],
          [Infinity, Infinity, -Infinity, -Infinity],
        ),
      ];

function faceBox(graph: PlanGraph, face: number): Box[] {
  const found = graph.faces.get(face);
  const start = found?.walks[0];
  if (start === undefined || found?.cell === null) return [];
  return [boxOf(walkOf(graph, start).map((ref) => arcOf(graph, ref).line))];
}

function boxOf(lines: readonly Int32Array[]): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines)
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = [line[i] as number, line[i + 1] as number];
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    }
  return [west, south, east, north];
}

/** Area, outline and parts of a cell: sums of whole numbers, so that their order does not matter. */
function shapeOf(graph: PlanGraph, cell: PlanCell): Pick<Meter, "areaM2" | "outlineM" | "compactness" | "parts"> {
  let [area, millimetres] = [0, 0];
  for (const face of cell.faces)
    for (const start of (graph.faces.get(face) as Face).walks)
      for (const ref of walkOf(graph, start)) {
        const { line } = arcOf(graph, ref);
        area += (ref < 0 ? -1 : 1) * lineArea(line);
        millimetres += lineLengthMm(line);
      }
  const [areaM2, outlineM] = [area / AREA_STEPS, millimetres / 1000];
  const compactness = outlineM === 0 ? 0 : (4 * Math.PI * areaM2) / outlineM ** 2;
  return { areaM2, outlineM, compactness, parts: cell.faces.length };
}

/** Steps of a square metre to which the share of a line is rounded: sums up to a continent stay exact. */
const AREA_STEPS = 100;

/**
 * What a line adds to the area of the ground on its left, in whole hundredths of a square metre: the area between it and
 * the equator's parallel, so that lines of one walk sum to the walk's area.
 */
function lineArea(line: Int32Array): number {
  const known = areas.get(line);
  if (known !== undefined) return known;
  const first: LonLat = [fromLattice(line[0] as number), 0];
  const ring: LonLat[] = [first];
  for (let i = 0; i < line.length; i += 2)
    ring.push([fromLattice(line[i] as number), fromLattice(line[i + 1] as number)]);
  ring.push([fromLattice(line[line.length - 2] as number), 0]);
  const steps = Math.round(ringAreaM2(ring) * AREA_STEPS);
  areas.set(line, steps);
  return steps;
}

/** Figures of several cells together: a community, the plan. Borders between them are no outline of the whole. */
export interface SumMeter extends PointSums {
  readonly areaM2: number;
  readonly cells: number;
  /** Cells in parts. */
  readonly apart: number;
}

/** Sums figures over the cells of an area (cells whose code begins with its code), or over all (no code). */
export function sumMeters({ cells, graph }: Meters, area?: string): SumMeter {
  const sum = {
    householdsExact: 0,
    householdsEstimated: 0,
    cameras: 0,
    openIncidents: 0,
    staff: 0,
    areaM2: 0,
    cells: 0,
    apart: 0,
  };
  let steps = 0;
  for (const [id, meter] of cells) {
    if (area !== undefined && !graph.cells.get(id)?.code?.startsWith(area)) continue;
    for (const key of METERED) sum[key] += meter[key];
    steps += Math.round(meter.areaM2 * AREA_STEPS);
    sum.cells++;
    if (meter.parts > 1) sum.apart++;
  }
  return { ...sum, areaM2: steps / AREA_STEPS };
}

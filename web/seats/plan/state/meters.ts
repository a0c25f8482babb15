import { cellPolygons } from "../../../../data/coverage/plan-graph/cell-polygons.ts";
import { fromLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { cellAt } from "../../../../data/coverage/plan-graph/locate.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { areaM2, distanceM } from "../../../../data/geo/measure.ts";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { changedIds } from "../drawing/changed.ts";
import { type Ground, type GroundPoints, gridOfCode } from "./ground.ts";

/** Figures of a grid. */
export interface Meter {
  readonly households: number;
  readonly areaM2: number;
  /** Polsby and Popper 1991: 4π · area ÷ perimeter², 1 for a circle. */
  readonly compactness: number;
  /** Pieces that do not hang together; 1 for a grid in one piece. */
  readonly parts: number;
  readonly cameras: number;
  readonly incidents: number;
}

export const NO_METER: Meter = { households: 0, areaM2: 0, compactness: 0, parts: 0, cameras: 0, incidents: 0 };

const POINTS = ["buildings", "cameras", "incidents"] as const;
type PointKind = (typeof POINTS)[number];

/**
 * Figures of all grids of a graph, worked out again only for grids that changed: what lay in one of those before lies in
 * one of those now, since the plan's ground stays the same.
 */
export class Meters {
  readonly graph: PlanGraph;
  readonly #ground: Ground;
  readonly #cells: ReadonlyMap<CellId, Meter>;
  /** Numbers of the points in each grid. */
  readonly #members: Readonly<Record<PointKind, ReadonlyMap<CellId | null, readonly number[]>>>;

  private constructor(
    graph: PlanGraph,
    ground: Ground,
    cells: ReadonlyMap<CellId, Meter>,
    members: Readonly<Record<PointKind, ReadonlyMap<CellId | null, readonly number[]>>>,
  ) {
    this.graph = graph;
    this.#ground = ground;
    this.#cells = cells;
    this.#members = members;
  }

  /** Counts everything from scratch. */
  static of(graph: PlanGraph, ground: Ground): Meters {
    const all = (points: GroundPoints): readonly number[] => Array.from({ length: points.x.length }, (_, n) => n);
    const members = {
      buildings: sort(graph, ground.buildings, all(ground.buildings)),
      cameras: sort(graph, ground.cameras, all(ground.cameras)),
      incidents: sort(graph, ground.incidents, all(ground.incidents)),
    };
    const cells = new Map(graph.cells.keys().map((id) => [id, meterOf(graph, ground, id, members)] as const));
    return new Meters(graph, ground, cells, members);
  }

  /** The figures of another graph on the same ground. */
  to(graph: PlanGraph): Meters {
    if (graph === this.graph) return this;
    const changed = changedIds(this.graph, graph);
    if (changed.size === 0) return new Meters(graph, this.#ground, this.#cells, this.#members);
    const again = (kind: PointKind): ReadonlyMap<CellId | null, readonly number[]> => {
      const known = this.#members[kind];
      const members = new Map(known);
      const loose: number[] = [];
      for (const id of [...changed, null]) {
        loose.push(...(known.get(id) ?? []));
        members.delete(id);
      }
      for (const [id, points] of sort(graph, this.#ground[kind], loose))
        members.set(id, [...(members.get(id) ?? []), ...points]);
      return members;
    };
    const members = { buildings: again("buildings"), cameras: again("cameras"), incidents: again("incidents") };
    const cells = new Map(this.#cells);
    for (const id of changed)
      if (graph.cells.get(id)) cells.set(id, meterOf(graph, this.#ground, id, members));
      else cells.delete(id);
    return new Meters(graph, this.#ground, cells, members);
  }

  get(id: CellId): Meter | undefined {
    return this.#cells.get(id);
  }

  /** Households of the grid that a cell is or lies in. */
  householdsOfGrid(id: CellId): number {
    this.#grids ??= this.#sumGrids();
    return this.#grids.get(gridOfCell(this.graph, id)) ?? 0;
  }

  #grids: ReadonlyMap<string, number> | undefined;

  #sumGrids(): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const [id, { households }] of this.#cells) {
      const grid = gridOfCell(this.graph, id);
      sums.set(grid, (sums.get(grid) ?? 0) + households);
    }
    return sums;
  }

  /** Sum over some grids; compactness is left out, which has no sum. */
  sum(ids: Iterable<CellId>): Meter {
    let [households, area, parts, cameras, incidents] = [0, 0, 0, 0, 0];
    for (const id of ids) {
      const meter = this.#cells.get(id) ?? NO_METER;
      households += meter.households;
      area += meter.areaM2;
      parts += meter.parts;
      cameras += meter.cameras;
      incidents += meter.incidents;
    }
    return { households, areaM2: area, compactness: 0, parts, cameras, incidents };
  }
}

/** Code of the grid that a cell is or lies in; its id where it has no code. */
export const gridOfCell = (graph: PlanGraph, id: CellId): string => {
  const code = graph.cells.get(id)?.code;
  return code ? gridOfCode(code) : id;
};

function sort(graph: PlanGraph, points: GroundPoints, which: readonly number[]): Map<CellId | null, number[]> {
  const members = new Map<CellId | null, number[]>();
  for (const n of which) {
    const id = cellAt(graph, [points.x[n] as number, points.y[n] as number]);
    const list = members.get(id);
    if (list) list.push(n);
    else members.set(id, [n]);
  }
  return members;
}

function meterOf(
  graph: PlanGraph,
  ground: Ground,
  id: CellId,
  members: Readonly<Record<PointKind, ReadonlyMap<CellId | null, readonly number[]>>>,
): Meter {
  const count = (kind: PointKind): number =>
    (members[kind].get(id) ?? []).reduce((sum, n) => sum + (ground[kind].count[n] as number), 0);
  const polygons = fromLatticePolygons(cellPolygons(graph, id));
  const area = areaM2(polygons);
  let rim = 0;
  for (const rings of polygons)
    for (const ring of rings)
      for (let i = 1; i < ring.length; i++) rim += distanceM(ring[i - 1] as LonLat, ring[i] as LonLat);
  return {
    households: count("buildings"),
    areaM2: area,
    compactness: rim > 0 ? (4 * Math.PI * area) / (rim * rim) : 0,
    parts: polygons.length,
    cameras: count("cameras"),
    incidents: count("incidents"),
  };
}

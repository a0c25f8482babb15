import { cellPolygons } from "../../data/coverage/plan-graph/cell-polygons.ts";
import { type CellInput, graphOf } from "../../data/coverage/plan-graph/graph-of.ts";
import { fromLatticePolygons, type LatticePoint } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import type { MeteredPlace } from "../../data/coverage/plan-graph/metered-points.ts";
import { Prng } from "../../data/demo/prng.ts";
import { fromLattice, type MultiPolygonRings } from "../../data/model/geometry.ts";

/** Side of a cell: 0.003 degrees, some 300 m. */
const SIDE = 30_000;
const WEST = 1_126_000_000;
const SOUTH = 400_000_000;

export interface PlanCoverageShape {
  readonly columns: number;
  readonly rows: number;
  /** Corners between two corners of the board, on each border. */
  readonly between?: number;
  /** Cells on a side of a community. */
  readonly community?: number;
  /** Every so many cells have a dedicated grid inside; 0 = none. */
  readonly enclaveEvery?: number;
}

/**
 * A board of cells whose borders wiggle, corners shared exactly: cell `c<row>-<column>`, dedicated grids `d<row>-<column>`.
 * The first row is the southern one.
 */
export function planCoverage(
  { columns, rows, between = 4, community = 4, enclaveEvery = 7 }: PlanCoverageShape,
  seed = "plan",
): CellInput[] {
  const wiggle = (name: string, span: number): number => {
    const prng = new Prng(`${seed}/${name}`);
    return (prng.uint32() % (2 * span + 1)) - span;
  };
  const corner = (row: number, column: number): LatticePoint => [
    WEST + column * SIDE + wiggle(`x${row},${column}`, SIDE / 6),
    SOUTH + row * SIDE + wiggle(`y${row},${column}`, SIDE / 6),
  ];
  const borders = new Map<string, LatticePoint[]>();
  const border = (name: string, a: LatticePoint, b: LatticePoint): LatticePoint[] => {
    const known = borders.get(name);
    if (known) return known;
    const made: LatticePoint[] = [a];
    const reach = Math.floor(SIDE / Math.max(12, between * 4));
    const random = new Prng(`${seed}/${name}`);
    for (let i = 1; i <= between; i++) {
      const t = i / (between + 1);
      made.push([
        Math.round(a[0] + (b[0] - a[0]) * t) + random.int(-reach, reach),
        Math.round(a[1] + (b[1] - a[1]) * t) + random.int(-reach, reach),
      ]);
    }
    made.push(b);
    borders.set(name, made);
    return made;
  };
  const cells: CellInput[] = [];
  const serials = new Map<string, number>();
  const add = (id: string, kind: "basic" | "dedicated", parent: string, geometry: CellInput["geometry"]): void => {
    const serial = (serials.get(parent) ?? 0) + 1;
    serials.set(parent, serial);
    cells.push({ id, code: `${parent}${String(serial).padStart(3, "0")}`, kind, name: id, geometry });
  };
  const communities = Math.ceil(columns / community);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const number = Math.floor(row / community) * communities + Math.floor(column / community);
      const parent = `140226${100 + Math.floor(number / 900)}${String((number % 900) + 1).padStart(3, "0")}`;
      const [sw, se] = [corner(row, column), corner(row, column + 1)];
      const [nw, ne] = [corner(row + 1, column), corner(row + 1, column + 1)];
      const ring = [
        ...border(`h${row},${column}`, sw, se).slice(0, -1),
        ...border(`v${row},${column + 1}`, se, ne).slice(0, -1),
        ...border(`h${row + 1},${column}`, nw, ne)
          .toReversed()
          .slice(0, -1),
        ...border(`v${row},${column}`, sw, nw).toReversed(),
      ];
      const inside = enclaveEvery > 0 && (row * columns + column) % enclaveEvery === enclaveEvery - 1;
      const [x, y] = [WEST + column * SIDE + SIDE / 2, SOUTH + row * SIDE + SIDE / 2];
      const half = SIDE / 12;
      const hole: LatticePoint[] = [
        [x - half, y - half],
        [x - half, y + half],
        [x + half, y + half],
        [x + half, y - half],
        [x - half, y - half],
      ];
      add(`c${row}-${column}`, "basic", parent, [inside ? [ring, hole] : [ring]]);
      if (inside) add(`d${row}-${column}`, "dedicated", parent, [[hole.toReversed()]]);
    }
  return cells;
}

/** What all cells cover together. */
export function outlineOf(cells: readonly CellInput[]): MultiPolygonRings {
  const geometry = cells.flatMap((cell) => cell.geometry);
  return fromLatticePolygons(
    cellPolygons(graphOf([{ id: "all", code: null, kind: "county", name: "all", geometry }]), "all"),
  );
}

/** Buildings at random places of the board, some beyond it: two of three with an exact count of households. */
export function planPlaces({ columns, rows }: PlanCoverageShape, count: number, seed = "places"): MeteredPlace[] {
  const random = new Prng(seed);
  return Array.from({ length: count }, (_, i) => ({
    place: [
      fromLattice(WEST + random.int(-SIDE / 4, columns * SIDE + SIDE / 4)),
      fromLattice(SOUTH + random.int(-SIDE / 4, rows * SIDE + SIDE / 4)),
    ] as const,
    households: random.int(0, 60),
    exact: i % 3 > 0,
    cameras: random.int(0, 2),
    openIncidents: random.chance(0.1) ? 1 : 0,
    staff: random.chance(0.05) ? 1 : 0,
  }));
}

import { toLatticePolygons } from "../coverage/plan-graph/lattice-polygons.ts";
import { nodedGround, type OwnedGround } from "../coverage/plan-graph/owned-ground.ts";
import { type CoverageRepair, repairCoverage } from "../coverage/repair-coverage.ts";
import { unionFind } from "../coverage/union-find.ts";
import { dataError } from "../model/errors.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { type BlockBorders, NOBODY } from "./block-borders.ts";
import { crossingRing } from "./crossing-ring.ts";
import { fittingBorders } from "./fitting-borders.ts";
import { flatRings } from "./flat-rings.ts";

export interface BordersOfPolygons extends BlockBorders {
  /** True when borders fitted as they came. */
  readonly exact: boolean;
  /** Ground that changed hands before they fitted. */
  readonly repairs: readonly CoverageRepair[];
}

/**
 * Finds the borders between polygons. Where they fit exactly nothing is changed. Else lines are noded exactly: corners that
 * lie on a neighbour's line (T-junctions) become common ones, and overlaps go to one block (`repairCoverage`). Gaps stay.
 *
 * @param blocks WGS 84 lon/lat polygons, one or several parts with holes
 * @param nameOf what a block is called in an error: its place in the file
 * @throws DATA error naming the block whose ring touches or crosses itself
 */
export function bordersOfPolygons(
  blocks: readonly MultiPolygonRings[],
  nameOf: (block: number) => string,
): BordersOfPolygons {
  const rings = flatRings(blocks);
  if (rings.touching) throw ringError(nameOf(rings.touching.block), "touches itself", rings.touching.at);
  const fitting = fittingBorders(rings, blocks.length);
  if (fitting && !anyInside(fitting)) return { ...fitting, repairs: [], exact: true };
  const crossing = crossingRing(rings);
  if (crossing) throw ringError(nameOf(crossing.block), "crosses or touches itself", crossing.at);
  // Gaps stay: which blocks face each other across one is for `bridgeGaps` to say, whatever block it would go to.
  const members = blocks.map((geometry, block) => ({ code: String(block), geometry }));
  const mended = repairCoverage(members, { sliverWidthM: 0 });
  const repaired = flatRings(mended.geometries);
  const borders =
    fittingBorders(repaired, blocks.length) ??
    sidesOf(nodedGround(mended.geometries.map(toLatticePolygons)), blocks.length);
  return {
    ...borders,
    repairs: mended.repairs.filter(({ kind }) => kind !== "gap_kept"),
    exact: false,
  };
}

const ringError = (at: string, does: string, [lon, lat]: LonLat): Error =>
  dataError(`The outline of a block ${does} at ${lon.toFixed(7)}, ${lat.toFixed(7)}`, {
    at,
    hint: "Mend the polygon (in QGIS: Fix geometries), or leave it out.",
  });

function sidesOf({ xs, ys, from, to, left, right, owners }: OwnedGround, blocks: number): BlockBorders {
  const own = (side: ArrayLike<number>): Int32Array =>
    Int32Array.from(side, (owner) => (owner < 0 ? NOBODY : (owners[owner]?.member ?? NOBODY)));
  return { blocks, xs, ys, from: Int32Array.from(from), to: Int32Array.from(to), left: own(left), right: own(right) };
}

/** Blocks in groups that hang together over common borders: the number of a block's group. */
function groupsOf(ground: BlockBorders): Int32Array {
  const { root, join } = unionFind(ground.blocks);
  for (let edge = 0; edge < ground.from.length; edge++) {
    const [left, right] = [ground.left[edge] as number, ground.right[edge] as number];
    if (left >= 0 && right >= 0) join(left, right);
  }
  return Int32Array.from({ length: ground.blocks }, (_, block) => root(block));
}

/**
 * Whether ground of one group lies in ground of another: counting edges does not see a block within another one that has no
 * hole for it. Each group's first corner is held against all edges west of it: one that goes up and one that goes down
 * around it leave a winding number, by owner.
 */
function anyInside(ground: BlockBorders): boolean {
  const group = groupsOf(ground);
  const { xs, ys, from, to, left, right } = ground;
  const probes = new Map<number, number>();
  for (let edge = 0; edge < from.length; edge++) {
    const owner = Math.max(left[edge] as number, right[edge] as number);
    const at = group[owner] as number;
    if (!probes.has(at)) probes.set(at, from[edge] as number);
  }
  if (probes.size < 2) return false;
  const rows = rowsOf(ground);
  for (const [own, probe] of probes) {
    const [x, y] = [xs[probe] as number, ys[probe] as number];
    let winding = 0;
    for (const edge of rows.at(y)) {
      const [ay, by] = [ys[from[edge] as number] as number, ys[to[edge] as number] as number];
      if (ay > y === by > y) continue;
      const owner = Math.max(left[edge] as number, right[edge] as number);
      if (group[owner] === own) continue;
      const [ax, bx] = [xs[from[edge] as number] as number, xs[to[edge] as number] as number];
      if (ax + ((y - ay) / (by - ay)) * (bx - ax) >= x) continue;
      winding += by > ay === (left[edge] as number) >= 0 ? 1 : -1;
    }
    if (winding !== 0) return true;
  }
  return false;
}

/** Rows in which outer edges are kept by latitude. */
const ROWS = 1024;

/** Edges with nobody on one side, by the rows of latitude that they reach over. */
function rowsOf({ ys, from, to, left, right }: BlockBorders): { readonly at: (y: number) => readonly number[] } {
  const [south, north] = ys.reduce(([low, high], y) => [Math.min(low, y), Math.max(high, y)], [Infinity, -Infinity]);
  const height = (north - south + 1) / ROWS;
  const rowOf = (y: number): number => Math.floor((y - south) / height);
  const rows: number[][] = Array.from({ length: ROWS }, () => []);
  for (let edge = 0; edge < from.length; edge++) {
    if ((left[edge] as number) >= 0 && (right[edge] as number) >= 0) continue;
    const [a, b] = [rowOf(ys[from[edge] as number] as number), rowOf(ys[to[edge] as number] as number)];
    for (let row = Math.min(a, b); row <= Math.max(a, b); row++) (rows[row] as number[]).push(edge);
  }
  return { at: (y) => rows[rowOf(y)] ?? [] };
}

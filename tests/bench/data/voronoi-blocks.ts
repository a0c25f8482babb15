import { Delaunay } from "d3-delaunay";
import { Prng } from "../../../data/demo/prng.ts";
import { type BlockBorder, type BlockGraph, borderRows } from "../../../data/partition/block-graph.ts";

/** Metres: the side of a square block of 0.6 hectares. */
const SIDE = 77.5;

/**
 * A city of street blocks by its seed: Voronoi cells, 8 % without households, 3.5 % compounds of up to 600, the rest of a few dozen.
 * Some 34 households a block, so that a grid has twelve.
 */
export function voronoiBlocks(count: number, seed: string): BlockGraph {
  const prng = new Prng(seed);
  const random = (): number => prng.uint32() / 2 ** 32;
  const width = SIDE * Math.sqrt(count);
  const points = Float64Array.from({ length: 2 * count }, () => random() * width);
  const delaunay = new Delaunay(points);
  const voronoi = delaunay.voronoi([0, 0, width, width]);
  const area = new Float64Array(count);
  const perimeter = new Float64Array(count);
  const borders: BlockBorder[] = [];
  for (let v = 0; v < count; v++) {
    const ring = voronoi.cellPolygon(v);
    const corners = new Map<string, readonly [number, number]>();
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]] as [[number, number], [number, number]];
      area[v] = (area[v] as number) + (ax * by - bx * ay) / 2;
      perimeter[v] = (perimeter[v] as number) + Math.hypot(bx - ax, by - ay);
      corners.set(`${ax},${ay}`, [ax, ay]);
    }
    area[v] = Math.abs(area[v] as number);
    for (const u of voronoi.neighbors(v)) {
      if (u < v) continue;
      const common = [...voronoi.cellPolygon(u)].slice(1).flatMap(([x, y]) => corners.get(`${x},${y}`) ?? []);
      const [ax, ay, bx, by] = common;
      if (ax === undefined || ay === undefined || bx === undefined || by === undefined) continue;
      const length = Math.hypot(bx - ax, by - ay);
      if (length > 0.05) borders.push({ a: v, b: u, length });
    }
  }
  return {
    count,
    households: Int32Array.from({ length: count }, () => {
      const kind = random();
      if (kind < 0.08) return 0;
      return kind < 0.115 ? 80 + Math.floor(520 * random() * random()) : 5 + Math.floor(44 * random());
    }),
    area,
    perimeter,
    x: points.filter((_, i) => i % 2 === 0),
    y: points.filter((_, i) => i % 2 === 1),
    ...borderRows(count, borders),
    group: undefined,
    current: undefined,
    pinned: undefined,
  };
}

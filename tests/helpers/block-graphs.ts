import { type BlockBorder, type BlockGraph, borderRows } from "../../data/partition/block-graph.ts";

/** A graph of unit squares' borders (100 m each) between blocks of the given households. */
export function blockGraph(
  households: readonly number[],
  borders: readonly (readonly [number, number])[],
  more: Partial<BlockGraph> = {},
): BlockGraph {
  const count = households.length;
  const rows: BlockBorder[] = borders.map(([a, b]) => ({ a, b, length: 100 }));
  return {
    count,
    households: Int32Array.from(households),
    area: new Float64Array(count).fill(10_000),
    perimeter: new Float64Array(count).fill(400),
    x: undefined,
    y: undefined,
    ...borderRows(count, rows),
    group: undefined,
    current: undefined,
    pinned: undefined,
    ...more,
  };
}

/** A board of square blocks, row by row, with their middles as coordinates. */
export function latticeGraph(
  columns: number,
  rows: number,
  householdsOf: (block: number) => number,
  more: Partial<BlockGraph> = {},
): BlockGraph {
  const count = columns * rows;
  const borders: [number, number][] = [];
  for (let v = 0; v < count; v++) {
    if ((v + 1) % columns !== 0) borders.push([v, v + 1]);
    if (v + columns < count) borders.push([v, v + columns]);
  }
  return blockGraph(
    Array.from({ length: count }, (_, v) => householdsOf(v)),
    borders,
    {
      x: Float64Array.from({ length: count }, (_, v) => 100 * (v % columns)),
      y: Float64Array.from({ length: count }, (_, v) => 100 * Math.floor(v / columns)),
      ...more,
    },
  );
}

/**
 * Gives each grid of a division the number of the grid of today that it continues: pairs in the order of the households
 * they share (greedy by overlap; ties by more blocks, then the lower numbers), each number once. What continues none gets
 * numbers above all of today's, in the order of its first block. Deterministic; a pair that shares more than half of both
 * sides is always kept, as by an optimal assignment.
 */
export function continueIds(part: Int32Array, households: Int32Array, current: Int32Array | undefined): Int32Array {
  const overlaps = new Map<
    number,
    { readonly part: number; readonly grid: number; households: number; blocks: number }
  >();
  let highest = -1;
  let parts = 0;
  for (const p of part) parts = Math.max(parts, p + 1);
  for (let v = 0; v < part.length; v++) {
    const grid = current ? (current[v] as number) : -1;
    if (grid < 0) continue;
    highest = Math.max(highest, grid);
    const key = grid * parts + (part[v] as number);
    const known = overlaps.get(key) ?? { part: part[v] as number, grid, households: 0, blocks: 0 };
    known.households += households[v] as number;
    known.blocks++;
    overlaps.set(key, known);
  }
  const given = new Int32Array(parts).fill(-1);
  const taken = new Set<number>();
  const pairs = [...overlaps.values()].sort(
    (a, b) => b.households - a.households || b.blocks - a.blocks || a.grid - b.grid || a.part - b.part,
  );
  for (const { part: p, grid } of pairs) {
    if (given[p] !== -1 || taken.has(grid)) continue;
    given[p] = grid;
    taken.add(grid);
  }
  const out = new Int32Array(part.length);
  for (let v = 0; v < part.length; v++) {
    const p = part[v] as number;
    if (given[p] === -1) given[p] = ++highest;
    out[v] = given[p] as number;
  }
  return out;
}

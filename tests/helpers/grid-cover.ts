/**
 * Whether connected blocks can be divided into connected grids of `min` to `max` households, found out apart from
 * `data/partition`: all grids that could be are listed by their first block, and exact cover takes the first block without
 * a grid in turn. Up to 52 blocks (two numbers of 26 bits).
 */
export function canBeDivided(
  households: readonly number[],
  neighbours: readonly (readonly number[])[],
  { min, max }: { readonly min: number; readonly max: number },
): boolean {
  const count = households.length;
  if (count > 52) throw new Error(`${count} blocks`);
  const bits = (v: number): readonly [number, number] => (v < 26 ? [1 << v, 0] : [0, 1 << (v - 26)]);
  const sets = Array.from({ length: count }, (_, first) => gridsFrom(first));
  const hopeless = new Set<number>();
  return cover(0, 0);

  function cover(low: number, high: number): boolean {
    let first = 0;
    while (first < count && ((first < 26 ? low >> first : high >> (first - 26)) & 1) === 1) first++;
    if (first === count) return true;
    const key = high * 2 ** 26 + low;
    if (hopeless.has(key)) return false;
    for (const [a, b] of sets[first] as (readonly [number, number])[])
      if ((a & low) === 0 && (b & high) === 0 && cover(low | a, high | b)) return true;
    hopeless.add(key);
    return false;
  }

  /** Connected sets in range of which `first` is the lowest block. */
  function gridsFrom(first: number): (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    const grow = (
      low: number,
      high: number,
      total: number,
      border: readonly number[],
      shut: ReadonlySet<number>,
    ): void => {
      if (total > max) return;
      const [next, ...rest] = border;
      if (next === undefined) {
        if (total >= min) found.push([low, high]);
        return;
      }
      grow(low, high, total, rest, new Set([...shut, next]));
      const [a, b] = bits(next);
      const fresh = (neighbours[next] as readonly number[]).filter((u) => {
        const [c, d] = bits(u);
        return u > first && (c & low) === 0 && (d & high) === 0 && u !== next && !border.includes(u) && !shut.has(u);
      });
      grow(low | a, high | b, total + (households[next] as number), [...rest, ...fresh], shut);
    };
    const [a, b] = bits(first);
    grow(
      a,
      b,
      households[first] as number,
      (neighbours[first] as readonly number[]).filter((u) => u > first),
      new Set(),
    );
    return found;
  }
}

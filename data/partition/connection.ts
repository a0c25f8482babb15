import type { Level } from "./level.ts";

/** Whether grid p stays in one piece without v: its neighbours in p must reach each other within p. Exact, any graph. */
export function connectionTest({ count, offsets, neighbours, part }: Level): (v: number, p: number) => boolean {
  const mark = new Int32Array(count);
  const queue = new Int32Array(count);
  let tick = 0;
  return (v, p) => {
    tick += 2;
    const wanted = tick;
    const seen = tick + 1;
    let missing = 0;
    let first = -1;
    const high = offsets[v + 1] as number;
    for (let entry = offsets[v] as number; entry < high; entry++) {
      const u = neighbours[entry] as number;
      if (part[u] !== p) continue;
      mark[u] = wanted;
      missing++;
      first = u;
    }
    if (missing <= 1) return missing === 1;
    mark[v] = seen;
    mark[first] = seen;
    missing--;
    let end = 0;
    queue[end++] = first;
    for (let head = 0; head < end; head++) {
      const a = queue[head] as number;
      const stop = offsets[a + 1] as number;
      for (let entry = offsets[a] as number; entry < stop; entry++) {
        const u = neighbours[entry] as number;
        if (part[u] !== p) continue;
        const was = mark[u] as number;
        if (was === seen) continue;
        if (was === wanted && --missing === 0) return true;
        mark[u] = seen;
        queue[end++] = u;
      }
    }
    return false;
  };
}

/** Neighbour and cost of each border side by side: one line of the cache has both. */
export function packedBorders({ neighbours, cost }: Level): Int32Array {
  const packed = new Int32Array(2 * neighbours.length);
  for (let entry = 0; entry < neighbours.length; entry++) {
    packed[2 * entry] = neighbours[entry] as number;
    packed[2 * entry + 1] = cost[entry] as number;
  }
  return packed;
}

/**
 * The `limit` rows with the smallest keys, smallest first, equal keys by row: a heap of that size, so that a list of a
 * hundred out of a million rows costs one pass.
 *
 * @param keyOf order of a row; NaN = not wanted
 */
export function smallestRows(rows: Uint32Array, keyOf: (row: number) => number, limit: number): number[] {
  const keys: number[] = [];
  const heap: number[] = [];
  // True when entry `a` comes after entry `b`.
  const after = (a: number, b: number): boolean => {
    const difference = (keys[a] as number) - (keys[b] as number);
    return difference !== 0 ? difference > 0 : (heap[a] as number) > (heap[b] as number);
  };
  const swap = (a: number, b: number): void => {
    [keys[a], keys[b]] = [keys[b] as number, keys[a] as number];
    [heap[a], heap[b]] = [heap[b] as number, heap[a] as number];
  };
  const sink = (from: number): void => {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      let last = at;
      if (left < heap.length && after(left, last)) last = left;
      if (right < heap.length && after(right, last)) last = right;
      if (last === at) return;
      swap(at, last);
      at = last;
    }
  };
  if (limit <= 0) return [];
  for (const row of rows) {
    const key = keyOf(row);
    if (Number.isNaN(key)) continue;
    if (heap.length < limit) {
      keys.push(key);
      heap.push(row);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!after(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    } else if (key < (keys[0] as number) || (key === keys[0] && row < (heap[0] as number))) {
      keys[0] = key;
      heap[0] = row;
      sink(0);
    }
  }
  return heap
    .map((row, at) => ({ row, key: keys[at] as number }))
    .sort((a, b) => a.key - b.key || a.row - b.row)
    .map(({ row }) => row);
}

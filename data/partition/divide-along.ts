/** So few are put in order and cut at once. */
const FEW = 12;

/**
 * Orders `blocks` in place so that the first ones have the lower keys and nearly `share` of all households, and returns how
 * many those are: at least one, and not all. Blocks of like keys stand by number. Halves by halves (quickselect) instead of
 * sorting: time grows with the blocks alone.
 */
export function divideAlong(blocks: Int32Array, key: Float64Array, households: Int32Array, share: number): number {
  const count = blocks.length;
  let total = 0;
  for (let i = 0; i < count; i++) total += households[blocks[i] as number] as number;
  // Where nobody lives each block counts as one household.
  const alike = total === 0;
  if (alike) total = count;
  const wanted = total * share;
  let low = 0;
  let high = count;
  let before = 0;
  while (high - low > FEW) {
    const middle = pivot(blocks, key, low, high);
    let sum = before;
    for (let i = low; i < middle; i++) sum += alike ? 1 : (households[blocks[i] as number] as number);
    if (sum >= wanted) high = middle;
    else {
      before = sum;
      low = middle;
    }
  }
  sortFew(blocks, key, low, high);
  for (; low < high; low++) {
    const after = before + (alike ? 1 : (households[blocks[low] as number] as number));
    if (after >= wanted) {
      if (after - wanted < wanted - before) low++;
      break;
    }
    before = after;
  }
  return Math.max(1, Math.min(count - 1, low));
}

const isBefore = (key: Float64Array, a: number, b: number): boolean => {
  const difference = (key[a] as number) - (key[b] as number);
  return difference < 0 || (difference === 0 && a < b);
};

/** Puts what comes before the middlemost of three samples in front; both sides get something. @returns where the rest begins */
function pivot(blocks: Int32Array, key: Float64Array, low: number, high: number): number {
  let first = blocks[low] as number;
  let last = blocks[high - 1] as number;
  const middle = blocks[(low + high) >> 1] as number;
  if (isBefore(key, last, first)) [first, last] = [last, first];
  const chosen = isBefore(key, middle, first) ? first : isBefore(key, last, middle) ? last : middle;
  let i = low;
  let j = high - 1;
  for (;;) {
    while (isBefore(key, blocks[i] as number, chosen)) i++;
    while (isBefore(key, chosen, blocks[j] as number)) j--;
    if (i >= j) return i;
    const swapped = blocks[i] as number;
    blocks[i++] = blocks[j] as number;
    blocks[j--] = swapped;
  }
}

function sortFew(blocks: Int32Array, key: Float64Array, low: number, high: number): void {
  for (let i = low + 1; i < high; i++) {
    const block = blocks[i] as number;
    let at = i;
    for (; at > low && isBefore(key, block, blocks[at - 1] as number); at--) blocks[at] = blocks[at - 1] as number;
    blocks[at] = block;
  }
}

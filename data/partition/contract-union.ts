import type { RandomBits } from "./anneal.ts";
import type { EnergyTerms } from "./energy.ts";
import type { Level } from "./level.ts";

/** Super-blocks that the ground of a few grids is joined to at most: 3^10 ÷ 2 ways to cut are weighed in a tenth of a millisecond. */
export const MOST_SUPER_BLOCKS = 10;

/** The ground of a few grids as at most `MOST_SUPER_BLOCKS` connected super-blocks. */
export interface Union {
  readonly count: number;
  readonly households: Int32Array;
  readonly load: Int32Array;
  /** Border cost all around each super-block, towards the union and the rest alike. */
  readonly outline: Float64Array;
  /** Border cost between two, at `a · count + b`. */
  readonly shared: Float64Array;
  /** Neighbours of each as bits. */
  readonly touching: Int32Array;
  /** Places of the super-blocks of a set of bits. */
  readonly placesOf: (set: number) => number[];
}

const MOST_PLACES = 96;

/** Joins again and again a small super-block, picked with some luck, to the neighbour that it shares most of its outline with. */
export function contractUnion(
  level: Level,
  places: readonly number[],
  terms: EnergyTerms,
  random: RandomBits,
): Union | undefined {
  const n = places.length;
  if (n > MOST_PLACES) return undefined;
  const at = new Map<number, number>();
  for (let i = 0; i < n; i++) at.set(places[i] as number, i);
  const shared = new Float64Array(n * n);
  const outline = new Float64Array(n);
  const households = Int32Array.from(places, (v) => level.households[v] as number);
  const load = Int32Array.from(places, (v) => level.load[v] as number);
  const members = places.map((v) => [v]);
  const alive = new Uint8Array(n).fill(1);
  places.forEach((v, i) => {
    for (let entry = level.offsets[v] as number; entry < (level.offsets[v + 1] as number); entry++) {
      // Half a millionth more: a border of length 0 is a border all the same.
      const cost = Math.max(0.5, level.cost[entry] as number);
      outline[i] = (outline[i] as number) + cost;
      const j = at.get(level.neighbours[entry] as number);
      if (j !== undefined) shared[i * n + j] = cost;
    }
  });
  const luck = (): number => {
    random.state ^= random.state << 13;
    random.state ^= random.state >>> 17;
    random.state ^= random.state << 5;
    return (random.state >>> 0) / 4294967296;
  };
  let left = n;
  for (; left > MOST_SUPER_BLOCKS; left--) {
    const small = smallest();
    const into = partner(small, true) ?? partner(small, false);
    if (into === undefined) return undefined;
    join(small, into);
  }
  return numbered();

  function smallest(): number {
    let chosen = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (alive[i] === 0) continue;
      const size = ((households[i] as number) + 0.04 * terms.target) * (0.3 + luck());
      if (size < least) [chosen, least] = [i, size];
    }
    return chosen;
  }
  function partner(small: number, inRange: boolean): number | undefined {
    let chosen: number | undefined;
    let most = 0;
    for (let j = 0; j < n; j++) {
      const common = shared[small * n + j] as number;
      if (alive[j] === 0 || j === small || common === 0) continue;
      const together = (households[small] as number) + (households[j] as number);
      if (inRange && together > terms.max) continue;
      const worth = inRange
        ? ((common / Math.min(outline[small] as number, outline[j] as number)) * (0.4 + luck())) /
          (1 + together / terms.target)
        : common;
      if (worth > most) [chosen, most] = [j, worth];
    }
    return chosen;
  }
  function join(a: number, b: number): void {
    outline[b] = (outline[b] as number) + (outline[a] as number) - 2 * (shared[a * n + b] as number);
    households[b] = (households[b] as number) + (households[a] as number);
    load[b] = (load[b] as number) + (load[a] as number);
    for (let j = 0; j < n; j++) {
      if (j !== a && j !== b) {
        const sum = (shared[b * n + j] as number) + (shared[a * n + j] as number);
        shared[b * n + j] = sum;
        shared[j * n + b] = sum;
      }
      shared[a * n + j] = 0;
      shared[j * n + a] = 0;
    }
    alive[a] = 0;
    (members[b] as number[]).push(...(members[a] as number[]));
  }
  function numbered(): Union {
    const ids: number[] = [];
    for (let i = 0; i < n; i++) if (alive[i] === 1) ids.push(i);
    const count = ids.length;
    const between = new Float64Array(count * count);
    const touching = new Int32Array(count);
    ids.forEach((i, a) => {
      ids.forEach((j, b) => {
        const common = shared[i * n + j] as number;
        if (a === b || common === 0) return;
        between[a * count + b] = common;
        touching[a] = (touching[a] as number) | (1 << b);
      });
    });
    return {
      count,
      households: Int32Array.from(ids, (i) => households[i] as number),
      load: Int32Array.from(ids, (i) => load[i] as number),
      outline: Float64Array.from(ids, (i) => outline[i] as number),
      shared: between,
      touching,
      placesOf: (set) => {
        const out: number[] = [];
        for (let bits = set; bits !== 0; bits &= bits - 1)
          out.push(...(members[ids[31 - Math.clz32(bits & -bits)] as number] as number[]));
        return out;
      },
    };
  }
}

/** Things by number in groups that grow together (disjoint sets; paths are halved on the way, Tarjan and van Leeuwen 1984). */
export interface UnionFind {
  /** The member that speaks for the group of a thing; equal for two things that hang together. */
  readonly root: (thing: number) => number;
  /** Makes the groups of two things one; the root of `into` speaks for both. */
  readonly join: (thing: number, into: number) => void;
}

/** @param count things 0 … count − 1, each a group of its own at first */
export function unionFind(count: number): UnionFind {
  const up = Int32Array.from({ length: count }, (_, thing) => thing);
  const root = (thing: number): number => {
    let at = thing;
    while (up[at] !== at) {
      up[at] = up[up[at] as number] as number;
      at = up[at] as number;
    }
    return at;
  };
  return {
    root,
    join: (thing, into) => {
      up[root(thing)] = root(into);
    },
  };
}

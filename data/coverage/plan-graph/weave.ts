/** Edges between numbered points, each once, with what lies on either side of from → to. */
export interface SidedEdges {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/** Edges in a row, from a node to a node. */
export interface Strand {
  readonly points: readonly number[];
  /** Number of the first edge, and whether it runs along the strand. */
  readonly first: number;
  readonly along: boolean;
  readonly left: number;
  readonly right: number;
}

/**
 * Joins edges to strands that end where other than two edges meet. A closed border that meets no other one begins at a
 * preferred point where it has one, else at its westernmost (then southernmost) point.
 *
 * @param points number of points
 * @param mustEnd points at which strands end however many edges meet there
 * @param before true when a closed border should rather begin at the first point than at the second
 */
export function weave(
  { from, to, left, right }: SidedEdges,
  points: number,
  mustEnd: (point: number) => boolean,
  before: (a: number, b: number) => boolean,
): Strand[] {
  const starts = new Int32Array(points + 1);
  for (let edge = 0; edge < from.length; edge++) {
    const [a, b] = [from[edge] as number, to[edge] as number];
    starts[a + 1] = (starts[a + 1] as number) + 1;
    starts[b + 1] = (starts[b + 1] as number) + 1;
  }
  for (let point = 0; point < points; point++)
    starts[point + 1] = (starts[point + 1] as number) + (starts[point] as number);
  const halves = new Int32Array(from.length * 2);
  const next = starts.slice();
  for (let edge = 0; edge < from.length; edge++) {
    for (const back of [0, 1]) {
      const origin = (back ? to[edge] : from[edge]) as number;
      const at = next[origin] as number;
      halves[at] = edge * 2 + back;
      next[origin] = at + 1;
    }
  }
  const degree = (point: number): number => (starts[point + 1] as number) - (starts[point] as number);
  const isEnd = (point: number): boolean => degree(point) !== 2 || mustEnd(point);
  const used = new Uint8Array(from.length);
  const strands: Strand[] = [];
  const follow = (start: number, origin: number, ends: (point: number) => boolean): void => {
    const row = [origin];
    for (let half = start; ; ) {
      const edge = half >> 1;
      used[edge] = 1;
      const point = ((half & 1) === 0 ? to[edge] : from[edge]) as number;
      row.push(point);
      if (ends(point)) break;
      const first = starts[point] as number;
      half = (halves[first] === (half ^ 1) ? halves[first + 1] : halves[first]) as number;
    }
    const along = (start & 1) === 0;
    const edge = start >> 1;
    strands.push({
      points: row,
      first: edge,
      along,
      left: (along ? left[edge] : right[edge]) as number,
      right: (along ? right[edge] : left[edge]) as number,
    });
  };
  for (let point = 0; point < points; point++) {
    if (degree(point) === 0 || !isEnd(point)) continue;
    for (let at = starts[point] as number; at < (starts[point + 1] as number); at++)
      if (!used[(halves[at] as number) >> 1]) follow(halves[at] as number, point, isEnd);
  }
  for (let edge = 0; edge < from.length; edge++) {
    if (used[edge]) continue;
    // A loop without a node: find where it should begin, then take it from there.
    let begin = from[edge] as number;
    for (let half = edge * 2; ; ) {
      const point = ((half & 1) === 0 ? to[half >> 1] : from[half >> 1]) as number;
      if (before(point, begin)) begin = point;
      if (point === from[edge]) break;
      const first = starts[point] as number;
      half = (halves[first] === (half ^ 1) ? halves[first + 1] : halves[first]) as number;
    }
    follow(halves[starts[begin] as number] as number, begin, (point) => point === begin);
  }
  return strands;
}

/** Squared distance of a point from the stretch between two others, in the points' own plane. */
function squaredDistance(
  [x, y]: readonly [number, number],
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2;
}

/**
 * A line with fewer points that nowhere leaves the original by more than `tolerance`: Douglas and Peucker, 1973
 * ("Algorithms for the reduction of the number of points required to represent a digitized line"). For drawings only:
 * neighbours in a coverage do not keep their common border.
 *
 * @param tolerance in the points' own units
 * @returns first and last point as they were; a line of up to two points unchanged
 */
export function simplifyLine<P extends readonly [number, number]>(line: readonly P[], tolerance: number): P[] {
  if (line.length <= 2) return [...line];
  const kept = new Uint8Array(line.length);
  kept[0] = 1;
  kept[line.length - 1] = 1;
  const limit = tolerance * tolerance;
  const stretches: [number, number][] = [[0, line.length - 1]];
  for (let next = stretches.pop(); next; next = stretches.pop()) {
    const [from, to] = next;
    let farthest = -1;
    let most = limit;
    for (let i = from + 1; i < to; i++) {
      const distance = squaredDistance(line[i] as P, line[from] as P, line[to] as P);
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    if (farthest < 0) continue;
    kept[farthest] = 1;
    stretches.push([from, farthest], [farthest, to]);
  }
  return line.filter((_, index) => kept[index] === 1);
}

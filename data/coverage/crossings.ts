import { orient2d } from "robust-predicates";
import { type LatticeCoverage, type Report, toLonLat } from "./lattice-coverage.ts";

/** An undirected edge of members, with all areas that use it. */
interface Segment {
  readonly a: number;
  readonly b: number;
  readonly owners: Set<number>;
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/**
 * Finds edges that meet elsewhere than at common corners, by a sweep from west to east over their boxes and exact
 * orientation tests. Identical edges are one, so a sound coverage has none.
 */
export function findCrossings(coverage: LatticeCoverage, report: Report): void {
  const { xs, ys, codes } = coverage;
  const segments = collectSegments(coverage);
  const name = (owner: number): string => codes[owner] ?? "";
  const turn = (p: number, q: number, r: number): number =>
    Math.sign(
      orient2d(xs[p] as number, ys[p] as number, xs[q] as number, ys[q] as number, xs[r] as number, ys[r] as number),
    );
  const onBox = (s: Segment, p: number): boolean =>
    (xs[p] as number) >= s.west &&
    (xs[p] as number) <= s.east &&
    (ys[p] as number) >= s.south &&
    (ys[p] as number) <= s.north;

  const examine = (s: Segment, t: Segment): void => {
    const [a, b, c, d] = [turn(s.a, s.b, t.a), turn(s.a, s.b, t.b), turn(t.a, t.b, s.a), turn(t.a, t.b, s.b)];
    const touching = [
      a === 0 && onBox(s, t.a) && t.a !== s.a && t.a !== s.b ? t.a : -1,
      b === 0 && onBox(s, t.b) && t.b !== s.a && t.b !== s.b ? t.b : -1,
      c === 0 && onBox(t, s.a) && s.a !== t.a && s.a !== t.b ? s.a : -1,
      d === 0 && onBox(t, s.b) && s.b !== t.a && s.b !== t.b ? s.b : -1,
    ].find((corner) => corner >= 0);
    const proper = a * b < 0 && c * d < 0;
    if (touching === undefined && !proper) return;
    const owners = [...s.owners, ...t.owners];
    const shared = [...s.owners].filter((owner) => t.owners.has(owner));
    const corner = touching ?? s.a;
    const where = toLonLat(coverage, corner);
    const names = owners.filter((owner) => owner >= 0).map(name);
    if (shared.some((owner) => owner >= 0) && (proper || s.owners.size + t.owners.size === 2)) {
      const mine = shared.filter((owner) => owner >= 0).map(name);
      report({ kind: "self_crossing", codes: mine, where, message: `${mine.join(", ")} crosses itself` });
    } else if (!proper) {
      report({
        kind: "t_junction",
        codes: names,
        where,
        message: "A corner lies on a neighbour's edge that has no corner there",
      });
    } else if (owners.includes(-1)) {
      report({ kind: "outside_parent", codes: names, where, message: "An edge crosses the parent's boundary" });
    } else {
      report({ kind: "overlap", codes: names, where, message: "Edges of two areas cross" });
    }
  };

  const order = segments.sort((s, t) => s.west - t.west || s.a - t.a || s.b - t.b);
  let active: Segment[] = [];
  for (const segment of order) {
    const kept: Segment[] = [];
    for (const other of active) {
      if (other.east < segment.west) continue;
      kept.push(other);
      if (other.south <= segment.north && other.north >= segment.south) examine(other, segment);
    }
    kept.push(segment);
    active = kept;
  }
}

function collectSegments({ xs, ys, rings }: LatticeCoverage): Segment[] {
  const byKey = new Map<number, Segment>();
  const size = xs.length;
  for (const { owner, corners } of rings) {
    for (let i = 0; i < corners.length; i++) {
      const [p, q] = [corners[i] as number, corners[(i + 1) % corners.length] as number];
      const [a, b] = p < q ? [p, q] : [q, p];
      const known = byKey.get(a * size + b);
      if (known) {
        known.owners.add(owner);
        continue;
      }
      const [ax, ay, bx, by] = [xs[a], ys[a], xs[b], ys[b]] as [number, number, number, number];
      byKey.set(a * size + b, {
        a,
        b,
        owners: new Set([owner]),
        west: Math.min(ax, bx),
        east: Math.max(ax, bx),
        south: Math.min(ay, by),
        north: Math.max(ay, by),
      });
    }
  }
  return [...byKey.values()];
}

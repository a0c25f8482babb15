import { orient2d } from "robust-predicates";
import { type LatticeCoverage, type LatticeRing, type Report, toLonLat } from "./lattice-coverage.ts";

/**
 * Matches directed edges. An edge that two members use in the same direction is an overlap; an edge without its reverse is
 * outer boundary, and that must be the parent's, or, without a parent, one ring around everything: rings that run the
 * other way around are gaps, further outer rings are detached pieces.
 */
export function findBoundaryIssues(coverage: LatticeCoverage, report: Report): void {
  const { rings, xs, codes } = coverage;
  const size = xs.length;
  const owners = new Map<number, number>();
  const parentEdges = new Set<number>();
  const name = (owner: number): string => codes[owner] ?? "";
  for (const { owner, corners } of rings) {
    for (let i = 0; i < corners.length; i++) {
      const [a, b] = [corners[i] as number, corners[(i + 1) % corners.length] as number];
      const key = a * size + b;
      if (owner < 0) {
        parentEdges.add(key);
        continue;
      }
      const other = owners.get(key);
      if (other === undefined) owners.set(key, owner);
      else {
        report({
          kind: other === owner ? "self_crossing" : "overlap",
          codes: [name(other), name(owner)],
          where: toLonLat(coverage, a),
          message:
            other === owner ? `${name(owner)} uses one edge twice` : "Two areas lie on the same side of one edge",
        });
      }
    }
  }
  const open = new Map<number, number>();
  for (const [key, owner] of owners) {
    const reversed = (key % size) * size + Math.floor(key / size);
    if (!owners.has(reversed)) open.set(key, owner);
  }
  if (coverage.hasParent) compareWithParent(coverage, open, parentEdges, report);
  else classifyLoops(coverage, open, report);
}

function compareWithParent(
  coverage: LatticeCoverage,
  open: ReadonlyMap<number, number>,
  parentEdges: ReadonlySet<number>,
  report: Report,
): void {
  const size = coverage.xs.length;
  const grounds = groundsOf(coverage);
  const parent = grounds.find((ground) => ground.owner < 0);
  const name = (owner: number): string => coverage.codes[owner] ?? "";
  for (const [key, owner] of open) {
    if (parentEdges.has(key)) continue;
    const [a, b] = [Math.floor(key / size), key % size];
    const over = ownersBeyond(coverage, grounds, a, b, owner);
    if (over.length > 0) {
      report({
        kind: "overlap",
        codes: [name(owner), ...over.map(name)],
        where: toLonLat(coverage, a),
        message: "Two areas share ground",
      });
    } else if (parent && holdsMiddle(coverage, parent, a, b)) {
      report({
        kind: "gap",
        codes: [name(owner)],
        where: toLonLat(coverage, a),
        message: `Beyond an edge of ${name(owner)} nobody holds the ground`,
      });
    } else {
      report({
        kind: "outside_parent",
        codes: [name(owner)],
        where: toLonLat(coverage, a),
        message: `An edge of ${name(owner)} is not the parent's boundary`,
      });
    }
  }
  for (const key of parentEdges) {
    if (open.has(key)) continue;
    const a = Math.floor(key / size);
    report({
      kind: "gap",
      codes: [],
      where: toLonLat(coverage, a),
      message: "Inside the parent's boundary nobody holds the ground",
    });
  }
}

/** Follows the open edges to rings, the outside kept on the right, and tells the outer boundary from gaps and pieces. */
function classifyLoops(coverage: LatticeCoverage, open: ReadonlyMap<number, number>, report: Report): void {
  const { xs, ys } = coverage;
  const size = xs.length;
  const name = (owner: number): string => coverage.codes[owner] ?? "";
  const from = new Map<number, number[]>();
  for (const key of open.keys()) {
    const a = Math.floor(key / size);
    const list = from.get(a);
    if (list) list.push(key % size);
    else from.set(a, [key % size]);
  }
  const loops: { readonly start: number; readonly area: bigint; readonly owners: number[] }[] = [];
  for (const start of from.keys()) {
    while ((from.get(start)?.length ?? 0) > 0) {
      const corners = [start];
      const owners = new Set<number>();
      let before: number | undefined;
      for (let here = start; ; ) {
        const options = from.get(here);
        if (!options || options.length === 0) break;
        const to = before === undefined ? (options[0] as number) : rightmost(coverage, before, here, options);
        options.splice(options.indexOf(to), 1);
        owners.add(open.get(here * size + to) as number);
        before = here;
        here = to;
        if (here === start) break;
        corners.push(here);
      }
      let area = 0n;
      for (let i = 0; i < corners.length; i++) {
        const [p, q] = [corners[i] as number, corners[(i + 1) % corners.length] as number];
        area += BigInt(xs[p] as number) * BigInt(ys[q] as number) - BigInt(xs[q] as number) * BigInt(ys[p] as number);
      }
      loops.push({ start, area, owners: [...owners] });
    }
  }
  loops.sort((p, q) => (q.area > p.area ? 1 : q.area < p.area ? -1 : p.start - q.start));
  loops.forEach((loop, i) => {
    const codes = loop.owners.map(name);
    const where = toLonLat(coverage, loop.start);
    if (loop.area < 0n) report({ kind: "gap", codes, where, message: "Ground between the areas that nobody holds" });
    else if (i > 0) report({ kind: "detached", codes, where, message: "These areas share no border with the others" });
  });
  const grounds = groundsOf(coverage);
  for (const [key, owner] of open) {
    const a = Math.floor(key / size);
    const over = ownersBeyond(coverage, grounds, a, key % size, owner);
    if (over.length > 0) {
      report({
        kind: "overlap",
        codes: [name(owner), ...over.map(name)],
        where: toLonLat(coverage, a),
        message: "Two areas share ground",
      });
    }
  }
}

/** Of several ways on, the first to the right, so that loops that touch in a corner stay apart. */
function rightmost({ xs, ys }: LatticeCoverage, before: number, here: number, options: readonly number[]): number {
  const turn = (p: number, q: number, r: number): number =>
    -orient2d(xs[p] as number, ys[p] as number, xs[q] as number, ys[q] as number, xs[r] as number, ys[r] as number);
  let best = options[0] as number;
  for (const option of options.slice(1)) {
    // Counter-clockwise order around `here`, starting from the way back.
    const [s, t] = [turn(before, here, option), turn(before, here, best)];
    const better = s < 0 !== t < 0 ? s < 0 : turn(here, best, option) < 0;
    if (better) best = option;
  }
  return best;
}

/** Rings of one member (or of the parent) with their box in lattice units. */
interface Ground {
  readonly owner: number;
  readonly rings: readonly LatticeRing[];
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

function groundsOf({ rings, xs, ys }: LatticeCoverage): Ground[] {
  const byOwner = new Map<number, LatticeRing[]>();
  for (const ring of rings) {
    const list = byOwner.get(ring.owner);
    if (list) list.push(ring);
    else byOwner.set(ring.owner, [ring]);
  }
  return [...byOwner].map(([owner, own]) => {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const corner of own.flatMap((ring) => ring.corners)) {
      [west, south] = [Math.min(west, xs[corner] as number), Math.min(south, ys[corner] as number)];
      [east, north] = [Math.max(east, xs[corner] as number), Math.max(north, ys[corner] as number)];
    }
    return { owner, rings: own, west, south, east, north };
  });
}

/** Members other than `owner` that strictly hold the middle of an edge. */
const ownersBeyond = (
  coverage: LatticeCoverage,
  grounds: readonly Ground[],
  a: number,
  b: number,
  owner: number,
): number[] =>
  grounds
    .filter((ground) => ground.owner >= 0 && ground.owner !== owner && holdsMiddle(coverage, ground, a, b))
    .map((ground) => ground.owner);

/** True when the middle of edge a–b lies strictly inside the ground (even-odd), exactly: coordinates are doubled. */
function holdsMiddle({ xs, ys }: LatticeCoverage, ground: Ground, a: number, b: number): boolean {
  const x = (xs[a] as number) + (xs[b] as number);
  const y = (ys[a] as number) + (ys[b] as number);
  if (x < 2 * ground.west || x > 2 * ground.east || y < 2 * ground.south || y > 2 * ground.north) return false;
  let inside = false;
  for (const { corners } of ground.rings) {
    for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      const [py, qy] = [2 * (ys[corners[j] as number] as number), 2 * (ys[corners[i] as number] as number)];
      if ((py < y && qy < y) || (py > y && qy > y)) continue;
      const [px, qx] = [2 * (xs[corners[j] as number] as number), 2 * (xs[corners[i] as number] as number)];
      // robust-predicates counts the y axis downwards: its negative is a left turn here.
      const side = -orient2d(px, py, qx, qy, x, y);
      if (side === 0 && x >= Math.min(px, qx) && x <= Math.max(px, qx)) return false;
      if (py > y !== qy > y && (qy > py ? side > 0 : side < 0)) inside = !inside;
    }
  }
  return inside;
}

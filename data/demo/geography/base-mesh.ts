import { Delaunay } from "d3-delaunay";
import { bugError } from "../../model/errors.ts";
import type { LocalPlane, Metres } from "./local-plane.ts";
import { type EdgeRank, Mesh, OUTSIDE } from "./mesh.ts";
import { direction, distance, lerp, ringArea } from "./plane-geometry.ts";
import type { Seed } from "./seeds.ts";
import type { SitePlan } from "./site-plan.ts";

/** What is known of a face of the mesh while the county is drawn. */
export interface Cell {
  readonly seed: Seed;
  /** Street block: faces between the same streets share it. */
  block: number;
  /** Part of a built-up area; false in the countryside. */
  urban: boolean;
}

export interface BaseMesh {
  readonly mesh: Mesh;
  readonly cells: Cell[];
}

/** Length of the jog between two crossings that almost coincide, metres. */
const JOG_M = 7;

const next = (e: number): number => (e % 3 === 2 ? e - 2 : e + 1);

/** Voronoi cells of the seeds inside the county as a mesh, borders tagged with the street or river along them. */
export function buildBaseMesh(plan: SitePlan, plane: LocalPlane, seeds: readonly Seed[]): BaseMesh {
  const flat = new Float64Array(seeds.length * 2);
  seeds.forEach((seed, i) => {
    flat[2 * i] = seed.at[0];
    flat[2 * i + 1] = seed.at[1];
  });
  const { triangles, halfedges } = new Delaunay(flat);
  const inside = countySeeds(plan, seeds, triangles);
  const mesh = new Mesh(plane);
  const cells: Cell[] = [];
  const vertexOf = new Map<number, number>();
  const vertex = (triangle: number): number => {
    const known = vertexOf.get(triangle);
    if (known !== undefined) return known;
    const corner = (k: number): Metres => (seeds[triangles[3 * triangle + k] as number] as Seed).at;
    const added = mesh.addVertex(circumcentre(corner(0), corner(1), corner(2)));
    vertexOf.set(triangle, added);
    return added;
  };
  const incoming = new Map<number, number>();
  for (let e = 0; e < triangles.length; e++) {
    const seed = triangles[next(e)] as number;
    if (halfedges[e] === -1 || !incoming.has(seed)) incoming.set(seed, e);
  }
  const faceSeed: number[] = [];
  for (const seed of inside) {
    const loop: number[] = [];
    const start = incoming.get(seed) as number;
    let e = start;
    do {
      loop.push(vertex(Math.floor(e / 3)));
      e = halfedges[next(e)] as number;
    } while (e !== start && e !== -1);
    if (e === -1) throw bugError("A county cell reaches the hull of the seeds", { at: `seed ${seed}` });
    if (ringArea(loop.map((v) => mesh.at(v))) < 0) loop.reverse();
    mesh.addFace(loop);
    faceSeed.push(seed);
    cells.push({ seed: seeds[seed] as Seed, block: cells.length, urban: (seeds[seed] as Seed).urban });
  }
  closeJogs(plan, mesh, cells);
  for (const { a, b, left, right } of mesh.edges()) {
    if (right === OUTSIDE) continue;
    const tag = borderTag(plan, (cells[left] as Cell).seed, (cells[right] as Cell).seed);
    if (tag) mesh.setTag(a, b, tag);
  }
  return { mesh, cells };
}

/** Seeds inside the outline: the largest connected set, with enclosed outsiders taken in. */
function countySeeds(plan: SitePlan, seeds: readonly Seed[], triangles: Uint32Array): number[] {
  const around: Set<number>[] = seeds.map(() => new Set());
  for (let e = 0; e < triangles.length; e++) {
    const [a, b] = [triangles[e] as number, triangles[next(e)] as number];
    around[a]?.add(b);
    around[b]?.add(a);
  }
  const isIn = seeds.map((seed) => seed.urban || plan.county.relative(seed.at) < 1);
  for (const wanted of [true, false]) {
    const components = connected(isIn, wanted, around);
    components.sort((a, b) => b.length - a.length);
    for (const stray of components.slice(1)) for (const seed of stray) isIn[seed] = !wanted;
  }
  return seeds.flatMap((_, i) => (isIn[i] ? [i] : []));
}

function connected(isIn: readonly boolean[], wanted: boolean, around: readonly Set<number>[]): number[][] {
  const seen = new Set<number>();
  const out: number[][] = [];
  for (let i = 0; i < isIn.length; i++) {
    if (isIn[i] !== wanted || seen.has(i)) continue;
    const component = [i];
    seen.add(i);
    for (let k = 0; k < component.length; k++) {
      for (const other of around[component[k] as number] ?? []) {
        if (isIn[other] === wanted && !seen.has(other)) {
          seen.add(other);
          component.push(other);
        }
      }
    }
    out.push(component);
  }
  return out;
}

function circumcentre(a: Metres, b: Metres, c: Metres): Metres {
  const [dx, dy, ex, ey] = [b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]];
  const bl = dx * dx + dy * dy;
  const cl = ex * ex + ey * ey;
  const d = 0.5 / (dx * ey - dy * ex);
  return [a[0] + (ey * bl - dy * cl) * d, a[1] + (dx * cl - ex * bl) * d];
}

/**
 * Shortens the stubs between crossings that nearly coincide, so that street blocks look four-cornered. The two crossings
 * stay apart by a small jog: a vertex with four edges would let an area touch itself.
 */
function closeJogs(plan: SitePlan, mesh: Mesh, cells: readonly Cell[]): void {
  const moved = new Set<number>();
  const edges = [...mesh.edges()].filter((edge) => edge.right !== OUTSIDE);
  const byLength = edges
    .map((edge) => ({ ...edge, length: distance(mesh.at(edge.a), mesh.at(edge.b)) }))
    .sort((p, q) => p.length - q.length || p.a - q.a || p.b - q.b);
  for (const { a, b, left, right, length } of byLength) {
    const [l, r] = [(cells[left] as Cell).seed, (cells[right] as Cell).seed];
    const limit = l.urban && r.urban ? plan.superblock * 0.3 : plan.ruralSpacing * 0.12;
    if (length > limit || moved.has(a) || moved.has(b)) continue;
    // The border of two Voronoi cells is perpendicular to the line between their seeds, however short it is.
    const toward = direction(l.at, r.at);
    const along: Metres = [-toward[1], toward[0]];
    const middle = lerp(mesh.at(a), mesh.at(b), 0.5);
    const [oldA, oldB] = [mesh.at(a), mesh.at(b)];
    mesh.moveVertex(a, [middle[0] - (along[0] * JOG_M) / 2, middle[1] - (along[1] * JOG_M) / 2]);
    mesh.moveVertex(b, [middle[0] + (along[0] * JOG_M) / 2, middle[1] + (along[1] * JOG_M) / 2]);
    const touched = facesAround(mesh, a, b, left, right);
    if (touched.every((face) => isSimple(mesh.ring(face)))) {
      moved.add(a);
      moved.add(b);
    } else {
      mesh.moveVertex(a, oldA);
      mesh.moveVertex(b, oldB);
    }
  }
}

/** The two faces of an edge and the two at its ends. */
function facesAround(mesh: Mesh, a: number, b: number, left: number, right: number): number[] {
  const out = [left, right];
  for (const face of [left, right]) {
    const loop = mesh.loop(face);
    for (const v of [a, b]) {
      const i = loop.indexOf(v);
      const before = loop[(i + loop.length - 1) % loop.length] as number;
      const after = loop[(i + 1) % loop.length] as number;
      for (const other of [mesh.faceLeft(v, before), mesh.faceLeft(after, v)]) {
        if (other !== OUTSIDE && !out.includes(other)) out.push(other);
      }
    }
  }
  return out;
}

/** True when a small ring is counter-clockwise and does not cross itself. */
export function isSimple(ring: readonly Metres[]): boolean {
  if (ringArea(ring) <= 0) return false;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i] as Metres, ring[(i + 1) % ring.length] as Metres];
    for (let j = i + 2; j < ring.length; j++) {
      if (i === 0 && j === ring.length - 1) continue;
      if (crosses(a, b, ring[j] as Metres, ring[(j + 1) % ring.length] as Metres)) return false;
    }
  }
  return true;
}

const turn = (p: Metres, q: Metres, r: Metres): number => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);

/** True when two segments meet; touching counts, with a margin far above rounding and far below a metre. */
export function crosses(a: Metres, b: Metres, c: Metres, d: Metres): boolean {
  const margin = 1e-3;
  const s = turn(a, b, c);
  const t = turn(a, b, d);
  const u = turn(c, d, a);
  const v = turn(c, d, b);
  return !(
    (s > margin && t > margin) ||
    (s < -margin && t < -margin) ||
    (u > margin && v > margin) ||
    (u < -margin && v < -margin)
  );
}

function borderTag(plan: SitePlan, a: Seed, b: Seed): { rank: EdgeRank; lines: string[] } | undefined {
  if (a.bank !== b.bank) return { rank: "river", lines: [] };
  if (a.guide?.curve.kind === "road" && b.guide?.curve === a.guide.curve && a.guide.side !== b.guide.side) {
    return { rank: "arterial", lines: [] };
  }
  if (!a.urban || !b.urban) return undefined;
  if (a.street && b.street && a.street.grid === b.street.grid) {
    const { grid } = a.street;
    const [di, dj] = [b.street.i - a.street.i, b.street.j - a.street.j];
    const lines: string[] = [];
    if (di === 1 || di === -1) lines.push(`${grid}:u${Math.min(a.street.i, b.street.i)}`);
    if (dj === 1 || dj === -1) lines.push(`${grid}:v${Math.min(a.street.j, b.street.j)}`);
    if (lines.length > 0)
      return { rank: lines.some((line) => isArterial(plan, line)) ? "arterial" : "collector", lines };
  }
  const bank = a.guide?.curve.kind === "river" || b.guide?.curve.kind === "river";
  if (bank && (!a.guide || !b.guide)) return { rank: "collector", lines: [`bank ${a.bank}`] };
  return { rank: "collector", lines: [] };
}

/** Every second or third street line between superblocks is an arterial. */
function isArterial(plan: SitePlan, line: string): boolean {
  const index = Number(line.slice(line.lastIndexOf(":") + 2));
  const every = plan.seat.radius / plan.superblock > 9 ? 3 : 2;
  return index % every === 1;
}

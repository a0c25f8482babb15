import type { Prng } from "../prng.ts";
import type { BaseMesh, Cell } from "./base-mesh.ts";
import type { Metres } from "./local-plane.ts";
import { type Mesh, OUTSIDE } from "./mesh.ts";
import { direction, distance, lerp } from "./plane-geometry.ts";

/**
 * Makes borders of the countryside irregular by midpoint displacement, once for each shared edge, so that both sides get
 * the same vertices. A wiggle that would come near another edge of either face is halved, then dropped, so faces stay
 * simple.
 */
export function wiggleBorders({ mesh, cells }: BaseMesh, strength: number, random: Prng): void {
  const rural = (face: number): boolean => face === OUTSIDE || !(cells[face] as Cell).urban;
  const edges = [...mesh.edges()].filter(
    ({ a, b, left, right }) =>
      rural(left) && rural(right) && mesh.tag(a, b).rank === "none" && distance(mesh.at(a), mesh.at(b)) > 90,
  );
  for (const { a, b, left, right } of edges) {
    for (let scale = strength; scale > strength / 5; scale /= 2) {
      const inner = displace(mesh.at(a), mesh.at(b), scale, random);
      const line = [mesh.at(a), ...inner, mesh.at(b)];
      if (![left, right].every((face) => face === OUTSIDE || staysClear(mesh, face, a, b, line))) continue;
      let from = a;
      for (const point of inner) {
        const v = mesh.addVertex(point);
        mesh.insertOnEdge(from, b, v);
        from = v;
      }
      break;
    }
  }
}

/** Points between two ends, displaced sideways by a part of each piece's length, pieces down to about 90 m. */
function displace(a: Metres, b: Metres, strength: number, random: Prng): Metres[] {
  const length = distance(a, b);
  if (length < 90) return [];
  const along = direction(a, b);
  const side = random.range(-1, 1) * strength * length;
  const middle = lerp(a, b, random.range(0.4, 0.6));
  const point: Metres = [middle[0] - along[1] * side, middle[1] + along[0] * side];
  return [...displace(a, point, strength * 0.8, random), point, ...displace(point, b, strength * 0.8, random)];
}

/** True when a line from a to b keeps off all other edges of the face, sharing only its ends with them. */
function staysClear(mesh: Mesh, face: number, a: number, b: number, line: readonly Metres[]): boolean {
  const loop = mesh.loop(face);
  for (let i = 0; i < loop.length; i++) {
    const [p, q] = [loop[i] as number, loop[(i + 1) % loop.length] as number];
    if ((p === a && q === b) || (p === b && q === a)) continue;
    const [c, d] = [mesh.at(p), mesh.at(q)];
    for (let k = 0; k + 1 < line.length; k++) {
      const [s, t] = [line[k] as Metres, line[k + 1] as Metres];
      const shares = (k === 0 && (p === a || q === a)) || (k + 2 === line.length && (p === b || q === b));
      if (shares) {
        // Edges that share an end must leave it at a clear angle.
        const pivot = (k === 0 && (p === a || q === a) ? mesh.at(a) : mesh.at(b)) as Metres;
        const other = p === a || p === b ? d : c;
        const own = pivot === s ? t : s;
        const [u, w] = [direction(pivot, own), direction(pivot, other)];
        if (u[0] * w[0] + u[1] * w[1] > 0.9) return false;
      } else if (nearSegments(s, t, c, d)) return false;
    }
  }
  return true;
}

/** Distance of r from the line p–q, metres; positive on the left. */
const offside = (p: Metres, q: Metres, r: Metres): number =>
  ((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])) / Math.max(distance(p, q), 1e-3);

/** True when two segments cross or come within a metre at an end. */
function nearSegments(a: Metres, b: Metres, c: Metres, d: Metres): boolean {
  const s = offside(a, b, c);
  const t = offside(a, b, d);
  const u = offside(c, d, a);
  const v = offside(c, d, b);
  return !((s > 1 && t > 1) || (s < -1 && t < -1) || (u > 1 && v > 1) || (u < -1 && v < -1));
}

import type { Prng } from "../prng.ts";
import type { Corridors } from "./corridors.ts";
import type { Metres } from "./local-plane.ts";
import { clipLeft, direction, distance, insetRing, ringArea, ringCentroid } from "./plane-geometry.ts";
import type { Settlement } from "./village-houses.ts";

/**
 * Fields between the villages: each rural cell is cut into strips along its longer side.
 *
 * @param rings rural cells before their borders were made irregular (convex)
 * @param limit about how many fields at most
 */
export function layFields(
  rings: readonly (readonly Metres[])[],
  settlements: readonly Settlement[],
  corridors: Corridors,
  style: { readonly fieldShare: number; readonly fieldReach: number },
  limit: number,
  random: Prng,
): Metres[][] {
  const out: Metres[][] = [];
  const strips = Math.max(2, Math.min(5, Math.floor(limit / Math.max(rings.length, 1))));
  for (const ring of rings) {
    const inset = insetRing(ring, () => 16);
    if (inset.length < 3) continue;
    const near = settlements.filter((place) => distance(place.at, ringCentroid(inset)) < style.fieldReach);
    if (near.length === 0) continue;
    for (const field of slice(inset, random.int(Math.max(2, strips - 2), strips), random)) {
      const centre = ringCentroid(field);
      if (ringArea(field) < 5000 || !random.chance(style.fieldShare)) continue;
      if (near.some((place) => distance(place.at, centre) < place.radius + 60)) continue;
      if (corridors.blocks(centre, 45)) continue;
      out.push(field);
    }
  }
  return out;
}

/** Cuts a convex ring into strips across its longer extent, with a path between them. */
function slice(ring: readonly Metres[], count: number, random: Prng): Metres[][] {
  let along: Metres = [1, 0];
  let longest = 0;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i] as Metres, ring[(i + 1) % ring.length] as Metres];
    if (distance(a, b) > longest) [longest, along] = [distance(a, b), direction(a, b)];
  }
  const across: Metres = [-along[1], along[0]];
  const extent = (axis: Metres): [number, number] => {
    const t = ring.map((p) => p[0] * axis[0] + p[1] * axis[1]);
    return [Math.min(...t), Math.max(...t)];
  };
  const [e, f] = [extent(along), extent(across)];
  const [axis, [low, high]] = e[1] - e[0] > f[1] - f[0] ? [along, e] : [across, f];
  const out: Metres[][] = [];
  let from = low;
  for (let k = 0; k < count; k++) {
    const to = k === count - 1 ? high : low + ((high - low) * (k + 1 + random.range(-0.2, 0.2))) / count;
    const start: Metres = [axis[0] * (from + 4), axis[1] * (from + 4)];
    const end: Metres = [axis[0] * (to - 4), axis[1] * (to - 4)];
    const side: Metres = [-axis[1], axis[0]];
    const part = clipLeft(clipLeft(ring, start, [-side[0], -side[1]]), end, side);
    if (part.length > 2) out.push(part);
    from = to;
  }
  return out;
}

import type { Prng } from "../prng.ts";
import { type AreaNode, allocateWhole, leavesOf } from "./area-tree.ts";
import type { BaseMesh } from "./base-mesh.ts";
import { rectangle } from "./building-plan.ts";
import type { Corridors } from "./corridors.ts";
import type { Metres } from "./local-plane.ts";
import { labelPoint, outlineOf } from "./outlines.ts";
import { distance, distanceToRing, insideRing, lerp } from "./plane-geometry.ts";
import type { PlacedBuilding } from "./town-buildings.ts";

/** A village's settled part: houses along lanes. */
export interface Settlement {
  readonly at: Metres;
  readonly radius: number;
  readonly lanes: readonly (readonly Metres[])[];
  readonly houses: readonly PlacedBuilding[];
}

const ROW_M = 31;
const PLOT_M = 44;

/** Settles a village: rows of courtyards around its middle, each deepest area with its own share. */
export function settleVillage(
  base: BaseMesh,
  village: AreaNode,
  perHouse: number,
  corridors: Corridors,
  random: Prng,
): Settlement {
  const { mesh } = base;
  const rings = (node: AreaNode): Metres[][] => outlineOf(mesh, node.faces).map((ring) => ring.map((v) => mesh.at(v)));
  const heart = openPlace(labelPoint(rings(village)), rings(village)[0] as Metres[], corridors, random);
  const slope = random.range(-0.3, 0.3);
  const norm = Math.sqrt(1 + slope * slope);
  const along: Metres = [1 / norm, slope / norm];
  const houses: PlacedBuilding[] = [];
  let radius = 60;
  for (const leaf of leavesOf(village)) {
    const ring = rings(leaf)[0] as Metres[];
    const centre = leaf === village ? heart : towards(heart, labelPoint([ring]), ring);
    const wanted = Math.max(1, Math.min(leaf.households, Math.round(leaf.households / perHouse)));
    const plots = plotsAround(centre, along, ring, wanted, corridors, random);
    const households = allocateWhole(
      leaf.households,
      plots.map(() => random.range(0.75, 1.25)),
      1,
    );
    plots.forEach((at, i) => {
      radius = Math.max(radius, distance(at, heart) + 30);
      const size = 0.9 + 0.2 * random.float();
      houses.push({
        ring: rectangle(at, along, 36 * size, 10),
        at,
        face: leaf.faces[0] as number,
        leaf,
        compound: undefined,
        households: households[i] as number,
        floors: random.chance(0.8) ? 1 : 2,
      });
    });
  }
  return { at: heart, radius, lanes: lanesOf(heart, along, Math.min(radius, 420), random), houses };
}

/** The label point, or the nearest of some places around it that lie off the roads and the water. */
function openPlace(label: Metres, ring: readonly Metres[], corridors: Corridors, random: Prng): Metres {
  if (!corridors.blocks(label, 90)) return label;
  let best = label;
  let bestGap = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 60; i++) {
    const p: Metres = [label[0] + random.range(-420, 420), label[1] + random.range(-420, 420)];
    const gap = distance(p, label);
    if (gap < bestGap && !corridors.blocks(p, 90) && insideRing(p, ring) && distanceToRing(p, ring) > 70) {
      [best, bestGap] = [p, gap];
    }
  }
  return best;
}

/** The place inside a ring that is nearest to the village's heart on the way to the ring's own middle. */
function towards(heart: Metres, own: Metres, ring: readonly Metres[]): Metres {
  for (let step = 0; step < 10; step++) {
    const p = lerp(heart, own, step / 10);
    if (insideRing(p, ring) && distanceToRing(p, ring) > 50) return p;
  }
  return own;
}

function plotsAround(
  centre: Metres,
  along: Metres,
  ring: readonly Metres[],
  wanted: number,
  corridors: Corridors,
  random: Prng,
): Metres[] {
  for (const [margin, clear] of [
    [24, 14],
    [21, -10],
  ] as const) {
    const found: { readonly at: Metres; readonly rank: number }[] = [];
    const reach = Math.ceil(Math.sqrt(wanted) * 1.5) + 4;
    for (let i = -reach; i <= reach; i++) {
      for (let j = -reach; j <= reach; j++) {
        // Every third row leaves room for a lane.
        const x = i * PLOT_M + ((j & 1) === 0 ? 0 : 6) + (i > 0 ? 8 : 0);
        const y = j * ROW_M + (j > 0 ? 10 : 0);
        const at: Metres = [centre[0] + along[0] * x - along[1] * y, centre[1] + along[1] * x + along[0] * y];
        if (corridors.blocks(at, clear) || !insideRing(at, ring) || distanceToRing(at, ring) < margin) continue;
        found.push({ at, rank: distance(at, centre) * random.range(0.75, 1.25) });
      }
    }
    found.sort((a, b) => a.rank - b.rank);
    if (found.length >= wanted || (margin < 24 && found.length > 0))
      return found.slice(0, wanted).map((plot) => plot.at);
  }
  return [labelPoint([ring])];
}

/** A main lane, one across, and short ones between the rows. */
function lanesOf(heart: Metres, along: Metres, radius: number, random: Prng): Metres[][] {
  const at = (x: number, y: number): Metres => [
    heart[0] + along[0] * x - along[1] * y,
    heart[1] + along[1] * x + along[0] * y,
  ];
  const half = PLOT_M / 2 + 4;
  const out: Metres[][] = [
    [at(-radius * random.range(0.85, 1.1), 20), at(radius * random.range(0.85, 1.1), 20)],
    [at(half, -radius * random.range(0.7, 1)), at(half, radius * random.range(0.7, 1))],
  ];
  if (radius > 170) out.push([at(-radius * 0.7, 20 - 3 * ROW_M), at(radius * 0.6, 20 - 3 * ROW_M)]);
  if (radius > 230) out.push([at(-radius * 0.5, 20 + 3 * ROW_M), at(radius * 0.7, 20 + 3 * ROW_M)]);
  return out;
}

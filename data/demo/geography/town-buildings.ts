import type { Prng } from "../prng.ts";
import { type AreaNode, allocateWhole, leavesOf } from "./area-tree.ts";
import type { BaseMesh } from "./base-mesh.ts";
import { type BuildingPlan, rectangle, rowDirection, slabRows } from "./building-plan.ts";
import type { CompoundPlan } from "./compounds.ts";
import type { Corridors } from "./corridors.ts";
import type { Metres } from "./local-plane.ts";
import { type EdgeRank, OUTSIDE } from "./mesh.ts";
import { labelPoint, outlineOf } from "./outlines.ts";
import { distanceToRing, insetRing, insideRing, ringArea } from "./plane-geometry.ts";

/** A building with its residents. */
export interface PlacedBuilding extends BuildingPlan {
  readonly leaf: AreaNode;
  readonly compound: CompoundPlan | undefined;
  readonly households: number;
  readonly floors: number;
}

/** Distance of buildings from the middle of what runs along an edge, metres. */
const BUILDING_LINE_M: Record<EdgeRank, number> = { none: 7, local: 14, collector: 20, arterial: 28, river: 85 };

/** Buildable part of a face. */
export function buildableRing({ mesh }: BaseMesh, face: number): Metres[] {
  const loop = mesh.loop(face);
  return insetRing(mesh.ring(face), (i) => {
    const [a, b] = [loop[i] as number, loop[(i + 1) % loop.length] as number];
    return mesh.faceLeft(b, a) === OUTSIDE ? 14 : BUILDING_LINE_M[mesh.tag(a, b).rank];
  });
}

/**
 * Places the residential slabs of a built-up community, and a few buildings without residents. Every deepest area gets at
 * least one building, every compound at least one building with residents.
 *
 * @param perBuilding wanted households of a building
 */
export function placeTownBuildings(
  base: BaseMesh,
  community: AreaNode,
  compounds: readonly CompoundPlan[],
  parks: ReadonlySet<number>,
  perBuilding: number,
  corridors: Corridors,
  random: Prng,
): PlacedBuilding[] {
  const compoundOf = new Map(compounds.flatMap((plan) => plan.faces.map((face) => [face, plan] as const)));
  const out: PlacedBuilding[] = [];
  for (const leaf of leavesOf(community)) {
    const dedicated = leaf.kind === "dedicated";
    const lots = leaf.faces
      .filter((face) => !parks.has(face))
      .map((face) => {
        const compound = compoundOf.get(face);
        const slots = slotsOf(base, face, perBuilding, dedicated, corridors);
        // A compound of narrow faces gets a house all the same.
        if (slots.length === 0 && compound?.faces[0] === face) slots.push(fallbackSlot(base, face));
        return { face, compound, slots };
      })
      .filter((lot) => lot.slots.length > 0);
    if (lots.length === 0) {
      const face = leaf.faces[0] as number;
      lots.push({ face, compound: compoundOf.get(face), slots: [fallbackSlot(base, face)] });
    }
    const room = lots.reduce((sum, lot) => sum + lot.slots.length, 0);
    const needed = Math.max(
      1,
      Math.round(leaf.households / perBuilding),
      new Set(lots.flatMap((lot) => lot.compound ?? [])).size,
    );
    const residential = Math.min(room, leaf.households, needed);
    const counts = spreadOver(lots, residential);
    const placed: BuildingPlan[] = [];
    const spare: BuildingPlan[] = [];
    lots.forEach((lot, i) => {
      const picked = new Set(evenly(lot.slots.length, counts[i] as number));
      lot.slots.forEach((ring, k) => {
        const plan = { ring, at: middle(ring), face: lot.face };
        if (picked.has(k)) placed.push(plan);
        else spare.push(plan);
      });
    });
    const households = allocateWhole(
      leaf.households,
      placed.map(() => random.range(0.8, 1.2)),
      1,
    );
    placed.forEach((plan, i) => {
      const count = households[i] as number;
      const floors = count > 60 ? random.int(16, 26) : count > 36 ? random.int(9, 18) : random.int(5, 7);
      out.push({
        ...plan,
        leaf,
        compound: compoundOf.get(plan.face),
        households: count,
        floors: dedicated ? 2 : floors,
      });
    });
    // Shops, offices and halls: nobody lives there.
    const others = dedicated ? Math.min(spare.length, 3) : random.chance(0.3) ? Math.min(spare.length, 1) : 0;
    for (const plan of random.shuffle(spare).slice(0, others)) {
      out.push({ ...plan, leaf, compound: undefined, households: 0, floors: random.int(1, 5) });
    }
  }
  return out;
}

function slotsOf(
  base: BaseMesh,
  face: number,
  perBuilding: number,
  dedicated: boolean,
  corridors: Corridors,
): Metres[][] {
  const ring = buildableRing(base, face);
  if (ring.length < 3 || ringArea(ring) < 500) return [];
  const big = perBuilding > 45;
  const size = dedicated
    ? { length: 90, depth: 34, rowPitch: 70, gap: 24 }
    : { length: big ? 48 : 56, depth: big ? 17 : 13, rowPitch: big ? 46 : 36, gap: 14 };
  return slabRows(ring, size).filter((slab) => !corridors.blocks(middle(slab), 12));
}

/** A small house at the deepest place of the face, for faces that no slab fits into. */
function fallbackSlot(base: BaseMesh, face: number): Metres[] {
  const rings = outlineOf(base.mesh, [face]).map((ring) => ring.map((v) => base.mesh.at(v)));
  const at = labelPoint(rings);
  const ring = rings[0] as Metres[];
  const along = rowDirection(ring);
  for (let scale = 1; scale > 0.1; scale *= 0.7) {
    const slab = rectangle(at, along, 24 * scale, 12 * scale);
    if (slab.every((corner) => insideRing(corner, ring) && distanceToRing(corner, ring) > 0.5)) return slab;
  }
  return rectangle(at, along, 2, 1.5);
}

/** Buildings per lot: one in each compound first, then by room, compounds counting threefold. */
function spreadOver(
  lots: readonly { readonly compound: CompoundPlan | undefined; readonly slots: readonly unknown[] }[],
  total: number,
): number[] {
  const counts = lots.map(() => 0);
  let left = total;
  const served = new Set<CompoundPlan>();
  lots.forEach((lot, i) => {
    if (left > 0 && lot.compound && !served.has(lot.compound)) {
      served.add(lot.compound);
      counts[i] = 1;
      left--;
    }
  });
  while (left > 0) {
    let best = -1;
    let bestFill = Number.POSITIVE_INFINITY;
    lots.forEach((lot, i) => {
      const count = counts[i] as number;
      const fill = count / (lot.slots.length * (lot.compound ? 3 : 1));
      if (count < lot.slots.length && fill < bestFill) [best, bestFill] = [i, fill];
    });
    if (best < 0) break;
    counts[best] = (counts[best] as number) + 1;
    left--;
  }
  return counts;
}

/** `count` indices spread over `0 … total − 1`. */
const evenly = (total: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * total) / count));

const middle = (ring: readonly Metres[]): Metres => {
  const [a, , c] = ring as [Metres, Metres, Metres];
  return [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2];
};

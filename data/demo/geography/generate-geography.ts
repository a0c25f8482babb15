import type { BuildingRecord, CompoundRecord, GridCompoundRecord } from "../../model/area.ts";
import type { CountyGeography } from "../../model/dataset.ts";
import { bugError } from "../../model/errors.ts";
import type { LonLat, MultiPolygonRings } from "../../model/geometry.ts";
import type { Uuid } from "../../model/ids.ts";
import { nameSort } from "../../model/name-sort.ts";
import type { Prng } from "../prng.ts";
import type { DemoProfile } from "../profile.ts";
import { areaRecords, numberGrids, outlines } from "./area-records.ts";
import type { AreaNode } from "./area-tree.ts";
import { assignAreas } from "./assign-areas.ts";
import { assignTowns } from "./assign-towns.ts";
import { buildBaseMesh, type Cell } from "./base-mesh.ts";
import { buildCellGraph, type CellGraph } from "./cell-graph.ts";
import { type CompoundPlan, choosePark, compoundNames, compoundRing, planCompounds } from "./compounds.ts";
import { contextRecords } from "./context-records.ts";
import { Corridors } from "./corridors.ts";
import { layFields } from "./fields.ts";
import { layGuideCurves } from "./guide-curves.ts";
import { placeIds } from "./ids.ts";
import { LocalPlane, type Metres } from "./local-plane.ts";
import { ValueNoise } from "./noise.ts";
import { distanceToRing, ringCentroid } from "./plane-geometry.ts";
import { spreadSeeds } from "./seeds.ts";
import { planSites } from "./site-plan.ts";
import { collectStreets } from "./streets.ts";
import { subdivideTown } from "./subdivide.ts";
import { buildableRing, type PlacedBuilding, placeTownBuildings } from "./town-buildings.ts";
import { type Settlement, settleVillage } from "./village-houses.ts";
import { pond, pourWaters } from "./waters.ts";
import { wiggleBorders } from "./wiggle.ts";

/** At most about this many buildings with residents: town, countryside. */
const BUILDING_BUDGET = { town: 6200, village: 4600 } as const;
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * Draws a county that does not exist: outline, river, roads, street blocks, villages and houses, and the areas of the
 * profile as an exact coverage on the 1e-7 degree lattice (WGS 84 lon/lat). Households come from the profile and sum
 * exactly: buildings → deepest area → grid → community → town → county.
 *
 * Only + − × ÷, sqrt, integer operations and the given generator decide anything, so that equal arguments give equal
 * bytes on every engine.
 *
 * @throws AppError `BUG` when the profile asks for more areas than its land can be cut into
 */
export function generateGeography(profile: DemoProfile, random: Prng): CountyGeography {
  const plan = planSites(profile, random.fork("plan"));
  const curves = layGuideCurves(plan, random.fork("curves"));
  const seeds = spreadSeeds(plan, curves, random.fork("seeds"));
  const plane = new LocalPlane(profile.centre);
  const base = buildBaseMesh(plan, plane, seeds);
  const { mesh, cells } = base;
  const townOfSeed = new Map<Cell["seed"], number>();
  assignTowns(plan, buildCellGraph(mesh), cells).forEach((town, face) => {
    townOfSeed.set((cells[face] as Cell).seed, town);
  });
  subdivideTown(base, plan, finerInTheMiddle(plan.seat), random.fork("streets"));
  const townOf = cells.map((cell) => townOfSeed.get(cell.seed) as number);
  const towns = assignAreas(base, profile.towns, townOf, random.fork("areas"));
  const convexFields = cells.flatMap((cell, face) => (cell.urban ? [] : [mesh.ring(face)]));
  wiggleBorders(base, plan.style.wiggle, random.fork("wiggle"));

  const graph = buildCellGraph(mesh);
  const communities = towns.flatMap((town) => town.children);
  const outline = outlines(mesh);
  numberGrids(communities, outline);
  const waters = pourWaters(plan, curves, random.fork("waters"));
  const corridors = new Corridors(curves, plan.style.riverHalfWidth[1] + 25);
  for (const lake of waters.lakes) corridors.keepFree(lake.at, lake.radius * 1.35);

  const parks = choosePark(communities, graph, random.fork("parks"));
  const compounds = countyCompounds(profile, communities, { base, graph, parks, random: random.fork("compounds") });
  const buildings: PlacedBuilding[] = [];
  const settlements: Settlement[] = [];
  const perBuilding = clamp(sumHouseholds(communities, true) / BUILDING_BUDGET.town, 18, 80);
  const perHouse = clamp(sumHouseholds(communities, false) / BUILDING_BUDGET.village, 12, 40);
  const houses = random.fork("houses");
  for (const community of communities) {
    if (community.urban) {
      const own = compounds.get(community) ?? [];
      buildings.push(...placeTownBuildings(base, community, own, parks, perBuilding, corridors, houses));
    } else {
      const settlement = settleVillage(base, community, perHouse, corridors, houses);
      settlements.push(settlement);
      buildings.push(...settlement.houses);
    }
  }

  const newId = placeIds(random.fork("ids"));
  const toLonLat = (point: Metres): LonLat => plane.toLonLat(point);
  const areas = areaRecords(profile, towns, outline, toLonLat, newId);
  const built = buildRecords([...compounds.values()].flat(), buildings, { base, idOf: areas.idOf, toLonLat, newId });
  const parkRings = [...parks, ...dedicatedParks(communities)]
    .map((face) => buildableRing(base, face))
    .filter((ring) => ring.length > 2);
  const noise = new ValueNoise(random.fork("ponds"));
  const context = contextRecords(
    {
      plan,
      curves,
      waters,
      streets: collectStreets(base),
      settlements,
      parks: parkRings,
      ponds: parkRings
        .filter((_, i) => i % 2 === 0)
        .map((ring) => pond(ringCentroid(ring), distanceToRing(ringCentroid(ring), ring) * 0.5, noise)),
      fields: layFields(convexFields, settlements, corridors, plan.style, 4200, random.fork("fields")),
    },
    plane,
    newId,
    random.fork("names"),
  );
  return { areas: areas.records, ...built, context };
}

/** Old towns have small blocks in the middle and large ones at the edge. */
const finerInTheMiddle =
  (seat: { relative(point: Metres): number }) =>
  (at: Metres): number =>
    0.6 + 0.7 * Math.min(seat.relative(at), 1.1);

const sumHouseholds = (communities: readonly AreaNode[], urban: boolean): number =>
  communities.reduce((sum, node) => sum + (node.urban === urban ? node.households : 0), 0);

const dedicatedParks = (communities: readonly AreaNode[]): number[] =>
  communities.flatMap((node) =>
    node.children.filter((grid) => grid.name.endsWith("公园专属网格")).flatMap((grid) => grid.faces),
  );

interface CompoundContext {
  readonly base: ReturnType<typeof buildBaseMesh>;
  readonly graph: CellGraph;
  readonly parks: ReadonlySet<number>;
  readonly random: Prng;
}

function countyCompounds(
  profile: DemoProfile,
  communities: readonly AreaNode[],
  { base, graph, parks, random }: CompoundContext,
): Map<AreaNode, CompoundPlan[]> {
  const names = compoundNames(random);
  const wanted = new Map(profile.towns.flatMap((town) => town.communities.map((c) => [c.code, c.compounds] as const)));
  const out = new Map<AreaNode, CompoundPlan[]>();
  for (const community of communities) {
    const count = wanted.get(community.code) ?? 0;
    if (count === 0) continue;
    const plans = planCompounds(base, graph, community, count, parks, names, random);
    if (plans.length < count) {
      throw bugError(`Only ${plans.length} of ${count} compounds fit`, {
        at: community.code,
        hint: "Lower `compounds`.",
      });
    }
    out.set(community, plans);
  }
  return out;
}

interface RecordContext {
  readonly base: ReturnType<typeof buildBaseMesh>;
  readonly idOf: ReadonlyMap<AreaNode, Uuid>;
  readonly toLonLat: (point: Metres) => LonLat;
  readonly newId: () => Uuid;
}

function buildRecords(
  plans: readonly CompoundPlan[],
  placed: readonly PlacedBuilding[],
  { base, idOf, toLonLat, newId }: RecordContext,
): { compounds: CompoundRecord[]; gridCompounds: GridCompoundRecord[]; buildings: BuildingRecord[] } {
  const closed = (ring: readonly Metres[]): MultiPolygonRings => {
    const points = ring.map(toLonLat);
    return [[[...points, points[0] as LonLat]]];
  };
  const compoundId = new Map<CompoundPlan, Uuid>();
  const households = new Map<CompoundPlan, Map<Uuid, number>>();
  const gridOf = new Map<AreaNode, AreaNode>();
  for (const node of idOf.keys()) {
    if (node.level !== "community") continue;
    for (const grid of node.children)
      for (const leaf of grid.children.length > 0 ? grid.children : [grid]) gridOf.set(leaf, grid);
  }
  for (const plan of plans) compoundId.set(plan, newId());
  for (const building of placed) {
    const grid = gridOf.get(building.leaf);
    if (!building.compound || !grid) continue;
    const shares = households.get(building.compound) ?? new Map<Uuid, number>();
    households.set(building.compound, shares);
    const id = idOf.get(grid) as Uuid;
    shares.set(id, (shares.get(id) ?? 0) + building.households);
  }
  const compounds: CompoundRecord[] = [];
  const gridCompounds: GridCompoundRecord[] = [];
  for (const plan of plans) {
    const shares = [...(households.get(plan) ?? [])].filter(([, count]) => count > 0);
    const total = shares.reduce((sum, [, count]) => sum + count, 0);
    if (total === 0) throw bugError("A compound got no residents", { at: `${plan.community.code} ${plan.name}` });
    const id = compoundId.get(plan) as Uuid;
    compounds.push({
      id,
      communityCode: plan.community.code,
      kind: "residential",
      name: plan.name,
      nameSort: nameSort(plan.name),
      households: total,
      geometry: closed(compoundRing(base, plan.faces)),
    });
    for (const [gridId, count] of shares) gridCompounds.push({ gridId, compoundId: id, share: count / total });
  }
  const buildings = placed.map(
    (building): BuildingRecord => ({
      id: newId(),
      compoundId: building.compound ? (compoundId.get(building.compound) as Uuid) : null,
      scopeCode: building.leaf.code,
      floors: building.floors,
      households: building.households,
      geometry: closed(building.ring),
      label: toLonLat(building.at),
    }),
  );
  return { compounds, gridCompounds, buildings };
}

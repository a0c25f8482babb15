import { LocateIndex } from "../../geo/locate-index.ts";
import type { LonLat } from "../../model/geometry.ts";
import type { Prng } from "../prng.ts";
import type { AreaTree } from "./area-tree.ts";
import type { DemoContext } from "./demo-context.ts";
import { bearingDeg, distanceSquared, metresBetween, offsetMetres } from "./plane.ts";

export type CodeAt = (point: LonLat) => string | undefined;

/** A spot where something may happen or stand, inside the deepest area `code`. */
export interface Site {
  readonly point: LonLat;
  readonly code: string;
  readonly urban: boolean;
  /** Relative frequency. */
  readonly weight: number;
  /** Bearing of the road beside it; null away from roads. */
  readonly azimuth: number | null;
}

/** Sites with running sums of their weights, for drawing in proportion. */
export class SitePool {
  readonly #ends: Float64Array;

  constructor(readonly sites: readonly Site[]) {
    this.#ends = new Float64Array(sites.length);
    let sum = 0;
    sites.forEach((site, i) => {
      sum += site.weight;
      this.#ends[i] = sum;
    });
  }

  get size(): number {
    return this.sites.length;
  }

  get total(): number {
    return this.#ends[this.sites.length - 1] ?? 0;
  }

  /** The site whose share holds `at`, 0 ≤ at < total. */
  atWeight(at: number): Site {
    let low = 0;
    let high = this.sites.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return this.sites[low] as Site;
  }

  draw(prng: Prng): Site {
    return this.atWeight(prng.float() * this.total);
  }
}

export interface Sites {
  /** Code of the deepest area that holds a point; undefined outside all of them and exactly on a border. */
  readonly codeAt: CodeAt;
  /** Buildings, weighted by households. */
  readonly homes: SitePool;
  /** The same buildings, weighted by how much is reported from them: less in the country. */
  readonly reportedHomes: SitePool;
  /** Buildings without households: shops, schools, works; homes where there are none. */
  readonly works: SitePool;
  /** Road sides, weighted by rank of the road and by town or country. */
  readonly roads: SitePool;
  /** Banks of rivers and lakes; road sides where there is no water. */
  readonly waters: SitePool;
  /** Market street, station, hospital …: road sides close together, the busiest first. */
  readonly hotSpots: readonly SitePool[];
}

const ROAD_STEP_M = 70;
const RANK_WEIGHT: Readonly<Record<string, number>> = { arterial: 3, collector: 2, local: 1 };
/** Fewer things are noticed along a country road than in a street. */
const RURAL_ROAD_WEIGHT = 0.12;
/** A household in a village reports less than one in town. */
const RURAL_HOME_WEIGHT = 0.25;
/** Nine hot spots, and one more for every 25 grids: a city has more than one market street. */
const hotSpotCount = (grids: number): number => 9 + Math.floor(grids / 25);

export function buildSites(context: DemoContext): Sites {
  const { geography, tree } = context;
  const prng = context.prng.fork("sites");
  const index = new LocateIndex(tree.leaves);
  const codeAt: CodeAt = ([lon, lat]) => {
    const hit = index.locate(lon, lat);
    return hit.border ? undefined : index.codes[hit.owner];
  };
  const homes: Site[] = [];
  const works: Site[] = [];
  for (const building of geography.buildings) {
    const area = tree.get(building.scopeCode);
    const site = { point: building.label, code: area.code, urban: area.urban, azimuth: null };
    if (building.households > 0) homes.push({ ...site, weight: building.households });
    else works.push({ ...site, weight: area.urban ? 1 : 0.4 });
  }
  // A place without buildings still has its people.
  const housed = new Set(homes.map((site) => site.code));
  for (const leaf of tree.leaves)
    if (!housed.has(leaf.code) && (leaf.households ?? 0) > 0)
      homes.push({
        point: leaf.label,
        code: leaf.code,
        urban: leaf.urban,
        weight: leaf.households ?? 0,
        azimuth: null,
      });

  const roads: Site[] = [];
  const waters: Site[] = [];
  for (const item of geography.context) {
    if (item.kind === "road" && item.geometry.type === "MultiLineString")
      for (const line of item.geometry.coordinates)
        roads.push(...sitesAlong(line, RANK_WEIGHT[item.rank] ?? 1, prng, tree, codeAt));
    if (item.kind !== "water") continue;
    const lines =
      item.geometry.type === "MultiLineString" ? item.geometry.coordinates : item.geometry.coordinates.flat();
    for (const line of lines) waters.push(...sitesAlong(line, 1, prng, tree, codeAt));
  }
  const homePool = new SitePool(homes);
  const roadPool = new SitePool(roads.length > 0 ? roads : homes);
  return {
    codeAt,
    homes: homePool,
    reportedHomes: new SitePool(
      homes.map((site) => (site.urban ? site : { ...site, weight: site.weight * RURAL_HOME_WEIGHT })),
    ),
    works: works.length > 0 ? new SitePool(works) : homePool,
    roads: roadPool,
    waters: waters.length > 0 ? new SitePool(waters) : roadPool,
    hotSpots: chooseHotSpots(roadPool, hotSpotCount(tree.grids.length), prng),
  };
}

/** Points beside a line about every 70 m, 6–13 m off it so that they stand clear of a border on its axis. */
function sitesAlong(line: readonly LonLat[], weight: number, prng: Prng, tree: AreaTree, codeAt: CodeAt): Site[] {
  const sites: Site[] = [];
  let next = prng.range(0, ROAD_STEP_M);
  for (let i = 1; i < line.length; i++) {
    const from = line[i - 1] as LonLat;
    const [east, north] = metresBetween(from, line[i] as LonLat);
    const length = Math.sqrt(east * east + north * north);
    while (next < length) {
      const side = prng.range(6, 13) * (prng.chance(0.5) ? 1 : -1);
      const along = next / length;
      const point = offsetMetres(from, east * along - (north / length) * side, north * along + (east / length) * side);
      const code = codeAt(point);
      if (code !== undefined) {
        const { urban } = tree.get(code);
        sites.push({
          point,
          code,
          urban,
          weight: urban ? weight : weight * RURAL_ROAD_WEIGHT,
          azimuth: bearingDeg(east, north),
        });
      }
      next += ROAD_STEP_M;
    }
    next -= length;
  }
  return sites;
}

/** Hot spots are at least 350 m apart; each holds the urban road sides within 90–180 m, fading outwards. */
function chooseHotSpots(roads: SitePool, count: number, prng: Prng): SitePool[] {
  const urban = roads.sites.filter((site) => site.urban);
  if (urban.length === 0) return [roads];
  const pool = new SitePool(urban);
  const centres: Site[] = [];
  for (let tries = 0; centres.length < count && tries < 20 * count; tries++) {
    const site = pool.draw(prng);
    if (centres.every((other) => distanceSquared(other.point, site.point) > 350 * 350)) centres.push(site);
  }
  return centres.map((centre) => {
    const radius = prng.range(90, 180);
    const near = urban.flatMap((site) => {
      const share = distanceSquared(site.point, centre.point) / (radius * radius);
      return share < 1 ? [{ ...site, weight: 1.05 - share }] : [];
    });
    return new SitePool(near);
  });
}

import type { Prng } from "../prng.ts";
import type { DemoProfile, DemoTown } from "../profile.ts";
import type { Metres } from "./local-plane.ts";
import { ValueNoise } from "./noise.ts";
import { distance } from "./plane-geometry.ts";
import { powerSites } from "./power-sites.ts";
import { TERRAIN_STYLES, type TerrainStyle } from "./terrain.ts";

/** Where a town's built-up area is: in the county seat, in a small centre of its own, or nowhere. */
export interface TownSite {
  readonly town: DemoTown;
  readonly seat: "core" | "satellite" | "rural";
  /** Heart of the town's countryside (and of its satellite centre), metres. */
  readonly at: Metres;
  /** Weight of the power distance that shares out the countryside, m². */
  readonly weight: number;
  /** Land wanted outside the seat, m². */
  readonly landM2: number;
  /** Radius of the satellite's built-up area, metres; 0 when there is none. */
  readonly radius: number;
}

/** A blob around a centre: a radius that varies with the direction. */
export interface Blob {
  readonly centre: Metres;
  readonly radius: number;
  /** 0 at the centre, 1 on the rim. */
  relative(point: Metres): number;
}

/** Sizes and places that everything else is drawn to. */
export interface SitePlan {
  readonly style: TerrainStyle;
  readonly county: Blob;
  readonly seat: Blob;
  readonly sites: readonly TownSite[];
  /** Side of a superblock between arterials and collectors, metres. */
  readonly superblock: number;
  /** Target areas of a street block and of a parcel (the smallest unit), m². */
  readonly streetBlockM2: number;
  readonly parcelM2: number;
  /** Typical distance of rural cells, metres. */
  readonly ruralSpacing: number;
}

export const urbanGridsOf = (town: DemoTown): number =>
  town.communities.reduce((sum, community) => sum + community.grids + community.dedicatedGrids, 0);

const fourthRoot = (value: number): number => Math.sqrt(Math.sqrt(value));

/**
 * A grid of a small seat covers about 0.42 km²; a city is denser, so the area grows with the power 3/4 of the grids.
 */
const builtUpM2 = (grids: number): number => {
  const scale = grids / 50;
  return 21e6 * Math.sqrt(scale) * fourthRoot(scale);
};

function blob(centre: Metres, radius: number, stretch: number, roughness: number, random: Prng): Blob {
  const noise = new ValueNoise(random);
  const [ox, oy] = [random.range(0, 40), random.range(0, 40)];
  return {
    centre,
    radius,
    relative(point) {
      const x = (point[0] - centre[0]) / stretch;
      const y = (point[1] - centre[1]) * stretch;
      const r = Math.sqrt(x * x + y * y);
      if (r === 0) return 0;
      const [dx, dy] = [x / r, y / r];
      // A broad shape, spurs and bays, and small teeth: real borders are rough at every scale.
      const shape =
        roughness * noise.rough(ox + 1.5 * dx, oy + 1.5 * dy) +
        roughness * 0.42 * noise.at(ox + 4.7 * dx + 11, oy + 4.7 * dy) +
        roughness * 0.16 * noise.at(ox + 13 * dx, oy + 13 * dy + 5);
      return r / (radius * (1 + shape));
    },
  };
}

/** Seat towns: all streets with communities; in a county without streets the town with the most grids. */
function seatTowns(towns: readonly DemoTown[]): Set<DemoTown> {
  const streets = towns.filter((town) => town.kind === "street" && town.communities.length > 0);
  if (streets.length > 0) return new Set(streets);
  const first = towns
    .filter((town) => town.communities.length > 0)
    .reduce<DemoTown | undefined>((a, b) => (a && urbanGridsOf(a) >= urbanGridsOf(b) ? a : b), undefined);
  return new Set(first ? [first] : []);
}

/** Decides sizes, outlines and the places of the towns. */
export function planSites(profile: DemoProfile, random: Prng): SitePlan {
  const style = TERRAIN_STYLES[profile.terrain];
  const inSeat = seatTowns(profile.towns);
  const seatGrids = [...inSeat].reduce((sum, town) => sum + urbanGridsOf(town), 0);
  const seatM2 = builtUpM2(Math.max(seatGrids, 4));
  const satelliteM2 = (town: DemoTown): number =>
    inSeat.has(town) ? 0 : urbanGridsOf(town) * Math.min(0.42e6, (seatM2 / Math.max(seatGrids, 1)) * 1.1);
  const villages = profile.towns.reduce((sum, town) => sum + town.villages.length, 0);
  const perVillage = (town: DemoTown): number =>
    town.villages.reduce((sum, village) => sum + 1 + 0.35 * Math.max(0, village.grids - 1), 0);
  const ruralUnits = profile.towns.reduce((sum, town) => sum + perVillage(town), 0);
  const ruralM2 =
    villages === 0
      ? seatM2 * 0.4
      : Math.max(Math.min(ruralUnits * 0.8e6, seatM2 * 6), seatM2 * 1.6, ruralUnits * 0.36e6);
  const allSatellites = profile.towns.reduce((sum, town) => sum + satelliteM2(town), 0);
  const radius = Math.sqrt((seatM2 + allSatellites + ruralM2) / Math.PI);
  const county = blob([0, 0], radius, style.stretch, style.outlineRoughness, random.fork("outline"));
  const shift = random.fork("seat");
  const seatRadius = Math.sqrt(seatM2 / Math.PI);
  const room = Math.max(0, (radius - seatRadius) * 0.22);
  const seat = blob(
    [shift.range(-room, room), shift.range(-room, room)],
    seatRadius,
    Math.sqrt(style.stretch),
    0.2,
    shift,
  );

  const withLand = profile.towns.filter((town) => town.villages.length > 0 || !inSeat.has(town));
  const rimTowns = withLand.filter((town) => inSeat.has(town));
  const samples: Metres[] = [];
  const step = radius / 30;
  for (let x = -1.6 * radius; x <= 1.6 * radius; x += step) {
    for (let y = -1.6 * radius; y <= 1.6 * radius; y += step) {
      if (county.relative([x, y]) < 1 && seat.relative([x, y]) > 1) samples.push([x, y]);
    }
  }
  const fixed = rimPlaces(rimTowns.length, inSeat.size, seat, random.fork("rim"));
  const landM2 = (town: DemoTown): number => (perVillage(town) / Math.max(ruralUnits, 1)) * ruralM2 + satelliteM2(town);
  const placed = powerSites(
    samples,
    withLand.map(landM2),
    withLand.map((town) => fixed[rimTowns.indexOf(town)]),
  );
  const sites = profile.towns.map((town): TownSite => {
    const i = withLand.indexOf(town);
    const place = placed[i];
    return {
      town,
      seat: inSeat.has(town) ? "core" : town.communities.length > 0 ? "satellite" : "rural",
      at: place ? place.at : seat.centre,
      weight: place ? place.weight : 0,
      landM2: landM2(town),
      radius: Math.sqrt(satelliteM2(town) / Math.PI),
    };
  });

  const grids = profile.towns.reduce((sum, town) => sum + urbanGridsOf(town), 0);
  const micro = profile.towns.reduce(
    (sum, town) => sum + town.communities.reduce((all, c) => all + c.microGrids, 0),
    0,
  );
  const blocksPerGrid = grids > 300 ? 5 : 6;
  const streetBlockM2 = seatM2 / Math.max(seatGrids, 4) / blocksPerGrid;
  const parcelsPerGrid = Math.max(blocksPerGrid * 1.25, grids > 0 ? (micro / grids) * 1.2 : 0);
  return {
    style,
    county,
    seat,
    sites,
    superblock: Math.sqrt(streetBlockM2 * 4.6),
    streetBlockM2,
    parcelM2: seatM2 / Math.max(seatGrids, 4) / parcelsPerGrid,
    ruralSpacing: Math.sqrt(ruralM2 / Math.max(Math.min(Math.max(villages * 4.5, 120), 2400), 1)),
  };
}

/** Places on the seat's rim for towns that are half seat, half countryside; a seat of one town keeps its middle. */
function rimPlaces(count: number, towns: number, seat: Blob, random: Prng): Metres[] {
  if (towns === 1) return [seat.centre];
  // Points of a square walked at equal steps give directions without an angle function.
  const start = random.range(0, 8);
  return Array.from({ length: count }, (_, i) => {
    const t = (start + (8 * i) / count) % 8;
    const square: Metres = t < 2 ? [t - 1, -1] : t < 4 ? [1, t - 3] : t < 6 ? [5 - t, 1] : [-1, 7 - t];
    const unit = distance(square, [0, 0]);
    const probe: Metres = [
      seat.centre[0] + (square[0] / unit) * seat.radius,
      seat.centre[1] + (square[1] / unit) * seat.radius,
    ];
    const reach = (seat.radius * 1.02) / seat.relative(probe);
    return [seat.centre[0] + (square[0] / unit) * reach, seat.centre[1] + (square[1] / unit) * reach];
  });
}

import type { Prng } from "../prng.ts";
import type { Metres } from "./local-plane.ts";
import { ValueNoise } from "./noise.ts";
import { direction, distance, lerp } from "./plane-geometry.ts";
import type { Blob, SitePlan, TownSite } from "./site-plan.ts";

/** A smooth line that borders follow: points about 40 m apart. */
export interface GuideCurve {
  readonly kind: "river" | "channel" | "road" | "rail" | "outline";
  readonly name: string;
  readonly points: readonly Metres[];
}

export interface GuideCurves {
  readonly river: GuideCurve;
  readonly channels: readonly GuideCurve[];
  readonly roads: readonly GuideCurve[];
  readonly rail: GuideCurve;
  /** The county's own border. */
  readonly outline: GuideCurve;
}

const STEP = 40;

/** Point on the blob's rim (scaled) in a direction. */
export function onRim(blob: Blob, toward: Metres, scale: number): Metres {
  const unit = direction([0, 0], toward);
  const probe: Metres = [blob.centre[0] + unit[0] * blob.radius, blob.centre[1] + unit[1] * blob.radius];
  const reach = (blob.radius * scale) / Math.max(blob.relative(probe), 0.2);
  return [blob.centre[0] + unit[0] * reach, blob.centre[1] + unit[1] * reach];
}

/** The whole rim of a blob, about a point each 40 m; directions are taken around a square. */
function rimLine(blob: Blob): Metres[] {
  const steps = Math.ceil((blob.radius * 8) / STEP / 8) * 8;
  return Array.from({ length: steps + 1 }, (_, k) => {
    const t = (8 * (k % steps)) / steps;
    return onRim(blob, t < 2 ? [t - 1, -1] : t < 4 ? [1, t - 3] : t < 6 ? [5 - t, 1] : [-1, 7 - t], 1);
  });
}

/** Catmull–Rom spline through the points, sampled about every 40 m. */
export function spline(through: readonly Metres[]): Metres[] {
  const out: Metres[] = [];
  const point = (i: number): Metres => through[Math.min(Math.max(i, 0), through.length - 1)] as Metres;
  for (let i = 0; i + 1 < through.length; i++) {
    const [a, b, c, d] = [point(i - 1), point(i), point(i + 1), point(i + 2)];
    const steps = Math.max(1, Math.ceil(distance(b, c) / STEP));
    for (let k = 0; k < steps; k++) {
      const t = k / steps;
      const at = (axis: 0 | 1): number =>
        0.5 *
        (2 * b[axis] +
          (c[axis] - a[axis]) * t +
          (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t * t +
          (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t * t * t);
      out.push([at(0), at(1)]);
    }
  }
  out.push(through[through.length - 1] as Metres);
  return out;
}

/** Swings a line sideways with noise; `calm` scales the swing at each point, 0 … 1. */
function swing(
  line: readonly Metres[],
  amplitude: number,
  waveLength: number,
  noise: ValueNoise,
  calm: (point: Metres) => number = () => 1,
): Metres[] {
  let walked = 0;
  return line.map((point, i) => {
    const before = line[Math.max(0, i - 1)] as Metres;
    const after = line[Math.min(line.length - 1, i + 1)] as Metres;
    walked += distance(before, point);
    const along = direction(before, after);
    const side = amplitude * calm(point) * noise.rough(walked / waveLength, 3.5);
    return [point[0] - along[1] * side, point[1] + along[0] * side];
  });
}

/** Lays the river, the channels, the country roads and the railway. */
export function layGuideCurves(plan: SitePlan, random: Prng): GuideCurves {
  const { county, seat, style } = plan;
  const noise = new ValueNoise(random.fork("noise"));
  const flow = riverFlow(random.fork("flow"));
  const side: Metres = [-flow[1], flow[0]];
  const offset = seat.radius * style.riverOffset;
  const through = (along: number, across: number): Metres => [
    seat.centre[0] + flow[0] * along + side[0] * across,
    seat.centre[1] + flow[1] * along + side[1] * across,
  ];
  const far = county.radius * 2.1;
  const bend = random.range(0.15, 0.4) * county.radius * (random.chance(0.5) ? 1 : -1);
  const bed = spline([
    through(-far, offset + bend),
    through(-seat.radius * 1.9, offset + bend * 0.5),
    through(-seat.radius * 0.7, offset * 1.05),
    through(seat.radius * 0.7, offset * 0.9),
    through(seat.radius * 2, offset - bend * 0.35),
    through(far, offset - bend * 0.9),
  ]);
  const inSeat = (point: Metres): number => {
    const r = seat.relative(point);
    return r < 0.8 ? 0.45 : r > 1.4 ? 1 : 0.45 + (r - 0.8) * 0.9;
  };
  const river: GuideCurve = {
    kind: "river",
    name: "",
    points: swing(bed, style.meander, style.meanderLength, noise, inSeat),
  };

  const channels: GuideCurve[] = [];
  for (let i = 0; i < style.channels; i++) {
    const across = (i % 2 === 0 ? -1 : 1) * (seat.radius * (1.25 + 0.55 * Math.floor(i / 2)) + random.range(0, 500));
    const line = spline([through(-far, across * 1.5), through(0, across), through(far, across * 1.4)]);
    channels.push({
      kind: "channel",
      name: "",
      points: swing(line, style.meander * 0.3, style.meanderLength * 2, noise),
    });
  }

  // The railway passes on the far side of the seat.
  const railAt = -seat.radius * random.range(1.02, 1.12);
  const tilt = random.range(-0.25, 0.25) * county.radius;
  const rail: GuideCurve = {
    kind: "rail",
    name: "",
    points: swing(
      spline([
        through(-far, railAt - tilt * 1.6),
        through(-seat.radius * 0.9, railAt),
        through(seat.radius * 0.9, railAt + tilt * 0.06),
        through(far, railAt + tilt * 1.4),
      ]),
      90,
      5200,
      noise,
    ),
  };
  const outline: GuideCurve = { kind: "outline", name: "", points: rimLine(county) };
  return { river, channels, roads: countryRoads(plan, random.fork("roads"), noise), rail, outline };
}

/** Rivers of the plains and the loess mostly run east or north-east. */
function riverFlow(random: Prng): Metres {
  const slope = random.range(-0.55, 0.55);
  const length = Math.sqrt(1 + slope * slope);
  return [1 / length, slope / length];
}

const plainName = (name: string): string => name.replace(/(街道|镇|乡)$/u, "");

/** Roads from the seat to the towns: each town joins the nearest place that already has one; the outer ones run on. */
function countryRoads(plan: SitePlan, random: Prng, noise: ValueNoise): GuideCurve[] {
  const { seat, county } = plan;
  const hub = plainName(plan.sites.find((site) => site.seat === "core")?.town.name ?? "");
  const sites = plan.sites
    .filter((site) => site.seat !== "core")
    .sort((a, b) => distance(a.at, seat.centre) - distance(b.at, seat.centre) || (a.town.code < b.town.code ? -1 : 1));
  const joined: TownSite[] = [];
  const roads: GuideCurve[] = [];
  for (const site of sites) {
    const out: Metres = [site.at[0] - seat.centre[0], site.at[1] - seat.centre[1]];
    const rim = onRim(seat, out, 0.98);
    let from = rim;
    let origin = hub;
    let best = distance(rim, site.at);
    for (const other of joined) {
      const gap = distance(other.at, site.at) * 1.05;
      if (gap < best) [best, from, origin] = [gap, other.at, plainName(other.town.name)];
    }
    const bend = random.range(-0.12, 0.12) * best;
    const along = direction(from, site.at);
    const middle = lerp(from, site.at, 0.5);
    const line = spline([from, [middle[0] - along[1] * bend, middle[1] + along[0] * bend], site.at]);
    const ease = (point: Metres): number => Math.min(1, distance(point, from) / 500, distance(point, site.at) / 500);
    roads.push({
      kind: "road",
      name: `${origin}${plainName(site.town.name)}公路`,
      points: swing(line, 130, 1900, noise, ease),
    });
    joined.push(site);
  }
  // Main roads leave the county in four or five directions.
  const exits = Math.min(5, Math.max(3, Math.ceil(sites.length / 3)));
  const outer = [...joined].reverse();
  const used: Metres[] = [];
  for (const site of outer) {
    if (used.length >= exits) break;
    const away = direction(county.centre, site.at);
    if (used.some((other) => other[0] * away[0] + other[1] * away[1] > 0.55)) continue;
    used.push(away);
    const end = onRim(county, away, 1.25);
    const line = spline([site.at, end]);
    roads.push({
      kind: "road",
      name: `${plainName(site.town.name)}出境公路`,
      points: swing(line, 110, 1700, noise, (point) => Math.min(1, distance(point, site.at) / 500)),
    });
  }
  return roads;
}

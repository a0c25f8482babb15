import type { ContextRecord } from "../../model/area.ts";
import type { LonLat } from "../../model/geometry.ts";
import type { Uuid } from "../../model/ids.ts";
import type { Prng } from "../prng.ts";
import type { GuideCurves } from "./guide-curves.ts";
import type { LocalPlane, Metres } from "./local-plane.ts";
import { distance } from "./plane-geometry.ts";
import type { SitePlan } from "./site-plan.ts";
import type { Street } from "./streets.ts";
import type { Settlement } from "./village-houses.ts";
import { inCounty, type Waters } from "./waters.ts";

const EAST_WEST = [
  "人民",
  "新华",
  "建设",
  "振兴",
  "文昌",
  "朝阳",
  "光明",
  "兴盛",
  "惠民",
  "永安",
  "民生",
  "站前",
  "富强",
  "康宁",
  "长安",
  "府前",
  "和谐",
  "开源",
];
const NORTH_SOUTH = [
  "迎宾",
  "和平",
  "文化",
  "解放",
  "育才",
  "胜利",
  "工业",
  "健康",
  "青年",
  "西环",
  "团结",
  "体育",
  "永兴",
  "创业",
  "向阳",
  "安康",
  "学院",
  "东环",
];

export interface ContextParts {
  readonly plan: SitePlan;
  readonly curves: GuideCurves;
  readonly waters: Waters;
  readonly streets: readonly Street[];
  readonly settlements: readonly Settlement[];
  readonly parks: readonly (readonly Metres[])[];
  readonly ponds: readonly (readonly Metres[])[];
  readonly fields: readonly (readonly Metres[])[];
}

/** Roads, water, railway and green of the county as records in drawing order. */
export function contextRecords(
  parts: ContextParts,
  plane: LocalPlane,
  newId: () => Uuid,
  random: Prng,
): ContextRecord[] {
  const { plan, curves, waters } = parts;
  const out: ContextRecord[] = [];
  const lonLats = (line: readonly Metres[]): LonLat[] => line.map((p) => plane.toLonLat(p));
  const lines = (
    kind: "road" | "rail",
    rank: string,
    name: string | null,
    pieces: readonly (readonly Metres[])[],
  ): void => {
    const coordinates = pieces.filter((piece) => piece.length > 1).map(lonLats);
    if (coordinates.length > 0)
      out.push({ id: newId(), kind, rank, name, geometry: { type: "MultiLineString", coordinates } });
  };
  const areas = (
    kind: "water" | "green",
    rank: string,
    name: string | null,
    rings: readonly (readonly Metres[])[],
  ): void => {
    const coordinates = rings
      .filter((ring) => ring.length > 2)
      .map((ring) => {
        const points = lonLats(ring);
        return [[...points, points[0] as LonLat]];
      });
    if (coordinates.length > 0)
      out.push({ id: newId(), kind, rank, name, geometry: { type: "MultiPolygon", coordinates } });
  };

  const chunk = 400;
  for (let i = 0; i < parts.fields.length; i += chunk) areas("green", "field", null, parts.fields.slice(i, i + chunk));
  areas("green", "park", null, [...parts.parks, ...waters.banks]);
  areas("water", "river", null, waters.river);
  for (const lake of waters.lakes) areas("water", "lake", null, [lake.ring]);
  areas("water", "lake", null, parts.ponds);

  const local = parts.streets.filter((street) => street.rank === "local").flatMap((street) => street.pieces);
  lines("road", "local", null, local);
  lines(
    "road",
    "local",
    null,
    parts.settlements.flatMap((place) => place.lanes),
  );
  lines("road", "local", null, villageRoads(parts));
  const names = streetNames(plan, random);
  for (const street of parts.streets) {
    if (street.rank === "collector") lines("road", "collector", null, street.pieces);
  }
  for (const road of curves.roads) {
    lines("road", "arterial", road.name, [joined(inCounty(plan, road.points), plan, parts.streets)]);
  }
  for (const street of parts.streets) {
    if (street.rank === "arterial" && street.line !== "") lines("road", "arterial", names(street.line), street.pieces);
  }
  lines("rail", "rail", null, [inCounty(plan, curves.rail.points)]);
  return out;
}

/** A country road that starts at the seat's rim is led on to the nearest main street. */
function joined(road: readonly Metres[], plan: SitePlan, streets: readonly Street[]): readonly Metres[] {
  const start = road[0];
  if (!start || plan.seat.relative(start) > 1.02) return road;
  let best: Metres | undefined;
  let gap = plan.superblock * 1.6;
  for (const street of streets) {
    if (street.rank === "local") continue;
    for (const corner of street.pieces.flat()) {
      const d = distance(corner, start) * (street.rank === "arterial" ? 0.7 : 1);
      if (d < gap) [best, gap] = [corner, d];
    }
  }
  return best ? [best, ...road] : road;
}

/** Streets run east–west (大街, 街), roads north–south (路); the first is named after the seat. */
function streetNames(plan: SitePlan, random: Prng): (line: string) => string {
  const seat = plan.sites.find((site) => site.seat === "core")?.town.name.replace(/(街道|镇|乡)$/u, "");
  const streets = [
    ...(seat ? [`${seat}大街`] : []),
    ...random.shuffle(EAST_WEST).map((name, i) => `${name}${i % 3 === 0 ? "大街" : "街"}`),
  ];
  const roads = random.shuffle(NORTH_SOUTH).map((name) => `${name}路`);
  const given = new Map<string, string>();
  return (line) => {
    const known = given.get(line);
    if (known) return known;
    const pool = line.includes(":v") ? streets : roads;
    const name = pool.shift() ?? `${line.includes(":v") ? "纬" : "经"}${given.size + 1}路`;
    given.set(line, name);
    return name;
  };
}

/** Each village is joined to the nearest road, or to the nearest village that lies closer to the seat. */
function villageRoads({ plan, curves, settlements }: ContextParts): Metres[][] {
  const bySeat = [...settlements].sort((a, b) => distance(a.at, plan.seat.centre) - distance(b.at, plan.seat.centre));
  const roads = curves.roads.flatMap((road) => road.points.filter((_, i) => i % 3 === 0));
  const out: Metres[][] = [];
  bySeat.forEach((place, i) => {
    let best: Metres = plan.seat.centre;
    let gap =
      plan.seat.relative(place.at) < 1.5
        ? distance(place.at, plan.seat.centre) - plan.seat.radius * 0.9
        : Number.POSITIVE_INFINITY;
    for (const point of roads) if (distance(point, place.at) < gap) [best, gap] = [point, distance(point, place.at)];
    for (const other of bySeat.slice(0, i)) {
      if (distance(other.at, place.at) < gap) [best, gap] = [other.at, distance(other.at, place.at)];
    }
    if (gap > 60 && gap < 4000 && best !== plan.seat.centre)
      out.push(curved(place.at, best, i % 2 === 0 ? 0.08 : -0.08));
  });
  return out;
}

/** A gently bent line between two places. */
function curved(a: Metres, b: Metres, bend: number): Metres[] {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  return Array.from({ length: 9 }, (_, k): Metres => {
    const t = k / 8;
    const side = bend * 4 * t * (1 - t) * (1 - 1.4 * t);
    return [a[0] + dx * t - dy * side * 1.6, a[1] + dy * t + dx * side * 1.6];
  });
}

import type { AreaRecord } from "../../model/area.ts";
import { bugError } from "../../model/errors.ts";
import type { LonLat } from "../../model/geometry.ts";
import type { OrganisationRecord } from "../../model/organisation.ts";
import type { PostKind } from "../../model/staff.ts";
import { allocate } from "../profiles/allocate.ts";
import type { DemoContext } from "./demo-context.ts";
import type { Organisations } from "./organisations.ts";
import { distanceSquared } from "./plane.ts";
import type { PostPlan } from "./post-plans.ts";
import { contiguousRuns } from "./spread.ts";

/** A police room stands about this far from the community's centre, so that their lines on the map stay apart. */
const POLICE_ROOM_DISTANCE_M = 150;

/** Address of each community's police room: the building whose distance from the centre is nearest to 150 m. */
function policeRooms(context: DemoContext): (place: AreaRecord) => LonLat {
  const best = new Map<string, { readonly point: LonLat; readonly miss: number }>();
  for (const building of context.geography.buildings) {
    const place = context.tree.at(building.scopeCode, 12);
    if (!place) continue;
    const off = Math.sqrt(distanceSquared(place.label, building.label)) - POLICE_ROOM_DISTANCE_M;
    const miss = off < 0 ? -off : off;
    const known = best.get(place.code);
    if (!known || miss < known.miss) best.set(place.code, { point: building.label, miss });
  }
  return (place) => best.get(place.code)?.point ?? place.label;
}

/**
 * Police of communities (1 police officer + 2 auxiliaries) and villages. Yungang publishes one auxiliary a village
 * (1+N); elsewhere two auxiliaries of the town's station take turns for all its villages, so that every place has
 * somebody at any hour.
 */
export function planPolicePosts(context: DemoContext, organisations: Organisations): PostPlan[] {
  const plans: PostPlan[] = [];
  const roomOf = policeRooms(context);
  const auxiliaryPerVillage = context.profile.profile.figures.some((f) => f.key === "auxiliaries_per_village");
  for (const town of context.tree.towns) {
    const station = organisations.policeStations.get(town.code);
    if (!station) throw bugError(`${town.code} has no police station`);
    const stationPoint = organisations.address.get(station.id) ?? town.label;
    const plan = (
      kind: "police" | "auxiliary",
      areas: readonly AreaRecord[],
      pattern: PostPlan["pattern"],
      place: string,
      point: LonLat,
    ): PostPlan => ({
      kind,
      title: kind === "police" ? "社区民警" : "辅警",
      organisation: station,
      place,
      point,
      areas,
      lead: false,
      pattern,
      bench: `police ${town.code}`,
    });
    const places = context.tree.childrenOf(town.code);
    for (const place of places.filter((candidate) => candidate.kind === "community")) {
      const room = `${place.name}警务室`;
      plans.push(plan("police", [place], "office", room, roomOf(place)));
      plans.push(plan("auxiliary", [place], "auxiliary_even", room, roomOf(place)));
      plans.push(plan("auxiliary", [place], "auxiliary_odd", room, roomOf(place)));
    }
    const villages = places.filter((candidate) => candidate.kind === "village");
    if (auxiliaryPerVillage)
      for (const place of villages)
        plans.push(plan("auxiliary", [place], "on_call", `${place.name}警务室`, roomOf(place)));
    else if (villages.length > 0) {
      plans.push(plan("auxiliary", villages, "station_even", station.name, stationPoint));
      plans.push(plan("auxiliary", villages, "station_odd", station.name, stationPoint));
    }
  }
  return plans;
}

/** 五员: judges, prosecutors, police officers, legal workers, mediators, spread over all communities and villages. */
export function planFiveProfessions(context: DemoContext, organisations: Organisations): PostPlan[] {
  const { staffing } = context.profile;
  const { tree } = context;
  const justice = organisations.byDepartment.get("justice");
  if (!justice) throw bugError("the county has no justice bureau");
  const townOf = (place: AreaRecord): string => place.code.slice(0, 9);
  const required = (map: ReadonlyMap<string, OrganisationRecord>, code: string): OrganisationRecord => {
    const organisation = map.get(code);
    if (!organisation) throw bugError(`no unit for ${code}`);
    return organisation;
  };
  const professions: readonly {
    readonly kind: PostKind;
    readonly title: string;
    readonly count: number;
    readonly unit: (first: AreaRecord) => OrganisationRecord;
    /** Name of the address; null = the unit's own name. */
    readonly room: string | null;
  }[] = [
    { kind: "judge", title: "法官", count: staffing.judges, unit: () => organisations.court, room: null },
    {
      kind: "prosecutor",
      title: "检察官",
      count: staffing.prosecutors,
      unit: () => organisations.procuratorate,
      room: null,
    },
    {
      kind: "police_officer",
      title: "警官",
      count: staffing.policeOfficers,
      unit: (first) => required(organisations.policeStations, townOf(first)),
      room: null,
    },
    { kind: "legal_worker", title: "法律工作者", count: staffing.legalWorkers, unit: () => justice, room: null },
    {
      kind: "mediator",
      title: "调解员",
      count: staffing.mediators,
      unit: (first) => required(organisations.placeOffices, first.code),
      room: "调解室",
    },
  ];
  return professions.flatMap(({ kind, title, count, unit, room }) =>
    placeRuns(tree.places, count).map((places): PostPlan => {
      const first = places[0] as AreaRecord;
      const organisation = unit(first);
      return {
        kind,
        title,
        organisation,
        place: room === null ? organisation.name : first.name + room,
        point: organisations.address.get(organisation.id) ?? first.label,
        areas: places,
        lead: false,
        pattern: "office",
        bench: kind,
      };
    }),
  );
}

/** `count` runs over the places: neighbours by code when there are fewer posts than places, else more where more live. */
function placeRuns(places: readonly AreaRecord[], count: number): AreaRecord[][] {
  if (count <= places.length) return contiguousRuns(places, count);
  const counts = allocate(
    count,
    places.map((place) => place.households ?? 1),
    1,
  );
  return places.flatMap((place, i) => Array.from({ length: counts[i] as number }, () => [place]));
}

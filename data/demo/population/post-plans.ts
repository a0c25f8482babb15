import type { AreaRecord } from "../../model/area.ts";
import { bugError } from "../../model/errors.ts";
import type { LonLat } from "../../model/geometry.ts";
import type { OrganisationRecord } from "../../model/organisation.ts";
import type { PostKind } from "../../model/staff.ts";
import { allocate } from "../profiles/allocate.ts";
import type { DemoContext } from "./demo-context.ts";
import type { Organisations } from "./organisations.ts";
import { distanceSquared } from "./plane.ts";
import type { DutyPattern } from "./shifts.ts";
import { contiguousRuns } from "./spread.ts";

/** A post before it has an id and holders. */
export interface PostPlan {
  readonly kind: PostKind;
  readonly title: string;
  readonly organisation: OrganisationRecord;
  readonly place: string;
  readonly point: LonLat;
  readonly areas: readonly AreaRecord[];
  /** True for the post that answers for its areas. */
  readonly lead: boolean;
  readonly pattern: DutyPattern;
  /** Posts of one bench stand in for each other (A and B). */
  readonly bench: string;
}

/** Grids of a community or village, in the order of codes. */
const gridsOf = (context: DemoContext, place: AreaRecord): readonly AreaRecord[] =>
  context.tree.childrenOf(place.code).filter((area) => area.level === "grid");

/** 某社区党群服务中心, 某村党群服务点. */
const centreName = (place: AreaRecord): string =>
  place.name + (place.kind === "community" ? "党群服务中心" : "党群服务点");

/** Fixed address of a grid's own post: the building nearest to the grid's label, else the label. */
export function gridAddresses(context: DemoContext): (grid: AreaRecord) => LonLat {
  const nearest = new Map<string, { readonly point: LonLat; readonly distance: number }>();
  for (const building of context.geography.buildings) {
    const grid = context.tree.at(building.scopeCode, 15);
    if (!grid) continue;
    const distance = distanceSquared(grid.label, building.label);
    const known = nearest.get(grid.code);
    if (!known || distance < known.distance) nearest.set(grid.code, { point: building.label, distance });
  }
  return (grid) => nearest.get(grid.code)?.point ?? grid.label;
}

/** Leaders, workers and contracted leaders of grids, and the rural workers of villages without grids. */
export function planGridPosts(context: DemoContext, organisations: Organisations): PostPlan[] {
  const { staffing, profile } = context.profile;
  const { tree } = context;
  const prng = context.prng.fork("grid-posts");
  const addressOf = gridAddresses(context);
  const officeOf = (place: AreaRecord): OrganisationRecord => {
    const office = organisations.placeOffices.get(place.code);
    if (!office) throw bugError(`${place.code} has no office`);
    return office;
  };
  const gridded = tree.places.filter((place) => gridsOf(context, place).length > 0);
  const urban = gridded.filter((place) => place.kind === "community");
  const plans: PostPlan[] = [];

  /** Runs of neighbouring grids inside one community, at least one run a community, `total` runs in all. */
  const gridRuns = (total: number): { readonly place: AreaRecord; readonly grids: readonly AreaRecord[] }[] => {
    const places = total < gridded.length ? urban : gridded;
    const counts = allocate(
      total,
      places.map((place) => gridsOf(context, place).length - 1),
      1,
    );
    return places.flatMap((place, i) => {
      const grids = gridsOf(context, place);
      const runs = contiguousRuns(grids, Math.min(counts[i] as number, grids.length));
      // More posts than grids: the further ones serve the grids once more, in turn.
      for (let extra = grids.length; extra < (counts[i] as number); extra++)
        runs.push([grids[extra % grids.length] as AreaRecord]);
      return runs.map((run) => ({ place, grids: run }));
    });
  };

  for (const { place, grids } of staffing.gridLeaders > 0 ? gridRuns(staffing.gridLeaders) : [])
    plans.push({
      kind: "grid_leader",
      title: "网格长",
      organisation: officeOf(place),
      place: centreName(place),
      point: place.label,
      areas: grids,
      lead: true,
      pattern: "leader",
      bench: place.code,
    });

  const worker = (kind: "full_time" | "part_time", grid: AreaRecord): PostPlan => {
    const place = tree.get(grid.code.slice(0, 12));
    return {
      kind,
      title: kind === "full_time" ? "专职网格员" : "兼职网格员",
      organisation: officeOf(place),
      place: `${place.name}${grid.name.replace(place.name, "")}服务站`,
      point: addressOf(grid),
      areas: [grid],
      lead: false,
      pattern: kind,
      bench: place.code,
    };
  };
  const urbanGrids = urban.flatMap((place) => gridsOf(context, place));
  const ruralGrids = gridded.filter((place) => place.kind === "village").flatMap((place) => gridsOf(context, place));
  for (let i = 0; i < staffing.fullTime; i++)
    plans.push(worker("full_time", urbanGrids[i % urbanGrids.length] as AreaRecord));
  // Where villages have grids, the part-time workers are theirs; elsewhere they are 楼门长 spread over the town.
  const partTimeGrids = ruralGrids.length > 0 ? ruralGrids : prng.shuffle(urbanGrids);
  for (let i = 0; i < staffing.partTime; i++)
    plans.push(worker("part_time", partTimeGrids[i % partTimeGrids.length] as AreaRecord));

  const villages = tree.places.filter((place) => place.kind === "village" && gridsOf(context, place).length === 0);
  if (staffing.ruralWorkers > 0) {
    const weights = villages.map((place) => place.households ?? 1);
    allocate(staffing.ruralWorkers, weights, 1).forEach((count, i) => {
      const place = villages[i] as AreaRecord;
      for (let k = 0; k < count; k++)
        plans.push({
          kind: "part_time",
          title: "农村网格员",
          organisation: officeOf(place),
          place: centreName(place),
          point: place.label,
          areas: [place],
          lead: k === 0,
          pattern: "rural",
          bench: place.code,
        });
    });
  }

  if (staffing.contractedLeaders > 0) {
    const units = organisations.partners.filter((u) => u.kind === "party_organ" || u.kind === "government_organ");
    gridRuns(staffing.contractedLeaders).forEach(({ grids }, i) => {
      const unit = units[i % units.length] as OrganisationRecord;
      plans.push({
        kind: "contracted_leader",
        title: `包联领导（${profile.gridTerm === "微网格" ? "四大班子" : "科级干部"}）`,
        organisation: unit,
        place: unit.name,
        point: organisations.address.get(unit.id) ?? tree.county.label,
        areas: grids,
        lead: false,
        pattern: "office",
        bench: "contracted_leader",
      });
    });
  }
  return [...plans, ...planCommunityWorkers(context, plans, urban, officeOf)];
}

/**
 * Community workers fill the communities with the fewest leaders and full-time workers first (Decheng: at least ten
 * staff a community); each serves a run of its community's grids.
 */
function planCommunityWorkers(
  context: DemoContext,
  others: readonly PostPlan[],
  urban: readonly AreaRecord[],
  officeOf: (place: AreaRecord) => OrganisationRecord,
): PostPlan[] {
  const strength = new Map(urban.map((place) => [place.code, 0]));
  for (const plan of others) {
    const known = strength.get(plan.bench);
    if (known !== undefined && plan.kind !== "part_time") strength.set(plan.bench, known + 1);
  }
  const counts = new Map<string, number>();
  for (let i = 0; i < context.profile.staffing.communityWorkers; i++) {
    let weakest: string | undefined;
    for (const place of urban)
      if (weakest === undefined || (strength.get(place.code) as number) < (strength.get(weakest) as number))
        weakest = place.code;
    if (weakest === undefined) throw bugError("community workers without a community");
    strength.set(weakest, (strength.get(weakest) as number) + 1);
    counts.set(weakest, (counts.get(weakest) ?? 0) + 1);
  }
  return urban.flatMap((place) => {
    const grids = gridsOf(context, place);
    const count = counts.get(place.code) ?? 0;
    const runs = contiguousRuns(grids, Math.min(count, grids.length));
    return Array.from(
      { length: count },
      (_, i): PostPlan => ({
        kind: "community_worker",
        title: "社区工作者",
        organisation: officeOf(place),
        place: centreName(place),
        point: place.label,
        areas: runs[i] ?? [grids[i % grids.length] as AreaRecord],
        lead: false,
        pattern: "community_worker",
        bench: place.code,
      }),
    );
  });
}

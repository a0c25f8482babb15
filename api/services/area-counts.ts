import { levelOfCode } from "../../data/model/codes.ts";
import type { Resource } from "../../data/policy/policy.ts";
import type { CountedPart, StaffCountRow } from "../../db/repositories/area-counts-repository.ts";
import type { RequestContext } from "../context.ts";
import type { AreaCountsModel, AreaRow } from "../mappers.ts";
import { countsOfArea, rollupOfArea, staffCountsOfArea } from "./loaders.ts";
import { reads } from "./require.ts";
import { required } from "./required.ts";

/** What one must be able to read of an area for each part of its counts to be counted now. */
const RESOURCE_OF: Record<CountedPart, Resource> = {
  contracts: "duty",
  buildings: "household",
  // Every camera and whether it works: who sees some of them only would count too few.
  devices: "camera_device",
};
const PARTS = Object.keys(RESOURCE_OF) as CountedPart[];

/** What one must be able to read of an area for a field of its counts to be counted now; absent = it stands on the map. */
export const RESOURCE_OF_COUNT: Readonly<Record<string, Resource>> = {
  owned: RESOURCE_OF.contracts,
  expired: RESOURCE_OF.contracts,
  unowned: RESOURCE_OF.contracts,
  buildings: RESOURCE_OF.buildings,
  households: RESOURCE_OF.buildings,
  cameras: RESOURCE_OF.devices,
  camerasOnline: RESOURCE_OF.devices,
  staff: "duty",
};

/** Levels that have published counts. */
const PUBLISHED = ["county", "town", "community"];

/**
 * What an area holds, as far as the viewer may know: parts whose records the viewer may read there are counted now, the
 * others come from the published roll-up of counties, towns and communities. Below them they stay null, since a
 * grid's own numbers would tell its records. What stands on the map is counted for everybody.
 */
export async function countsFor(context: RequestContext, area: AreaRow): Promise<AreaCountsModel> {
  const { county, code, at } = area;
  const parts = PARTS.filter((part) => reads(context, RESOURCE_OF[part], code));
  const withRollup = parts.length < PARTS.length && PUBLISHED.includes(levelOfCode(code) ?? "");
  const [counts, rollup] = await Promise.all([
    countsOfArea(context, county, at, ...parts).load(code),
    withRollup ? rollupOfArea(context, county).load(code) : undefined,
  ]);
  const now = required(counts, `counts of ${code}`);
  return {
    ...now,
    owned: now.owned ?? rollup?.owned ?? null,
    expired: now.expired ?? rollup?.expired ?? null,
    unowned: now.unowned ?? rollup?.unowned ?? null,
    buildings: now.buildings ?? rollup?.buildings ?? null,
    // Counted households are never null, so a null of the roll-up is one that is withheld.
    households: now.households ?? rollup?.households ?? null,
    cameras: now.cameras ?? rollup?.cameras ?? null,
    camerasOnline: now.camerasOnline ?? rollup?.camerasOnline ?? null,
    area,
  };
}

/** Holders of posts by kind: counted now inside the viewer's area, otherwise as published. */
export async function staffCountsFor(
  context: RequestContext,
  { county, code, at }: AreaRow,
): Promise<Pick<StaffCountRow, "kind" | "count">[] | null> {
  if (reads(context, "duty", code)) return (await staffCountsOfArea(context, county, at).load(code)) ?? [];
  const rollup = PUBLISHED.includes(levelOfCode(code) ?? "")
    ? await rollupOfArea(context, county).load(code)
    : undefined;
  return rollup ? [...rollup.staff] : null;
}

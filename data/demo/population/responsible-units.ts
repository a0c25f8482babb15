import type { OrganisationRole, OrganisationRoleRecord } from "../../model/organisation.ts";
import { DAY_MS, type DemoContext, isoOf, nextId, ZONE_MS } from "./demo-context.ts";
import type { Organisations } from "./organisations.ts";
import { compactClusters } from "./spread.ts";

/** Midnight in the county's zone on the day of an instant. */
const midnight = (ms: number): number => Math.floor((ms + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;

/**
 * Who answers for what. Every lowest grid has at most one responsible unit at a time, exactly one where the profile
 * says so; a unit's grids lie together. Partner units join a community each, property firms are stationed.
 */
export function makeOrganisationRoles(context: DemoContext, organisations: Organisations): OrganisationRoleRecord[] {
  const { profile, tree, geography, anchorMs } = context;
  const prng = context.prng.fork("organisation-roles");
  const roles: OrganisationRoleRecord[] = [];
  const today = midnight(anchorMs);
  const year = new Date(anchorMs + ZONE_MS).getUTCFullYear();

  const add = (
    organisationId: OrganisationRoleRecord["organisationId"],
    areaId: OrganisationRoleRecord["areaId"],
    role: OrganisationRole,
    fromMs: number,
    toMs: number | null,
  ): void => {
    roles.push({
      id: nextId(prng, fromMs),
      organisationId,
      areaId,
      role,
      contractNo: role === "responsible" ? `包联〔${year - 1}〕${roles.length + 1}号` : null,
      from: isoOf(fromMs),
      to: toMs === null ? null : isoOf(toMs),
    });
  };

  const { expired, unowned } = profile.ownership;
  const lowest = tree.lowest;
  // Exact counts and not a chance per grid, so that a small county shows each of the three kinds.
  const fates = prng.shuffle(lowest.map((_, i) => i));
  const expiredCount = Math.floor(lowest.length * expired + 0.5);
  const unownedCount = Math.floor(lowest.length * unowned + 0.5);
  const isExpired = new Set(fates.slice(0, expiredCount));
  const isUnowned = new Set(fates.slice(expiredCount, expiredCount + unownedCount));
  const index = new Map(lowest.map((area, i) => [area.id, i]));

  const units = prng.shuffle(organisations.partners.slice(0, profile.responsibleUnits));
  compactClusters(lowest, Math.min(units.length, lowest.length)).forEach((cluster, i) => {
    const unit = units[i] as (typeof units)[number];
    const signedMs = today - prng.int(120, 700) * DAY_MS;
    for (const area of cluster) {
      const position = index.get(area.id) as number;
      if (isUnowned.has(position)) continue;
      const endMs = isExpired.has(position) ? today - prng.int(3, 90) * DAY_MS : null;
      add(unit.id, area.id, "responsible", signedMs, endMs);
    }
  });

  const urban = tree.places.filter((place) => place.kind === "community");
  organisations.partners.forEach((unit, i) => {
    const place = urban[i % urban.length];
    if (place) add(unit.id, place.id, "joint", today - prng.int(200, 800) * DAY_MS, null);
  });
  // A firm is stationed in every community where it manages a compound.
  const managed = new Set<string>();
  geography.compounds.forEach((compound, i) => {
    if (compound.kind !== "residential") return;
    const firm = organisations.propertyFirms[Math.floor(i / 9) % organisations.propertyFirms.length];
    if (!firm || managed.has(firm.id + compound.communityCode)) return;
    managed.add(firm.id + compound.communityCode);
    add(firm.id, tree.get(compound.communityCode).id, "stationed", today - prng.int(200, 800) * DAY_MS, null);
  });
  return roles;
}

import type { CountyDataset, CountyGeography } from "../../model/dataset.ts";
import { processOfDemo } from "../../workflow/processes/registry.ts";
import { admissionItemsOf, listClasses } from "../admission/build-list.ts";
import { Prng } from "../prng.ts";
import type { DemoProfile } from "../profile.ts";
import { buildAreaTree } from "./area-tree.ts";
import { makeCameras } from "./cameras.ts";
import { type DemoContext, isoOf, parseAnchor } from "./demo-context.ts";
import type { IncidentMode } from "./incident-draw.ts";
import { makeIncidents } from "./incidents.ts";
import { makeOrganisations } from "./organisations.ts";
import { makeRatings } from "./ratings.ts";
import { makeOrganisationRoles } from "./responsible-units.ts";
import { buildSites } from "./sites.ts";
import { makeWorkforce } from "./staff.ts";
import { makeWhistles } from "./whistles.ts";

export interface PopulateOptions {
  /** `rhythm` (default) looks like a county's year; `uniform` reports at one rate per household. */
  readonly incidents?: IncidentMode;
}

/** Peoples a given geography: units, posts, staff, cameras and incidents. Same arguments, same bytes. */
export function populate(
  profile: DemoProfile,
  geography: CountyGeography,
  seed: string,
  anchorDate: string,
  options: PopulateOptions = {},
): CountyDataset {
  const anchorMs = parseAnchor(anchorDate);
  const context: DemoContext = {
    profile,
    geography,
    tree: buildAreaTree(geography.areas),
    anchorMs,
    prng: new Prng(`${profile.profile.county}/${seed}/population`),
  };
  const organisations = makeOrganisations(context);
  const organisationRoles = makeOrganisationRoles(context, organisations);
  const workforce = makeWorkforce(context, organisations);
  const sites = buildSites(context);
  const caseload = makeIncidents(context, organisations, organisationRoles, sites, options.incidents ?? "rhythm");
  return {
    profile: { ...profile.profile, anchorAt: isoOf(anchorMs) },
    process: processOfDemo(profile.slug),
    ...geography,
    extraClasses: listClasses(profile.slug),
    organisations: organisations.all,
    organisationRoles,
    ...workforce,
    cameras: makeCameras(context, organisations, sites),
    ...caseload,
    ...makeWhistles(context, organisations, caseload),
    ratings: makeRatings(context, caseload),
    admissionItems: admissionItemsOf(context, organisations.all),
  };
}

import type { AreaRecord } from "../../model/area.ts";
import { creditCheckCharacter } from "../../model/codes.ts";
import type { LonLat } from "../../model/geometry.ts";
import type { Uuid } from "../../model/ids.ts";
import { nameSort } from "../../model/name-sort.ts";
import type { OrganisationKind, OrganisationRecord } from "../../model/organisation.ts";
import type { Prng } from "../prng.ts";
import { DAY_MS, type DemoContext, nextId } from "./demo-context.ts";
import { distanceSquared } from "./plane.ts";
import { type Department, partnerUnitNames, propertyFirmNames } from "./unit-names.ts";

/** The units of a county, by what the other parts look them up for. */
export interface Organisations {
  readonly all: readonly OrganisationRecord[];
  /** Units that may answer for grids and join communities; the responsible ones first. */
  readonly partners: readonly OrganisationRecord[];
  readonly byDepartment: ReadonlyMap<Department, OrganisationRecord>;
  readonly propertyFirms: readonly OrganisationRecord[];
  readonly court: OrganisationRecord;
  readonly procuratorate: OrganisationRecord;
  /** By the nine-digit code of the town. */
  readonly townOffices: ReadonlyMap<string, OrganisationRecord>;
  readonly policeStations: ReadonlyMap<string, OrganisationRecord>;
  /** By the twelve-digit code of the community or village. */
  readonly placeOffices: ReadonlyMap<string, OrganisationRecord>;
  /** Fixed address of a unit, WGS 84 lon/lat. */
  readonly address: ReadonlyMap<Uuid, LonLat>;
}

/** Registration department and category of a unit (GB 32100-2015): 1 organs and institutions, 5 social, 9 firms. */
const CREDIT_PREFIX: Record<OrganisationKind, string> = {
  party_organ: "11",
  government_organ: "11",
  institution: "12",
  police: "11",
  court: "11",
  town_office: "11",
  community_office: "54",
  social_organisation: "51",
  enterprise: "91",
  property_firm: "91",
};

/** A code that passes the check but cannot be anyone's: 999999 is no division. */
function creditCode(kind: OrganisationKind, county: string, serial: number): string {
  const first17 = `${CREDIT_PREFIX[kind]}999999${county.slice(2)}${serial.toString().padStart(5, "0")}`;
  return first17 + creditCheckCharacter(first17);
}

/** Names of the town and its short form: 云兴镇 → 云兴, 口泉街道 → 口泉. */
export const shortTownName = (name: string): string => name.replace(/(街道|镇|乡)$/, "");

export function makeOrganisations(context: DemoContext): Organisations {
  const { profile, tree, geography, anchorMs } = context;
  const prng = context.prng.fork("organisations");
  const { county, name: countyName } = profile.profile;
  const foundedMs = anchorMs - 900 * DAY_MS;
  const all: OrganisationRecord[] = [];
  const address = new Map<Uuid, LonLat>();

  const add = (
    kind: OrganisationKind,
    name: string,
    at: LonLat,
    unitLevel: 1 | 2 | null = null,
  ): OrganisationRecord => {
    const serial = all.length + 1;
    const organisation: OrganisationRecord = {
      id: nextId(prng, foundedMs),
      kind,
      name,
      nameSort: nameSort(name),
      creditCode: creditCode(kind, county, serial),
      unitLevel,
      // Area code 000 is not assigned.
      dutyPhone: `000-${(1_000_000 + serial).toString()}`,
    };
    all.push(organisation);
    address.set(organisation.id, at);
    return organisation;
  };

  const urban = tree.places.filter((place) => place.kind === "community");
  const officeSites = siteChooser(
    prng,
    geography.buildings.filter((building) => building.households === 0).map((building) => building.label),
    urban.length > 0 ? urban : tree.places,
  );

  const named = partnerUnitNames(countyName, profile.partnerUnits);
  const fourContracts = profile.partnerUnits > profile.responsibleUnits;
  const byDepartment = new Map<Department, OrganisationRecord>();
  const partners = named.map((unit, i) => {
    const level = fourContracts ? (i < profile.responsibleUnits ? 1 : 2) : null;
    const organisation = add(unit.kind, unit.name, officeSites(), level);
    if (unit.department) byDepartment.set(unit.department, organisation);
    return organisation;
  });

  const suffix = countyName.slice(-1);
  const court = add("court", `${suffix}人民法院`, officeSites());
  const procuratorate = add("court", `${suffix}人民检察院`, officeSites());
  const firms = Math.max(4, Math.floor(geography.compounds.length / 9));
  const propertyFirms = propertyFirmNames(firms).map((name) => add("property_firm", name, officeSites()));

  const townOffices = new Map<string, OrganisationRecord>();
  const policeStations = new Map<string, OrganisationRecord>();
  const placeOffices = new Map<string, OrganisationRecord>();
  for (const town of tree.towns) {
    const places = tree.childrenOf(town.code);
    const seat = seatOf(town, places);
    const office = town.kind === "street" ? "街道办事处" : town.kind === "town" ? "镇政府" : "乡政府";
    const stem = shortTownName(town.name);
    townOffices.set(town.code, add("town_office", stem + office, seat));
    policeStations.set(town.code, add("police", `${stem}派出所`, stationSite(prng, seat, places)));
    for (const place of places)
      placeOffices.set(
        place.code,
        add("community_office", `${place.name}${place.kind === "community" ? "居委会" : "村委会"}`, place.label),
      );
  }
  return {
    all,
    partners,
    byDepartment,
    propertyFirms,
    court,
    procuratorate,
    townOffices,
    policeStations,
    placeOffices,
    address,
  };
}

/** The label of the place nearest to the middle of the town, so that an office stands among houses and not in fields. */
function seatOf(town: AreaRecord, places: readonly AreaRecord[]): LonLat {
  let best: LonLat = town.label;
  let bestDistance = Number.POSITIVE_INFINITY;
  const communities = places.filter((place) => place.kind === "community");
  for (const place of communities.length > 0 ? communities : places) {
    const distance = distanceSquared(town.label, place.label);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = place.label;
    }
  }
  return best;
}

/** A police station stands in another place than the town's office where the town has more than one. */
function stationSite(prng: Prng, seat: LonLat, places: readonly AreaRecord[]): LonLat {
  const communities = places.filter((place) => place.kind === "community" && place.label !== seat);
  const candidates = communities.length > 0 ? communities : places;
  return candidates.length > 0 ? prng.pick(candidates).label : seat;
}

/** Draws office addresses: buildings without households first, labels of communities when there are none. */
function siteChooser(prng: Prng, sites: readonly LonLat[], places: readonly AreaRecord[]): () => LonLat {
  const shuffled = prng.shuffle(sites);
  let next = 0;
  return () => shuffled[next++] ?? prng.pick(places).label;
}

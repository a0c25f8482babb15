import type { Uuid } from "./ids.ts";

export const ORGANISATION_KINDS = [
  "party_organ",
  "government_organ",
  "enterprise",
  "institution",
  "social_organisation",
  "property_firm",
  "police",
  "court",
  "town_office",
  "community_office",
] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

export interface OrganisationRecord {
  readonly id: Uuid;
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly nameSort: string;
  /** Unified social credit code, 18 characters with check digit; null when unknown. */
  readonly creditCode: string | null;
  /** Level of a unit in the four contracts 四包: 1 or 2; null where it does not apply. */
  readonly unitLevel: 1 | 2 | null;
  /** Duty phone of the unit (not of a person); null when unknown. */
  readonly dutyPhone: string | null;
}

/** What an organisation is to an area: 责任单位, 驻区单位, 联建单位, 产权单位. */
export const ORGANISATION_ROLES = ["responsible", "stationed", "joint", "owner"] as const;
export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

export interface OrganisationRoleRecord {
  readonly id: Uuid;
  readonly organisationId: Uuid;
  readonly areaId: Uuid;
  readonly role: OrganisationRole;
  readonly contractNo: string | null;
  /** ISO 8601 instants; `to` null = open-ended. A past `to` shows as expired. */
  readonly from: string;
  readonly to: string | null;
}

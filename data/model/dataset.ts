import type { CountyProcess } from "../workflow/process.ts";
import type { AdmissionRecord } from "./admission.ts";
import type { AreaRecord, BuildingRecord, CompoundRecord, ContextRecord, GridCompoundRecord } from "./area.ts";
import type { CameraRecord } from "./camera.ts";
import type { ClassCode } from "./class-code.ts";
import type { CountyProfile } from "./county.ts";
import type { IncidentEventRecord, IncidentRecord } from "./incident.ts";
import type { OrganisationRecord, OrganisationRoleRecord } from "./organisation.ts";
import type { AbsenceRecord, PostAreaRecord, PostHolderRecord, PostRecord, ShiftRecord, StaffRecord } from "./staff.ts";
import type { RatingRecord, WhistleCallRecord, WhistleRecord } from "./whistle.ts";

/** The places of a county: what the geography generator makes and the population generator builds on. */
export interface CountyGeography {
  readonly areas: readonly AreaRecord[];
  readonly compounds: readonly CompoundRecord[];
  readonly gridCompounds: readonly GridCompoundRecord[];
  readonly buildings: readonly BuildingRecord[];
  readonly context: readonly ContextRecord[];
}

/** Everything a demo county holds, in the order that it can be loaded. */
export interface CountyDataset extends CountyGeography {
  readonly profile: CountyProfile;
  /** How its cases live; the default process where absent. */
  readonly process?: CountyProcess;
  /** Classes beyond the shipped table that this county needs (usually none). */
  readonly extraClasses: readonly ClassCode[];
  readonly organisations: readonly OrganisationRecord[];
  readonly organisationRoles: readonly OrganisationRoleRecord[];
  readonly posts: readonly PostRecord[];
  readonly postAreas: readonly PostAreaRecord[];
  readonly staff: readonly StaffRecord[];
  readonly postHolders: readonly PostHolderRecord[];
  readonly shifts: readonly ShiftRecord[];
  readonly absences: readonly AbsenceRecord[];
  readonly cameras: readonly CameraRecord[];
  readonly incidents: readonly IncidentRecord[];
  readonly incidentEvents: readonly IncidentEventRecord[];
  /** The admission list (准入清单) in its order; absent where the county has none. */
  readonly admissionItems?: readonly AdmissionRecord[];
  /** Whistles with their calls, and residents' ratings; absent where a county has none. */
  readonly whistles?: readonly WhistleRecord[];
  readonly whistleCalls?: readonly WhistleCallRecord[];
  readonly ratings?: readonly RatingRecord[];
}

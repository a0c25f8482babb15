import type { OwnerDistance } from "../data/dispatch/candidate-owners.ts";
import type { DispatchFactor } from "../data/dispatch/rank-posts.ts";
import type { ComparedCase, Likeness } from "../data/dispatch/similarity.ts";
import type { Sight } from "../data/dispatch/view-covers.ts";
import type { CallStanding, DepartmentPoints } from "../data/evaluation/whistle-points.ts";
import type { ChangeKind, ChangeOp } from "../data/feed/event.ts";
import type { DutyAssignment } from "../data/model/duty.ts";
import type { LonLat } from "../data/model/geometry.ts";
import type { PlanChange } from "../data/planning/plan.ts";
import type { StepDefinition } from "../data/workflow/definition.ts";
import type { AccountRow } from "../db/repositories/account-repository.ts";
import type { AdmissionRow } from "../db/repositories/admission-repository.ts";
import type { VisibleCountsRow } from "../db/repositories/area-counts-repository.ts";
import type { AreaRow } from "../db/repositories/area-repository.ts";
import type { AuditRow } from "../db/repositories/audit-log-repository.ts";
import type { CameraRow } from "../db/repositories/camera-repository.ts";
import type { CompoundRow, CompoundShareRow } from "../db/repositories/compound-repository.ts";
import type { CountyRow } from "../db/repositories/county-repository.ts";
import type { ImportBatchRow } from "../db/repositories/import-batch-repository.ts";
import type { IncidentEventRow, IncidentRow } from "../db/repositories/incident-repository.ts";
import type { LineageRow } from "../db/repositories/lineage-repository.ts";
import type { RatingRow } from "../db/repositories/order-repository.ts";
import type { OrganisationRow } from "../db/repositories/organisation-repository.ts";
import type { PlanRow } from "../db/repositories/plan-repository.ts";
import type { ReportRow } from "../db/repositories/report-repository.ts";
import type { PostRow, StaffRow } from "../db/repositories/staff-repository.ts";
import type { WhistleCallRow, WhistleRow } from "../db/repositories/whistle-repository.ts";
import type { Page } from "./services/page.ts";

export type {
  EditionSummary as ImportEditionModel,
  ShownProposal as ImportProposalModel,
} from "../data/editions/edition-report.ts";
export type { CrsVerdict as ImportVerdictModel } from "../data/geo/crs/judge-crs.ts";
export type { ImportReport as ImportReportModel } from "../data/importers/report.ts";
export type { AdmissionRow } from "../db/repositories/admission-repository.ts";
export type { AlarmRow } from "../db/repositories/alarm-repository.ts";
export type { UndecidedRow } from "../db/repositories/candidate-repository.ts";
export type { DutyEntryRow } from "../db/repositories/duty-log-repository.ts";
export type { ImportJobRow } from "../db/repositories/import-job-repository.ts";
export type { IncidentSummaryRow } from "../db/repositories/incident-repository.ts";
export type { ResponsibilityRow } from "../db/repositories/organisation-repository.ts";
export type { PhotoRow as IncidentPhotoRow } from "../db/repositories/photo-repository.ts";
export type { PlanEventRow } from "../db/repositories/plan-event-repository.ts";
export type { SessionRow } from "../db/repositories/session-repository.ts";
export type { PostRow } from "../db/repositories/staff-repository.ts";
export type { GrantModel, MeModel } from "./auth/me.ts";
export type { HealthFinding as HealthFindingModel } from "./health/finding.ts";
export type { HandoverModel } from "./services/alarm/handover.ts";
export type { AccountWithFirstPassword } from "./services/identity/accounts.ts";
export type {
  Preview as ImportPreviewModel,
  PreviewLayer as ImportLayerModel,
} from "./services/importing/jobs/preview.ts";
/** What resolvers get as parent of each type, by the names that `codegen-mappers.json` uses. */
export type {
  AccountRow,
  AreaRow,
  CameraRow,
  CompoundRow,
  IncidentRow,
  OrganisationRow,
  PlanRow,
  RatingRow,
  StaffRow,
  WhistleRow,
};

/** A county with the end of its data as seen at the request's instant. */
export type CountyModel = CountyRow & { readonly asOf: string; readonly historic: boolean };
export type AreaCountsModel = VisibleCountsRow & { readonly area: AreaRow };
export type CompoundShareModel = CompoundShareRow & { readonly county: string; readonly at: string };
export type DutyAssignmentModel = DutyAssignment & { readonly county: string };
export interface LocationModel {
  readonly lon: number;
  readonly lat: number;
  readonly county: CountyModel | null;
  readonly area: AreaRow | null;
  readonly grid: AreaRow | null;
  readonly path: AreaRow[];
  readonly border: boolean;
  readonly neighbours: AreaRow[];
  /** Every area within 5 m that may own the point, lowest code first; none outside all. */
  readonly owners: readonly OwnerDistance[];
}
export type AreaPage = Page<AreaRow>;
/** A line of descent, as seen from one of its areas. */
export interface AreaLineageModel extends LineageRow {
  readonly county: string;
  /** Which end the other area is. */
  readonly other: "from" | "to";
}
export type AreaLineagePage = Page<AreaLineageModel>;
export type CompoundPage = Page<CompoundRow>;
export type OrganisationPage = Page<OrganisationRow>;
export type StaffPage = Page<StaffRow>;
export type CameraPage = Page<CameraRow>;
/** An entry of a case's timeline with what its step's words depend on. */
export type IncidentEventModel = IncidentEventRow & { readonly incident: IncidentRow };
/** What became of one of several steps asked for at once. */
export interface TransitionOutcomeModel {
  readonly id: string;
  readonly incident: IncidentRow | null;
  readonly code: string | null;
  readonly message: string | null;
}
export type { ImportBatchRow };
export type ImportBatchPage = Page<ImportBatchRow>;
export type IncidentPage = Page<IncidentRow>;
export type PlanPage = Page<PlanRow>;
export type { PlanLineage as PlanLineageModel } from "../data/planning/lineage.ts";
export type { PlanAnchor as PlanAnchorModel } from "../data/planning/plan.ts";
export type { PlanIssue as PlanIssueModel } from "../data/planning/referee.ts";
export type { PresenceRow as PlanPresenceModel } from "../db/repositories/plan-presence-repository.ts";
export type { PlanConflictModel } from "./services/plan/plan-conflicts.ts";
export type { PlanCellImpactModel, PlanImpactModel, PlanMoveModel } from "./services/plan/plan-impact.ts";
/** A changed cell with the county that its area is of. */
export type PlanChangeModel = PlanChange & { readonly county: string };
export type AccountPage = Page<AccountRow>;
export type AuditRowModel = AuditRow;
export type AuditPage = Page<AuditRow>;
/** A case that was just reported, or is told again; the code is nowhere else. */
export interface ReportReceiptModel {
  readonly county: string;
  readonly incidentId: string;
  readonly orderNo: string;
  readonly code: string;
}
/** An event of the feed as its viewer is told of it. */
export interface ChangeModel {
  readonly op: ChangeOp | "RESET";
  readonly kind: ChangeKind;
  readonly county: string;
  readonly id: string | null;
  readonly ref: number | null;
  readonly version: number | null;
  readonly liveVersion: string;
  readonly snapshotVersion: string | null;
  readonly cursor: string;
}
/** A called department with how the call stands at the county's as-of instant. */
export type WhistleCallModel = WhistleCallRow & CallStanding;
export type DepartmentScoreModel = Omit<DepartmentPoints, "organisation"> & {
  readonly county: string;
  readonly organisationId: string;
};
/** The five orders of an area. */
export interface OrderFunnelModel {
  readonly stages: { readonly step: StepDefinition; readonly reached: number; readonly now: number }[];
  readonly rated: number;
  readonly satisfied: number;
  readonly satisfaction: number | null;
}
export type MyReportModel = ReportRow & { readonly hasContact: boolean };
/** Whom a matter at a point belongs to; what may be the same is looked up when it is asked for. */
export interface OwnershipModel {
  readonly county: CountyModel;
  readonly nearBorder: boolean;
  readonly candidates: OwnerCandidateModel[];
  readonly admitted: AdmissionRow[];
  readonly refused: AdmissionRow[];
  /** The matter itself. */
  readonly compared: ComparedCase;
  /** Where it would be drawn if it is of a sensitive class. */
  readonly drawn: LonLat;
}
export interface OwnerCandidateModel {
  readonly county: CountyModel;
  readonly area: AreaRow;
  readonly distanceM: number;
}
export type SimilarCaseModel = Likeness & { readonly incident: IncidentRow };
export interface DispatchAdviceModel {
  readonly version: string;
  readonly suggestions: DispatchSuggestionModel[];
  readonly cameras: CameraViewModel[];
}
export interface DispatchSuggestionModel {
  readonly county: string;
  readonly post: PostRow;
  readonly staffId: string | null;
  readonly score: number;
  readonly factors: DispatchFactor[];
}
export type CameraViewModel = Sight & { readonly camera: CameraRow };

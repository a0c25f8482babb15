import type { Resource } from "../../data/policy/policy.ts";
import type { TenantTable } from "../tenant-tables.ts";

/**
 * How a row is compared with the viewer's area.
 * - `county`: the row belongs to the county as a whole; who may read only a part of the county does not see it.
 * - `inside`: `scope_code` lies in the viewer's area; a row without one is seen with the whole county only.
 * - `overlap`: the same, or `scope_code` is an area that the viewer's area lies in (posts that serve the whole town).
 * - `handler`: `handler_id` is the viewer's account.
 */
export type RowComparison = "county" | "inside" | "overlap" | "handler";

/** A table that seats may read. Names of columns are separated by spaces. */
export interface OpenTable {
  readonly resource: Resource;
  readonly compare: RowComparison;
  /** Columns that come with `resource`. */
  readonly columns: string;
  /** Columns that need another resource as well. */
  readonly moreColumns?: Readonly<Partial<Record<Resource, string>>>;
  /** Columns that no seat reads. */
  readonly hidden?: string;
  /** Rows, by a condition over own columns, that need another resource as well. */
  readonly rows?: { readonly where: string; readonly resource: Resource };
  /** Rows, by a condition over own columns, that only the handler in `handler_id` sees; the resource `sealed` says which roles can be one. */
  readonly handlerRows?: string;
}

/** A table that no seat reads, and why. */
export interface ClosedTable {
  readonly closed: string;
}

const SYSTEM: ClosedTable = { closed: "the system's own work, under the scope `county`" };
const ACCOUNTS: ClosedTable = { closed: "sign-in and administration of accounts have database roles of their own" };

/** What of each tenant table seats may read; a test holds tables and columns equal to the catalogue. */
export const TABLE_RULES: Readonly<Record<TenantTable, OpenTable | ClosedTable>> = {
  county_profile: {
    resource: "map",
    compare: "county",
    columns:
      "county name name_en name_sort timezone demo anchor_at grid_term source figures extra_classes content_version live_version updated_at",
  },
  county_process: { resource: "map", compare: "county", columns: "county process updated_at" },
  area: { resource: "map", compare: "county", columns: "county id level" },
  area_version: {
    resource: "map",
    compare: "county",
    columns:
      "county id area_id level kind code name name_sort urban households households_exact households_basis households_source households_date valid geom label area_m2 source_ref source_crs plan_id lineage west south east north valid_from valid_to",
  },
  area_lineage: {
    resource: "map",
    compare: "county",
    columns: "county id from_area to_area kind from_code to_code share to_share at batch_id plan_id settled",
  },
  compound: {
    resource: "map",
    compare: "county",
    columns:
      "county id community_code kind name name_sort households households_exact households_basis households_source households_date source_ref drawn geom",
  },
  grid_compound: { resource: "map", compare: "county", columns: "county grid_id compound_id share" },
  context_feature: {
    resource: "map",
    compare: "county",
    columns: "county id kind rank class name geom length_m area_m2 source source_ref source_date west south east north",
  },
  // Whose grids lie where is public; what lives in a piece is for those who see households there.
  grid_layer: {
    resource: "map",
    compare: "county",
    columns: "county id kind name name_sort source source_crs imported_at",
  },
  layer_area: {
    resource: "map",
    compare: "county",
    columns: "county id layer_id code name unit source_date area_m2 geom merged_at",
  },
  layer_grid_map: {
    resource: "map",
    compare: "county",
    columns: "county layer_area_id grid_id valid_from valid_to layer_id m2 sole_m2 owned_m2 grid_m2 main basis",
  },
  layer_grid_households: {
    resource: "household",
    compare: "inside",
    columns: "county layer_area_id grid_id valid_from scope_code households exact",
  },
  // Who merged what and why: a record of planning.
  layer_merge: {
    resource: "plan",
    compare: "inside",
    columns:
      "county id layer_id layer_area_id from_code from_name to_area to_code scope_code share at author role reason",
  },
  base_map: { closed: "addresses and files of the server; /basemap serves the tiles to whoever may see the map" },
  // Where the public is served, measured and told: posted in the street.
  station: {
    resource: "map",
    compare: "county",
    columns: "county id kind name name_sort hours scope_code geom source source_ref",
    moreColumns: { unit_contact: "duty_phone" },
  },
  gauge: {
    resource: "map",
    compare: "county",
    columns: "county id kind name name_sort warn_level_m scope_code geom source source_ref",
  },
  notice_board: {
    resource: "map",
    compare: "county",
    columns: "county id name scope_code state printed_on geom source source_ref",
  },
  building: {
    resource: "household",
    compare: "inside",
    columns:
      "county id compound_id scope_code floors floors_known households households_exact households_basis households_source households_date code drawn geom label",
  },
  organisation: {
    resource: "map",
    compare: "county",
    columns: "county id kind name name_sort credit_code unit_level",
    moreColumns: { unit_contact: "duty_phone" },
  },
  // What departments hand down is posted publicly.
  admission_item: {
    resource: "map",
    compare: "county",
    columns: "county id department organisation_id item classes kind batch ordinal",
  },
  // Contracts and posts of an area above also answer for what lies in it: they are seen from below.
  organisation_role: {
    resource: "duty",
    compare: "overlap",
    columns: "county id organisation_id area_id role contract_no valid valid_from valid_to scope_code",
  },
  post: { resource: "duty", compare: "overlap", columns: "county id kind organisation_id place geom scope_code" },
  post_area: { resource: "duty", compare: "overlap", columns: "county post_id area_id lead scope_code" },
  post_holder: {
    resource: "duty",
    compare: "overlap",
    columns: "county post_id staff_id slot valid valid_from valid_to scope_code",
  },
  duty_shift: {
    resource: "duty",
    compare: "overlap",
    columns: "county id post_id slot weekdays start_minute end_minute scope_code",
  },
  duty_staff: {
    resource: "duty",
    compare: "overlap",
    columns: "county id name name_sort title organisation_id scope_code",
  },
  staff_absence: { resource: "duty", compare: "overlap", columns: "county id staff_id during scope_code" },
  duty_staff_contact: {
    resource: "staff_contact",
    compare: "overlap",
    columns: "county staff_id work_phone scope_code",
  },
  camera: {
    resource: "camera",
    compare: "inside",
    columns: "county id device_code name network indoor geom cell scope_code",
    moreColumns: {
      camera_device:
        "status manufacturer model owner_organisation_id ptz_type position_type azimuth_deg angle_deg range_m legal_basis sign filing_no in_use_since retention_days",
    },
    rows: { where: "network = 'tianwang'", resource: "camera_device" },
  },
  incident: {
    resource: "incident",
    compare: "inside",
    columns:
      "county id ref class_code severity source state geom cell grid_id grid_code_at scope_code opened_at due_at first_answer_at closed_at source_verdict border suspicious organisation_id version sensitive merged_into workflow step escalation",
    moreColumns: { incident_text: "title source_ref handler_id worked_by post_id inbox_role inbox_area" },
    // Which load a case came with matters to the load only.
    hidden: "import_batch",
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  incident_event: {
    resource: "incident",
    compare: "inside",
    columns:
      "county id incident_id seq from_state to_state at scope_code sensitive kind step extended_seconds organisation_id",
    moreColumns: { incident_text: "actor note post_id" },
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  // A case near a border, once for each area that may own it.
  incident_candidate: {
    resource: "incident",
    compare: "inside",
    columns: "county incident_id scope_code class_code sensitive state geom opened_at version candidates",
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  alarm: {
    resource: "incident",
    compare: "inside",
    columns: "county incident_id scope_code sensitive raised_at acknowledged_at",
    moreColumns: { incident_text: "acknowledged_by acknowledged_name" },
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  duty_entry: {
    resource: "duty_log",
    compare: "inside",
    columns: "county id scope_code kind author_id author at text",
  },
  whistle: {
    resource: "incident",
    compare: "inside",
    columns: "county id incident_id scope_code sensitive area_code item class blown_at ended_at rating version",
    moreColumns: { incident_text: "note outcome" },
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  whistle_call: {
    resource: "incident",
    compare: "inside",
    columns: "county id whistle_id organisation_id scope_code sensitive arrive_by arrived_at",
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  incident_rating: {
    resource: "incident",
    compare: "inside",
    columns: "county incident_id scope_code sensitive rating at",
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  incident_clock: {
    resource: "incident",
    compare: "inside",
    columns:
      "county incident_id seq kind target rule calendar allowed_seconds extended_seconds started_at used_ms running_since paused_at ended_at outcome due_at scope_code sensitive",
    moreColumns: { incident_text: "pause_reason" },
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  // Counts of single cases of a town: for those who may read every one of them. Smaller areas than a town see no row.
  incident_day: {
    resource: "incident",
    compare: "inside",
    columns: "county scope_code whole day class_code state sensitive count",
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  incident_cell_month: {
    resource: "incident",
    compare: "inside",
    columns: "county scope_code edge month x y major state_group sensitive count",
    rows: { where: "sensitive", resource: "incident_sensitive" },
  },
  incident_sealed_place: { resource: "sealed", compare: "handler", columns: "county incident_id handler_id geom" },
  // A picture of a home or a quarrel shows who it is about: of sensitive cases their handler alone sees it.
  incident_photo: {
    resource: "incident_text",
    compare: "inside",
    columns: "county id incident_id handler_id bytes type width height actor created_at scope_code sensitive",
    handlerRows: "sensitive",
  },
  reporter_contact: {
    resource: "sealed",
    compare: "handler",
    columns: "county incident_id handler_id contact created_at key_id",
    hidden: "delete_after",
  },
  contact_key: {
    resource: "sealed",
    compare: "handler",
    columns: "county incident_id id handler_id key created_at",
    hidden: "kept_until",
  },
  // Published to everybody who may read statistics: what is in these tables is safe to tell.
  incident_cube: {
    resource: "statistic",
    compare: "county",
    columns: "county month area_code major sensitive level count mark through frozen",
  },
  area_rollup: { resource: "statistic", compare: "county", columns: "county code level as_of counts" },
  statistic_run: { resource: "statistic", compare: "county", columns: "county through content_version refreshed_at" },
  audit_log: {
    resource: "audit",
    compare: "county",
    columns: "county id actor actor_name role address action entity reason at mac",
  },
  audit_seal: {
    resource: "audit",
    compare: "county",
    columns: "county seq audit_id previous_hash hash sealed_at head_file",
  },
  plan: {
    resource: "plan",
    compare: "inside",
    columns:
      "county id scope_code name summary state revision base_at base effective_on author_id author editors saved_name saved_at approved_name reverts created_at updated_at",
  },
  plan_area: {
    resource: "plan",
    compare: "inside",
    columns: "county plan_id cell area_id scope_code code kind name geom",
  },
  plan_bound: {
    resource: "plan",
    compare: "inside",
    columns: "county plan_id cell side scope_code text author at",
  },
  plan_presence: {
    resource: "plan",
    compare: "inside",
    columns: "county plan_id account_id scope_code name cells expires_at",
  },
  plan_event: {
    resource: "plan",
    compare: "inside",
    columns:
      "county id plan_id seq scope_code kind author_id author role at revision text anchor thread resolved_at resolved_name",
  },
  import_job: {
    resource: "import",
    compare: "county",
    columns:
      "county id client_key upload kind options dry_run state phase row_count byte_count byte_total report error batch_id rejected actor actor_name process created_at touched_at ended_at",
  },
  import_batch_part: SYSTEM,
  import_batch: {
    resource: "import",
    compare: "county",
    columns: "county id kind file_name report at options actor undone_at undone_by",
  },
  import_row: {
    closed: "rows as they stood before an import: the loader writes them, an undo of the loader reads them",
  },
  incident_report: { closed: "order numbers and hashes of codes; reporters are answered under the scope `county`" },
  idempotency: SYSTEM,
  county_counter: SYSTEM,
  outbox: SYSTEM,
  change_feed: SYSTEM,
  feed_head: SYSTEM,
  account: ACCOUNTS,
  role_grant: ACCOUNTS,
  session: ACCOUNTS,
  one_time_link: ACCOUNTS,
  api_token: ACCOUNTS,
  kiosk_link: ACCOUNTS,
};

/** Reference tables, without a tenant: every seat reads them. */
export const OPEN_REFERENCE = ["class_code", "county_outline", "spatial_ref_sys"] as const;

/**
 * Tables that every seat but visitors may add rows to, whatever it may read: the audit log, in the transaction of what it
 * tells of. Everything else is written by the system (scope `county`) after the service has asked `mayAct`, since a write
 * also touches what its author may not see (numbers of the county, other people's keys, the outbox).
 */
export const APPEND_ONLY: readonly TenantTable[] = ["audit_log"];

/** Splits a list of columns. */
export const columnList = (columns: string | undefined): string[] => columns?.split(" ") ?? [];

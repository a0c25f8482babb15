/**
 * Every tenant table, in an order in which the rows of a county can be deleted: what refers to others comes first.
 * A test holds the list equal to the tables of the migrations.
 */
export const TENANT_TABLES = [
  "layer_merge",
  "layer_grid_households",
  "layer_grid_map",
  "layer_area",
  "grid_layer",
  "plan_bound",
  "plan_presence",
  "plan_event",
  "plan_area",
  "plan",
  "contact_key",
  "reporter_contact",
  "incident_rating",
  "whistle_call",
  "whistle",
  "incident_photo",
  "incident_report",
  "incident_sealed_place",
  "alarm",
  "duty_entry",
  "incident_event",
  "incident_clock",
  "incident_candidate",
  "incident",
  "camera",
  "staff_absence",
  "duty_shift",
  "post_holder",
  "duty_staff_contact",
  "post_area",
  "post",
  "duty_staff",
  "organisation_role",
  "admission_item",
  "organisation",
  "building",
  "grid_compound",
  "compound",
  "context_feature",
  "base_map",
  "station",
  "gauge",
  "notice_board",
  "area_lineage",
  "area_version",
  "area",
  "outbox",
  "change_feed",
  "feed_head",
  "audit_seal",
  "audit_log",
  "import_job",
  "import_row",
  "import_batch_part",
  "import_batch",
  "idempotency",
  "county_counter",
  "incident_day",
  "incident_cell_month",
  "incident_cube",
  "area_rollup",
  "statistic_run",
  "session",
  "one_time_link",
  "api_token",
  "kiosk_link",
  "role_grant",
  "account",
  "county_process",
  "county_profile",
] as const;

/** What stays when a county is removed: an audit log that can be removed proves nothing. */
export const KEPT_TABLES: readonly string[] = ["audit_seal", "audit_log"];
export type TenantTable = (typeof TENANT_TABLES)[number];

/** Small tables without a tenant (data rule 1). `county_outline` has one row per county under its own key. */
export const REFERENCE_TABLES = ["class_code", "county_outline"] as const;

/**
 * Directories that must be unique over all counties: small tables under a key of their own (measured: a unique key
 * without the tenant is impossible on a distributed engine). Rows that lead into a county go with it.
 */
export const DIRECTORY_TABLES = ["account_login", "account_subject"] as const;

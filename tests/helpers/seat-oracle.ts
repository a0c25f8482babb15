import { isInside } from "../../data/model/codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { READ, type Resource, VISITOR_RESOURCES } from "../../data/policy/policy.ts";
import type { Scope } from "../../db/driver.ts";
import type { TenantTable } from "../../db/tenant-tables.ts";

/**
 * What a viewer may see of a row and of a column, by brute force from the policy: written on its own, not from the rules
 * that row-level security is generated from.
 */
export type ViewerScope = Extract<Scope, { kind: "viewer" }>;
export type Row = Readonly<Record<string, unknown>>;

const MAP = [
  "county_profile",
  "area",
  "area_version",
  "area_lineage",
  "compound",
  "grid_compound",
  "context_feature",
  "grid_layer",
  "layer_area",
  "layer_grid_map",
  "station",
  "gauge",
  "notice_board",
  "organisation",
  "admission_item",
  "county_process",
];
const DUTY = ["organisation_role", "post", "post_area", "post_holder", "duty_shift", "duty_staff", "staff_absence"];
const STATISTIC = ["incident_cube", "area_rollup", "statistic_run"];
const RESOURCE_OF: Readonly<Partial<Record<TenantTable, Resource>>> = {
  ...Object.fromEntries(MAP.map((table) => [table, "map"])),
  ...Object.fromEntries(DUTY.map((table) => [table, "duty"])),
  ...Object.fromEntries(STATISTIC.map((table) => [table, "statistic"])),
  duty_staff_contact: "staff_contact",
  building: "household",
  camera: "camera",
  incident: "incident",
  incident_event: "incident",
  whistle: "incident",
  whistle_call: "incident",
  incident_rating: "incident",
  incident_candidate: "incident",
  incident_clock: "incident",
  alarm: "incident",
  duty_entry: "duty_log",
  incident_day: "incident",
  incident_cell_month: "incident",
  incident_sealed_place: "sealed",
  reporter_contact: "sealed",
  contact_key: "sealed",
  incident_photo: "incident_text",
  audit_log: "audit",
  audit_seal: "audit",
  import_batch: "import",
  import_job: "import",
  plan: "plan",
  plan_area: "plan",
  plan_event: "plan",
  plan_presence: "plan",
  plan_bound: "plan",
  layer_merge: "plan",
  layer_grid_households: "household",
};

/** Columns that need more than their row. */
const COLUMN_RESOURCE: Readonly<Record<string, Resource>> = {
  "organisation.duty_phone": "unit_contact",
  "station.duty_phone": "unit_contact",
  "incident.title": "incident_text",
  "incident.source_ref": "incident_text",
  "incident.handler_id": "incident_text",
  "incident.worked_by": "incident_text",
  "incident.post_id": "incident_text",
  "incident.inbox_role": "incident_text",
  "incident.inbox_area": "incident_text",
  "incident_clock.pause_reason": "incident_text",
  "alarm.acknowledged_by": "incident_text",
  "alarm.acknowledged_name": "incident_text",
  "incident_event.actor": "incident_text",
  "incident_event.note": "incident_text",
  "incident_event.post_id": "incident_text",
  "whistle.note": "incident_text",
  "whistle.outcome": "incident_text",
  ...Object.fromEntries(
    "status manufacturer model owner_organisation_id ptz_type position_type azimuth_deg angle_deg range_m legal_basis sign filing_no in_use_since retention_days"
      .split(" ")
      .map((column) => [`camera.${column}`, "camera_device" as const]),
  ),
};
const HIDDEN = new Set(["reporter_contact.delete_after", "contact_key.kept_until", "incident.import_batch"]);

const reads = (scope: ViewerScope, resource: Resource): boolean =>
  scope.visitor ? VISITOR_RESOURCES.includes(resource) : READ[resource][scope.role] !== undefined;

/** May the viewer read the column of what rows there are? */
export function seesColumn(scope: ViewerScope, table: TenantTable, column: string): boolean {
  const resource = RESOURCE_OF[table];
  if (!resource || !reads(scope, resource) || HIDDEN.has(`${table}.${column}`)) return false;
  const needed = COLUMN_RESOURCE[`${table}.${column}`];
  if (needed && !reads(scope, needed)) return false;
  // The audit log and imports belong to the county: who reads a part of it reads none of them.
  return !(["audit", "import"].includes(resource) && scope.area !== scope.county);
}

/** May the viewer read the row? */
export function seesRow(scope: ViewerScope, table: TenantTable, row: Row): boolean {
  const resource = RESOURCE_OF[table];
  if (!resource || !reads(scope, resource) || row["county"] !== scope.county) return false;
  const reach = scope.visitor ? "county" : READ[resource][scope.role];
  if (reach === "handler") return row["handler_id"] !== null && row["handler_id"] === scope.account;
  if (row["sensitive"] === true && resource === "incident" && !reads(scope, "incident_sensitive")) return false;
  // A picture of a sensitive case is its handler's, as far as a handler sits there.
  if (table === "incident_photo" && row["sensitive"] === true)
    if (!reads(scope, "sealed") || row["handler_id"] === null || row["handler_id"] !== scope.account) return false;
  if (table === "camera" && row["network"] === "tianwang" && !reads(scope, "camera_device")) return false;
  if (reach === "county" || scope.area === scope.county) return true;
  if (["audit", "import"].includes(resource)) return false;
  const code = row["scope_code"];
  if (typeof code !== "string") return false;
  const above = (resource === "duty" || resource === "staff_contact") && isInside(scope.area, code);
  return isInside(code, scope.area) || above;
}

/** A dataset with what the policy tells apart: cameras of every network, posts of every level, cases outside all areas. */
export function withEveryCase(data: CountyDataset): CountyDataset {
  const { county } = data.profile;
  const networks = ["xueliang", "tianwang", "huiyan", "unit"] as const;
  const [post] = data.posts;
  const [person] = data.staff;
  const [holder] = data.postHolders;
  if (!post || !person || !holder) throw new Error("the dataset has no post");
  const served = [`${county}001`, `${county}001001`, `${county}002002`, `${county}002002003`];
  const other = (id: string, n: number) => (id.slice(0, -4) + (0xa000 + n).toString(16)) as typeof post.id;
  return {
    ...data,
    cameras: data.cameras.map((camera, n) => ({ ...camera, network: networks[n % 4] ?? "unit" })),
    incidents: data.incidents.map((one, n) => (n % 10 === 7 ? { ...one, scopeCode: null, gridId: null } : one)),
    posts: [...data.posts, ...served.map((_, n) => ({ ...post, id: other(post.id, n) }))],
    postAreas: [
      ...data.postAreas,
      ...served.flatMap((code, n) =>
        data.areas
          .filter((area) => area.code === code)
          .map(({ id }) => ({ postId: other(post.id, n), areaId: id, lead: false })),
      ),
    ],
    staff: [...data.staff, ...served.map((_, n) => ({ ...person, id: other(person.id, n) }))],
    postHolders: [
      ...data.postHolders,
      ...served.map((_, n) => ({ ...holder, postId: other(post.id, n), staffId: other(person.id, n) })),
    ],
  };
}

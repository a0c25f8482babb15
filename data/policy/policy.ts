import type { Role } from "./roles.ts";

/**
 * What is protected. A field of the SDL, a table or some of its rows or columns, and a channel each name one of these.
 */
export const RESOURCES = [
  /** Boundaries, names and codes of areas, compounds, roads and water, classes, names of units: the map itself. */
  "map",
  /** Duty phones of units: lines of an office, not of a person. */
  "unit_contact",
  /** Posts, who holds them, contracts of responsible units. */
  "duty",
  /** Work phones of duty staff. */
  "staff_contact",
  /** Buildings with their households. */
  "household",
  /** Cameras outside the police networks: where they stand. */
  "camera",
  /** Direction, view, status and filing of cameras, and every camera of a police network. */
  "camera_device",
  /** Cases of ordinary classes, without free text. */
  "incident",
  /** Free text of cases: title, notes, who did a step, number in the source. */
  "incident_text",
  /** Cases of sensitive classes (disputes, home-related), drawn at their grid's centre. */
  "incident_sensitive",
  /** True place of a sensitive case, and a reporter's contact: the current handler of the case only. */
  "sealed",
  /** The duty log of an area's desk: who had which shift, and what they wrote for the next one. */
  "duty_log",
  /** Published statistics: the fixed cube and the roll-ups of areas. */
  "statistic",
  /** Accounts, grants, tokens and kiosk links. */
  "account",
  /** The audit log. */
  "audit",
  /** Imports and their reports. */
  "import",
  /** Plans of new boundaries: what they draw, what is said of them. */
  "plan",
] as const;
export type Resource = (typeof RESOURCES)[number];

/**
 * How far a permission reaches: the granted area and what lies inside it (`own`), the whole county of the grant
 * (`county`), or the cases that the account itself handles (`handler`).
 */
export type Reach = "own" | "county" | "handler";

/** What may be done beside reading. */
export const ACTIONS = [
  "read",
  "report",
  "handle",
  "move",
  "supervise",
  "plan",
  "approve",
  "manage",
  "import",
  "export",
] as const;
export type Action = (typeof ACTIONS)[number];

type RoleReach = Readonly<Partial<Record<Role, Reach>>>;

const all = (reach: Reach): RoleReach => ({
  wall: reach,
  leader: reach,
  dispatcher: reach,
  planner: reach,
  grid_worker: reach,
  admin: reach,
  auditor: reach,
});
const workers: RoleReach = { leader: "own", dispatcher: "own", grid_worker: "own", admin: "own" };
const onDuty: RoleReach = { ...workers, planner: "own", wall: "own" };

/**
 * Who may read what, and how far (issue "Need-to-know"; domain.md sections 4.7, 4.8 and 5). A role that is absent may not.
 * Visitors (参观模式) read `map` and `statistic` only, whatever their role.
 */
export const READ: Readonly<Record<Resource, RoleReach>> = {
  map: all("county"),
  unit_contact: { leader: "county", dispatcher: "county", planner: "county", grid_worker: "county", admin: "county" },
  duty: onDuty,
  staff_contact: workers,
  household: onDuty,
  camera: onDuty,
  camera_device: { dispatcher: "own", admin: "own" },
  incident: onDuty,
  incident_text: workers,
  incident_sensitive: workers,
  sealed: { leader: "handler", dispatcher: "handler", grid_worker: "handler" },
  duty_log: { leader: "own", dispatcher: "own" },
  statistic: all("county"),
  account: { admin: "own" },
  audit: { auditor: "own" },
  import: { admin: "own" },
  plan: { planner: "own", leader: "own", admin: "own" },
};

/** Who may act, on what lies in the granted area. */
export const ACT: Readonly<Record<Exclude<Action, "read">, readonly Role[]>> = {
  report: ["leader", "dispatcher", "grid_worker"],
  /** Takes cases on oneself. */
  handle: ["dispatcher", "grid_worker"],
  /** Takes steps of a workflow, as far as the workflow lets the role. */
  move: ["leader", "dispatcher", "grid_worker"],
  /** Assigns, merges, extends, verifies, whistles, acknowledges, keeps the duty log. */
  supervise: ["leader", "dispatcher"],
  /** Draws boundaries: makes plans, changes, submits, publishes and withdraws them. */
  plan: ["planner"],
  /** Reviews plans of others: asks for changes, approves. */
  approve: ["leader", "planner"],
  manage: ["admin"],
  import: ["admin"],
  export: ["leader", "dispatcher", "planner", "admin"],
};

/** What a visitor may read. */
export const VISITOR_RESOURCES: readonly Resource[] = ["map", "statistic"];

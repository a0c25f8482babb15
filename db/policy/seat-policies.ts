import { bugError } from "../../data/model/errors.ts";
import { READ, type Reach, type Resource, VISITOR_RESOURCES } from "../../data/policy/policy.ts";
import { ROLES, type Role } from "../../data/policy/roles.ts";
import { TENANT_TABLES, type TenantTable } from "../tenant-tables.ts";
import { columnList, type OpenTable, TABLE_RULES } from "./table-rules.ts";

/** A database role of a seat: part of a county, a whole county, or a visitor. */
export interface Seat {
  readonly name: string;
  /** Null for visitors, whose own role does not matter. */
  readonly role: Role | null;
  readonly whole: boolean;
}

/** Every database role of a seat. The names are those that `seatRole` of `sql-text.ts` asks for. */
export const SEATS: readonly Seat[] = [
  ...ROLES.flatMap((role) => [
    { name: `jingwei_${role}`, role, whole: false },
    { name: `jingwei_${role}_county`, role, whole: true },
  ]),
  { name: "jingwei_visitor", role: null, whole: true },
];

/** What a seat sees of a table. */
export interface TableAccess {
  readonly table: TenantTable;
  readonly seat: Seat;
  /** Condition of the rows, SQL over own columns and settings. */
  readonly rows: string;
  readonly columns: readonly string[];
}

const reachOf = (seat: Seat, resource: Resource): Reach | undefined => {
  if (seat.role === null) return VISITOR_RESOURCES.includes(resource) ? "county" : undefined;
  return READ[resource][seat.role];
};

const setting = (name: string): string => `current_setting('app.${name}', true)`;
/** Alone for whole counties: the planner folds it into the statement's own `county = $n` at no cost. */
export const COUNTY_ROWS = `county = ${setting("county")}`;
const INSIDE = `scope_code >= ${setting("scope_from")} AND scope_code < ${setting("scope_to")}`;

function rowsOf({ compare }: OpenTable, reach: Reach, whole: boolean): string | undefined {
  if (reach === "handler" || compare === "handler") {
    // Sealed rows are the handler's alone, whatever else a role may read.
    return reach === "handler" && compare === "handler"
      ? `${COUNTY_ROWS} AND handler_id::text = ${setting("account")}`
      : undefined;
  }
  if (whole || reach === "county") return COUNTY_ROWS;
  if (compare === "county") return undefined;
  if (compare === "inside") return `${COUNTY_ROWS} AND ${INSIDE}`;
  return `${COUNTY_ROWS} AND ((${INSIDE}) OR scope_code = ANY (string_to_array(${setting("scope_above")}, ',')))`;
}

/** Of rows that are their handler's alone: which ones a seat sees, and all others. */
const handlerRowsOf = (where: string, seat: Seat): string =>
  reachOf(seat, "sealed") === "handler"
    ? `(NOT (${where}) OR handler_id::text = ${setting("account")})`
    : `NOT (${where})`;

/**
 * What a seat sees of a table; undefined when nothing.
 *
 * @throws BUG when the policy asks for what grants of columns cannot say: a column that reaches less far than its row
 */
export function tableAccess(table: TenantTable, seat: Seat): TableAccess | undefined {
  const rule = TABLE_RULES[table];
  if ("closed" in rule) return undefined;
  const reach = reachOf(seat, rule.resource);
  const rows = reach && rowsOf(rule, reach, seat.whole);
  if (!reach || !rows) return undefined;
  const alsoReads = (resource: Resource): boolean => {
    const other = reachOf(seat, resource);
    if (other !== undefined && other !== reach)
      throw bugError(`${table}: ${resource} reaches "${other}" but ${rule.resource} reaches "${reach}"`, {
        at: "db/policy/table-rules.ts",
      });
    return other !== undefined;
  };
  const more = Object.entries(rule.moreColumns ?? {}).filter(([resource]) => alsoReads(resource as Resource));
  const hidesRows = rule.rows && !alsoReads(rule.rows.resource);
  const handlerRows = rule.handlerRows && handlerRowsOf(rule.handlerRows, seat);
  return {
    table,
    seat,
    rows: [rows, ...(hidesRows ? [`NOT (${rule.rows?.where})`] : []), ...(handlerRows ? [handlerRows] : [])].join(
      " AND ",
    ),
    columns: [...columnList(rule.columns), ...more.flatMap(([, columns]) => columnList(columns))],
  };
}

/** What every seat sees of every table, tables in a fixed order. */
export const allAccess = (): TableAccess[] =>
  [...TENANT_TABLES].sort().flatMap((table) => SEATS.flatMap((seat) => tableAccess(table, seat) ?? []));

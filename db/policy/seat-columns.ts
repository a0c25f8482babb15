import type { Scope } from "../driver.ts";
import { seatRole } from "../sql-text.ts";
import { SEATS, tableAccess } from "./seat-policies.ts";

/** Tables that some seats may not name, or not with every column. */
const CUT_TABLES = [
  "camera",
  "incident",
  "incident_event",
  "incident_clock",
  "alarm",
  "whistle",
  "organisation",
  "organisation_role",
  "duty_staff",
  "station",
] as const;
export type CutTable = (typeof CUT_TABLES)[number];

/** Columns that each seat may name, by seat and table; made once. */
const COLUMNS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  SEATS.flatMap((seat) =>
    CUT_TABLES.flatMap((table): [string, ReadonlySet<string>][] => {
      const access = tableAccess(table, seat);
      return access ? [[`${seat.name}.${table}`, new Set(access.columns)]] : [];
    }),
  ),
);

/** What a statement under a scope depends on; a `Transaction` is one. */
interface Scoped {
  readonly scope: Scope;
}

/** May a statement of this transaction name the table at all? Everything but a viewer's scope may. */
export const readsTable = ({ scope }: Scoped, table: CutTable): boolean =>
  scope.kind !== "viewer" || COLUMNS.has(`${seatRole(scope)}.${table}`);

/** May a statement of this transaction name the column? */
export const readsColumn = ({ scope }: Scoped, table: CutTable, column: string): boolean =>
  scope.kind !== "viewer" || COLUMNS.get(`${seatRole(scope)}.${table}`)?.has(column) === true;

/**
 * A column as a statement may name it: itself, or null where the viewer's role has no right to it (a statement that names
 * an ungranted column fails as a whole).
 *
 * @param name `alias.column`
 * @param type its type, so that null stands in expressions
 */
export function columnOrNull(tx: Scoped, table: CutTable, name: string, type: string): string {
  return readsColumn(tx, table, name.slice(name.indexOf(".") + 1)) ? name : `NULL::${type}`;
}

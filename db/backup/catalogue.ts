import { bugError } from "../../data/model/errors.ts";
import type { AdminClient } from "../driver.ts";
import { MIGRATIONS_TABLE } from "../migrate.ts";

/** A table as backups read it. */
export interface CatalogueTable {
  readonly name: string;
  /** Without generated columns, in the table's order. */
  readonly columns: readonly string[];
  /** Partitions that hold the rows; of a table without partitions it is the table itself. */
  readonly leaves: readonly string[];
}

/** Key of the extension's own tables in pg_depend: `spatial_ref_sys` comes with PostGIS. */
const OWN = `c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/**
 * Every table of Jingwei except the list of migrations, in an order in which rows can be loaded: what a foreign key refers
 * to comes first. Read from the database, so that a table that nobody listed is not forgotten.
 */
export async function readCatalogue(client: AdminClient): Promise<CatalogueTable[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name,
       (SELECT array_to_string(array_agg(a.attname ORDER BY a.attnum), ',') FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       CASE WHEN c.relkind = 'p' THEN (SELECT array_to_string(array_agg(k.relname ORDER BY k.relname), ',')
          FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid WHERE i.inhparent = c.oid)
        ELSE c.relname::text END AS leaves,
       (SELECT array_to_string(array_agg(DISTINCT p.relname), ',') FROM pg_constraint con
        JOIN pg_class p ON p.oid = con.confrelid
        WHERE con.contype = 'f' AND con.conrelid = c.oid AND con.confrelid <> c.oid) AS parents
     FROM pg_class c
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '${MIGRATIONS_TABLE}' AND ${OWN}
     ORDER BY c.relname`,
  );
  const list = (value: unknown): string[] => (typeof value === "string" && value !== "" ? value.split(",") : []);
  const waiting = new Map(
    rows.map((row) => [
      String(row["name"]),
      { columns: list(row["columns"]), leaves: list(row["leaves"]), parents: list(row["parents"]) },
    ]),
  );
  const ordered: CatalogueTable[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, { parents }]) => !parents.some((parent) => waiting.has(parent)));
    if (ready.length === 0) throw bugError(`Foreign keys in a circle: ${[...waiting.keys()].join(", ")}`);
    for (const [name, { columns, leaves }] of ready) {
      waiting.delete(name);
      ordered.push({ name, columns, leaves });
    }
  }
  return ordered;
}

export interface Partition {
  readonly table: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Monthly partitions; the DEFAULT ones come with the migrations. */
export async function readPartitions(client: AdminClient): Promise<Partition[]> {
  const { rows } = await client.query(
    `SELECT p.relname AS table, c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE c.relispartition AND c.relkind = 'r' AND p.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
  );
  return rows.flatMap(({ table, name, bound }) => {
    const found = /^FOR VALUES FROM \('([0-9a-f-]{36})'\) TO \('([0-9a-f-]{36})'\)$/.exec(String(bound));
    return found ? [{ table: String(table), name: String(name), from: found[1] ?? "", to: found[2] ?? "" }] : [];
  });
}

/** Names of the applied migrations, in order. */
export async function appliedMigrations(client: AdminClient): Promise<string[]> {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS present", [`public.${MIGRATIONS_TABLE}`]);
  if (!rows[0]?.["present"]) return [];
  return (await client.query(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)).rows.map(({ name }) => String(name));
}

/** Removes every table of Jingwei; roles and extensions stay. Part of a transaction that makes them anew. */
export async function dropTables(client: AdminClient): Promise<void> {
  const { rows } = await client.query(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${OWN}`,
  );
  for (const { name } of rows) await client.query(`DROP TABLE "${String(name)}" CASCADE`);
}

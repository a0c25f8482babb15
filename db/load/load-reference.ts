import type { ClassCode } from "../../data/model/class-code.ts";
import type { Database } from "../driver.ts";

/**
 * Writes the classes of components and matters, new ones and changed ones; classes that are gone stay, since incidents
 * may name them. Safe to run at every start.
 *
 * @returns rows written
 */
export async function loadReference(database: Database, classes: readonly ClassCode[]): Promise<number> {
  const rows = classes.map((item) => ({
    kind: item.kind,
    code: item.code,
    major: item.major,
    name: item.name,
    name_en: item.nameEn,
    standard_ref: item.standardRef,
    is_local_extension: item.isLocalExtension,
    sensitive: item.sensitive,
  }));
  return database.transaction({ kind: "reviewed", name: "reference-load" }, (tx) =>
    tx.execute(
      `INSERT INTO class_code (kind, code, major, name, name_en, standard_ref, is_local_extension, sensitive)
       SELECT kind, code, major, name, name_en, standard_ref, is_local_extension, sensitive
       FROM json_populate_recordset(NULL::class_code, $1::json)
       ON CONFLICT (kind, code) DO UPDATE SET major = excluded.major, name = excluded.name, name_en = excluded.name_en,
         standard_ref = excluded.standard_ref, is_local_extension = excluded.is_local_extension,
         sensitive = excluded.sensitive
       WHERE (class_code.major, class_code.name, class_code.name_en, class_code.standard_ref,
              class_code.is_local_extension, class_code.sensitive)
         IS DISTINCT FROM (excluded.major, excluded.name, excluded.name_en, excluded.standard_ref,
              excluded.is_local_extension, excluded.sensitive)`,
      [JSON.stringify(rows)],
    ),
  );
}

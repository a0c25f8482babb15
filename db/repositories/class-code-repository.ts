import type { ClassCode } from "../../data/model/class-code.ts";
import type { Transaction } from "../driver.ts";

/** The shipped table of classes, by kind and code. Reads the reference table only. */
export const listClassCodes = (tx: Transaction): Promise<ClassCode[]> =>
  tx.rows<ClassCode>(
    `SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef",
       c.is_local_extension AS "isLocalExtension", c.sensitive
     FROM class_code c ORDER BY c.kind, c.code`,
    [],
    "byKey",
  );

/** Classes that a county adds to the shipped table. */
export async function extraClassCodes(tx: Transaction, county: string): Promise<ClassCode[]> {
  const rows = await tx.rows<{ classes: ClassCode[] }>(
    "SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1",
    [county],
    "byKey",
  );
  return rows[0]?.classes ?? [];
}

/** What holds in a county under a class's code: one row, or several where kinds share a code; none where there is no such class. */
export const classesOfCode = (
  tx: Transaction,
  county: string,
  code: string,
): Promise<Pick<ClassCode, "code" | "sensitive">[]> =>
  tx.rows(
    `SELECT c.code, c.sensitive FROM class_code c WHERE c.code = $2
     UNION ALL
     SELECT x ->> 'code' AS code, coalesce((x ->> 'sensitive')::boolean, false) AS sensitive
     FROM county_profile p, jsonb_array_elements(p.extra_classes) AS x WHERE p.county = $1 AND x ->> 'code' = $2`,
    [county, code],
    "byKey",
  );

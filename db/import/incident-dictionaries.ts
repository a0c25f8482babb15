import { assignClassCodes } from "../../data/importers/class-codes.ts";
import type { ImportLog } from "../../data/importers/report.ts";
import type { ClassCode } from "../../data/model/class-code.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { Transaction } from "../driver.ts";
import type { ImportContext } from "./import-transaction.ts";
import { seededUuid } from "./import-transaction.ts";

/** Gives every class in the source a code: one of the shipped table, one the county has, or a new local one. */
export async function mapClasses(tx: Transaction, context: ImportContext, log: ImportLog): Promise<void> {
  const { county } = context;
  const words = await tx.rows<{ text: string }>("SELECT DISTINCT class_text AS text FROM import_incident ORDER BY 1");
  const shipped = await tx.rows<ClassCode>(
    `SELECT kind, code, major, name, name_en AS "nameEn", standard_ref AS "standardRef",
            is_local_extension AS "isLocalExtension", sensitive FROM class_code ORDER BY kind, code`,
  );
  const [profile] = await tx.rows<{ extra: ClassCode[] }>(
    "SELECT extra_classes AS extra FROM county_profile WHERE county = $1",
    [county],
  );
  const result = assignClassCodes(
    words.map(({ text }) => text),
    shipped,
    profile?.extra ?? [],
  );
  if (result.added.length > 0) {
    log.flag(
      "new_class",
      `classes of the source that no table knows got local codes, first ${result.added[0]?.code} ${result.added[0]?.name}`,
      result.added.length,
    );
    await tx.execute("UPDATE county_profile SET extra_classes = $2 WHERE county = $1", [
      county,
      JSON.stringify([...(profile?.extra ?? []), ...result.added]),
    ]);
  }
  if (result.overflow > 0) log.flag("class_overflow", "classes beyond the local range share one code", result.overflow);
  await tx.execute(
    `CREATE TEMP TABLE import_class (class_text text COLLATE "C" PRIMARY KEY, code text COLLATE "C") ON COMMIT DROP`,
  );
  await tx.copyIn("import_class", ["class_text", "code"], result.codes);
}

/** Finds or makes the organisation of every name; `import_organisation` then maps names to ids. */
export async function mapOrganisations(tx: Transaction, context: ImportContext, log: ImportLog): Promise<void> {
  const { county, nowMs } = context;
  const missing = await tx.rows<{ name: string }>(
    `SELECT DISTINCT t.organisation AS name FROM import_incident t
      WHERE t.organisation IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM organisation o WHERE o.county = $1 AND o.name = t.organisation) ORDER BY 1`,
    [county],
  );
  await tx.copyIn(
    "organisation",
    ["county", "id", "kind", "name", "name_sort"],
    missing.map(({ name }) => [
      county,
      seededUuid(`${county}/organisation/${name}`, nowMs),
      "government_organ",
      name,
      nameSort(name),
    ]),
  );
  if (missing.length > 0)
    log.flag(
      "new_organisation",
      `organisations named in the file were added, first ${missing[0]?.name}`,
      missing.length,
    );
  await tx.execute(`CREATE TEMP TABLE import_organisation (name text COLLATE "C" PRIMARY KEY, id uuid) ON COMMIT DROP`);
  await tx.execute(
    `INSERT INTO import_organisation (name, id)
     SELECT DISTINCT ON (name) name, id FROM organisation WHERE county = $1 ORDER BY name, id`,
    [county],
  );
}

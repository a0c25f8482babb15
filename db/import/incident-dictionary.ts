import { createHash } from "node:crypto";
import { CaseLocator } from "../../data/geo/case-locator.ts";
import type { LocatableArea } from "../../data/geo/locate-index.ts";
import { assignClassCodes } from "../../data/importers/class-codes.ts";
import type { ImportLog } from "../../data/importers/report.ts";
import type { ClassCode } from "../../data/model/class-code.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { Transaction } from "../driver.ts";
import { coarsePoint, sensitiveClasses } from "../load/sensitive-classes.ts";
import type { ImportContext } from "./import-transaction.ts";
import { seededUuid } from "./import-transaction.ts";
import { readLowestAreas, readUpperAreas } from "./lowest-areas.ts";

/** A current area, as far as cases need it. */
interface KnownArea {
  readonly code: string;
  readonly areaId: string;
  readonly level: string;
  readonly label: LonLat | null;
}

/** Names that are kept between parts; a column of as many is no list of offices. */
const MAX_NAMES = 50_000;

/**
 * Where the words of a file lead: classes, organisations and areas of the county, looked up in memory, so that no row of a
 * load is joined. Made once per import, extended in the transaction of each part by what the part names first.
 */
export class IncidentDictionary {
  readonly places: CaseLocator;
  /** Stands for the areas: another one means that cases would be placed elsewhere. */
  readonly areasHash: string;
  readonly #areas: ReadonlyMap<string, KnownArea>;
  readonly #classes = new Map<string, string>();
  #organisations = new Map<string, string>();
  #sensitive: ReadonlySet<string> = new Set();

  private constructor(
    readonly context: ImportContext,
    lowest: readonly LocatableArea[],
    upper: readonly LocatableArea[],
    areas: readonly KnownArea[],
  ) {
    this.places = new CaseLocator(lowest, upper);
    this.areasHash = hashOf(lowest, upper, areas);
    this.#areas = new Map(areas.map((area) => [area.code, area]));
  }

  static async read(tx: Transaction, context: ImportContext): Promise<IncidentDictionary> {
    const dictionary = new IncidentDictionary(context, ...(await readAreas(tx, context)));
    dictionary.#sensitive = await sensitiveClasses(tx, context.county);
    return dictionary;
  }

  /** Whether the county's areas are still those that this was made of. */
  async isCurrent(tx: Transaction): Promise<boolean> {
    return hashOf(...(await readAreas(tx, this.context))) === this.areasHash;
  }

  classOf(text: string): { readonly code: string; readonly sensitive: boolean } {
    const code = this.#classes.get(text) ?? "";
    return { code, sensitive: this.#sensitive.has(code) };
  }

  organisationOf(name: string | null): string | null {
    return name === null ? null : (this.#organisations.get(name) ?? null);
  }

  /** Row id of the grid that an area is or lies in; null above grids and outside. */
  gridOf(areaCode: string | null): { readonly id: string; readonly code: string } | null {
    if (areaCode === null || areaCode.length < GRID_DIGITS) return null;
    const code = areaCode.slice(0, GRID_DIGITS);
    const area = this.#areas.get(code);
    return area?.level === "grid" ? { id: area.areaId, code } : null;
  }

  /** Where a sensitive case may be shown: at the label of its deepest area, the county's, or about there. */
  drawnPlace(areaCode: string | null, place: LonLat): LonLat {
    const own = areaCode === null ? undefined : this.#areas.get(areaCode)?.label;
    return own ?? this.#areas.get(this.context.county)?.label ?? coarsePoint(place);
  }

  /**
   * Gives every class a code: one of the shipped table, one that the county has, or a new local one. Then finds or makes
   * the organisation of every name.
   */
  async learn(
    tx: Transaction,
    words: { readonly classes: Iterable<string>; readonly organisations: Iterable<string> },
    log: ImportLog,
  ): Promise<void> {
    const classes = [...words.classes].filter((text) => !this.#classes.has(text)).sort(byCode);
    if (classes.length > 0) await this.#learnClasses(tx, classes, log);
    if (this.#organisations.size > MAX_NAMES) this.#organisations = new Map();
    const names = [...words.organisations].filter((name) => !this.#organisations.has(name)).sort(byCode);
    if (names.length > 0) await this.#learnOrganisations(tx, names, log);
  }

  async #learnClasses(tx: Transaction, texts: readonly string[], log: ImportLog): Promise<void> {
    const { county, dryRun } = this.context;
    const shipped = await tx.rows<ClassCode>(
      `SELECT kind, code, major, name, name_en AS "nameEn", standard_ref AS "standardRef",
              is_local_extension AS "isLocalExtension", sensitive FROM class_code ORDER BY kind, code`,
    );
    const [profile] = await tx.rows<{ extra: ClassCode[] }>(
      "SELECT extra_classes AS extra FROM county_profile WHERE county = $1",
      [county],
    );
    const extra = [...(profile?.extra ?? []), ...this.#added];
    const result = assignClassCodes(texts, shipped, extra);
    for (const [text, code] of result.codes) this.#classes.set(kept(text), code);
    if (result.overflow > 0)
      log.flag("class_overflow", "classes beyond the local range share one code", result.overflow);
    if (result.added.length === 0) return;
    log.flag(
      "new_class",
      `classes of the source that no table knows got local codes, first ${result.added[0]?.code} ${result.added[0]?.name}`,
      result.added.length,
    );
    if (dryRun) this.#added.push(...result.added);
    else
      await tx.execute("UPDATE county_profile SET extra_classes = $2 WHERE county = $1", [
        county,
        JSON.stringify([...extra, ...result.added]),
      ]);
  }

  /** Classes that a dry run would have added. */
  readonly #added: ClassCode[] = [];

  async #learnOrganisations(tx: Transaction, names: readonly string[], log: ImportLog): Promise<void> {
    const { county, nowMs, dryRun } = this.context;
    const found = await tx.rows<{ name: string; id: string }>(
      `SELECT DISTINCT ON (o.name) o.name, o.id FROM organisation o
        WHERE o.county = $1 AND o.name = ANY ($2::text[]) ORDER BY o.name, o.id`,
      [county, names],
    );
    for (const { name, id } of found) this.#organisations.set(name, id);
    const missing = names.filter((name) => !this.#organisations.has(name)).map(kept);
    if (missing.length === 0) return;
    log.flag("new_organisation", `organisations named in the file were added, first ${missing[0]}`, missing.length);
    const rows = missing.map(
      (name) =>
        [
          county,
          seededUuid(`${county}/organisation/${name}`, nowMs),
          "government_organ",
          name,
          nameSort(name),
        ] as const,
    );
    for (const [, id, , name] of rows) this.#organisations.set(name, id);
    if (!dryRun) await tx.copyIn("organisation", ["county", "id", "kind", "name", "name_sort"], rows);
  }
}

const GRID_DIGITS = 15;

/** Order of COLLATE "C" for what differs within the first plane, which is what names and codes are of. */
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A copy of its own: a piece of a longer text would keep the whole of it in memory. */
const kept = (text: string): string => Buffer.from(text).toString();

async function readAreas(
  tx: Transaction,
  { county, nowMs }: ImportContext,
): Promise<[LocatableArea[], LocatableArea[], KnownArea[]]> {
  const areas = await tx.rows<KnownArea>(
    `SELECT v.code, v.area_id AS "areaId", v.level,
            CASE WHEN v.label IS NOT NULL THEN json_build_array(ST_X(v.label), ST_Y(v.label)) END AS label
       FROM area_version v
      WHERE v.county = $1 AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz ORDER BY v.code`,
    [county, new Date(nowMs).toISOString()],
  );
  return [await readLowestAreas(tx, county, nowMs), await readUpperAreas(tx, county, nowMs), areas];
}

const hashOf = (...parts: readonly (readonly object[])[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

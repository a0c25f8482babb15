import type { NewCode } from "../../data/editions/cascade-codes.ts";
import type { EditionPlan } from "../../data/editions/plan-edition.ts";
import { labelPoint } from "../../data/geo/label-point.ts";
import type { AreaDraft } from "../../data/importers/area-features.ts";
import { planAreas } from "../../data/importers/area-plan.ts";
import type { ImportLog } from "../../data/importers/report.ts";
import { type AreaLevel, levelOfCode, parentCode } from "../../data/model/codes.ts";
import { userError } from "../../data/model/errors.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { Transaction } from "../driver.ts";
import {
  closeVersions,
  dropVersionsAt,
  insertAreas,
  type NewVersionRow,
  openVersions,
  recodeVersions,
} from "../repositories/area-version-repository.ts";
import { type LineageRow, recordLineage } from "../repositories/lineage-repository.ts";
import type { StandingArea } from "./edition-rows.ts";
import { type Journal, journalInserted, journalUpdated } from "./import-journal.ts";
import type { ImportContext, ImportCounty } from "./import-transaction.ts";
import { seededUuid } from "./import-transaction.ts";

/** An edition that is decided. */
export interface PlannedEdition {
  readonly level: AreaLevel;
  /** ISO 8601. */
  readonly at: string;
  readonly olds: readonly StandingArea[];
  readonly drafts: readonly AreaDraft[];
  readonly plan: EditionPlan;
}

/**
 * Codes of the new areas, by their numbers: the file's; else that of the area that lives on; else the next number under the
 * parent that holds it.
 *
 * @throws USER error where a parent does not stand on the effective date, or two areas would have one code
 */
export async function codesOf(
  tx: Transaction,
  context: ImportContext,
  county: ImportCounty,
  edition: PlannedEdition & {
    readonly known: readonly { readonly code: string; readonly level: AreaLevel }[];
    readonly log: ImportLog;
  },
): Promise<string[]> {
  const { level, at, olds, drafts, plan, known, log } = edition;
  const parents = await tx.rows<{
    id: string;
    code: string;
    level: AreaLevel;
    name: string;
    sourceRef: string | null;
    geometry: StandingArea["geometry"];
  }>(
    `SELECT v.area_id AS id, v.code, v.level, v.name, v.source_ref AS "sourceRef",
            ST_AsGeoJSON(v.geom, 7)::json -> 'coordinates' AS geometry
       FROM area_version v WHERE v.county = $1 AND length(v.code) < $2::integer AND v.level <> $4
        AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ORDER BY v.code`,
    [context.county, Math.max(...olds.map(({ code }) => code.length)), at, level],
  );
  const codes = new Map<number, string>();
  for (const [old, next] of plan.same) codes.set(next, drafts[next]?.ownCode ?? olds[old]?.code ?? "");
  for (const { old, next } of plan.opened) {
    const code = drafts[next]?.ownCode ?? (old === undefined ? undefined : olds[old]?.code);
    if (code !== undefined) codes.set(next, code);
  }
  const missing = drafts.map((draft, next) => ({ draft, next })).filter(({ next }) => !codes.has(next));
  // The names of sources are not asked here: who is who was decided.
  const numbered = planAreas(
    missing.map(({ draft }) => ({ ...draft, sourceRef: undefined })),
    level,
    { code: context.county, name: county.name },
    [
      ...parents,
      ...[...known, ...[...codes.values()].map((code) => ({ code, level }))]
        .filter((one) => one.level === level)
        .map(({ code }) => ({ id: "", level, code, name: "", sourceRef: null, geometry: [] })),
    ],
    log,
  );
  for (const area of numbered.areas) {
    const found = missing.find(({ draft }) => draft.at === area.at);
    if (found) codes.set(found.next, area.code);
  }
  const standing = new Set(parents.map(({ code }) => code));
  const byCode = new Map<string, string>();
  for (const [next, code] of codes) {
    const place = drafts[next]?.at ?? "";
    const parent = parentCode(code);
    if (parent !== undefined && !standing.has(parent))
      throw userError(`${code} lies in ${parent}, which does not stand on that date`, {
        at: place,
        hint: `Import the new edition of level ${levelOfCode(parent) ?? "above"} first, with the same date.`,
      });
    const twin = byCode.get(code);
    if (twin !== undefined)
      throw userError(`${place} and ${twin} would both have the code ${code}`, {
        at: place,
        hint: "Give each its code in the file, or decide otherwise which of them lives on.",
      });
    byCode.set(code, place);
  }
  return drafts.map((_, next) => codes.get(next) ?? "");
}

/** Closes and opens the versions of an edition, and notes them for an undo and as lineage. */
export async function writeEdition(
  tx: Transaction,
  context: ImportContext,
  county: ImportCounty,
  edition: PlannedEdition & { readonly codes: readonly string[]; readonly recoded: readonly NewCode[] },
): Promise<void> {
  const { level, at, olds, plan, codes, recoded } = edition;
  const own = context.county;
  const journal: Journal = { county: own, batch: county.batch };
  const mint = (name: string): string =>
    seededUuid(`${own}/edition/${name}/${context.nowMs}/${county.batches}`, context.nowMs);
  const idOf = new Map<number, string>();
  for (const [old, next] of plan.same) idOf.set(next, olds[old]?.id ?? "");
  const fresh: { readonly id: string; readonly level: AreaLevel }[] = [];
  for (const { old, next } of plan.opened) {
    const id = old === undefined ? mint(`area/${codes[next]}`) : (olds[old]?.id ?? "");
    idOf.set(next, id);
    if (old === undefined) fresh.push({ id, level });
  }
  const closing = [
    ...plan.opened.flatMap(({ old }) => (old === undefined ? [] : [olds[old]?.id ?? ""])),
    ...plan.ended.map((old) => olds[old]?.id ?? ""),
  ];
  const renamed = recoded.map(({ id }) => id);
  await journalUpdated(
    tx,
    journal,
    "area_version",
    `SELECT v.id::text FROM area_version v WHERE v.county = $1 AND v.area_id = ANY ($3::uuid[])
        AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz`,
    [[...closing, ...renamed], at],
  );
  await closeVersions(tx, own, [...closing, ...renamed], at);
  await dropVersionsAt(tx, own, closing, at);
  await insertAreas(tx, own, fresh);
  const versions = plan.opened.map(({ old, next, changes }): NewVersionRow => {
    const id = mint(`version/${codes[next]}`);
    return versionOf(edition, context, {
      id,
      areaId: idOf.get(next) ?? "",
      old,
      next,
      redrawn: changes.includes("reshaped"),
    });
  });
  await openVersions(tx, own, versions, at);
  const lowerVersions = recoded.map(({ id, from, to }) => ({
    id: mint(`version/${to}`),
    areaId: id,
    code: to,
    lineage: [{ kind: "recoded", from: [from] }],
  }));
  // What began on this very date is given its code in place; the rest goes on in a new version.
  await tx.execute(
    `UPDATE area_version v SET code = r.code FROM jsonb_to_recordset($2::jsonb) AS r("areaId" uuid, code text)
      WHERE v.county = $1 AND v.area_id = r."areaId" AND v.valid_from = $3::timestamptz`,
    [own, JSON.stringify(lowerVersions), at],
  );
  await recodeVersions(tx, own, lowerVersions, at);
  await journalInserted(tx, journal, "area", "SELECT unnest($3::text[])", [fresh.map(({ id }) => id)]);
  await journalInserted(tx, journal, "area_version", "SELECT unnest($3::text[])", [
    [...versions, ...lowerVersions].map(({ id }) => id),
  ]);
  const lines = plan.descents.map(
    ({ old, next, kind, ofOld, ofNext }): LineageRow => ({
      id: mint(`lineage/${olds[old]?.code}/${codes[next]}`),
      fromArea: olds[old]?.id ?? "",
      toArea: idOf.get(next) ?? "",
      kind,
      fromCode: olds[old]?.code ?? "",
      toCode: codes[next] ?? "",
      share: ofOld,
      toShare: ofNext,
      at,
      batchId: county.batch,
      planId: null,
    }),
  );
  const below = recoded.map(
    ({ id, from, to }): LineageRow => ({
      id: mint(`lineage/${from}/${to}`),
      fromArea: id,
      toArea: id,
      kind: parentCode(from) === parentCode(to) ? "recoded" : "reparented",
      fromCode: from,
      toCode: to,
      share: 1,
      toShare: 1,
      at,
      batchId: county.batch,
      planId: null,
    }),
  );
  await recordLineage(tx, own, [...lines, ...below]);
}

interface OpenedVersion {
  readonly id: string;
  readonly areaId: string;
  readonly old: number | undefined;
  readonly next: number;
  readonly redrawn: boolean;
}

/** A version from the file; what the file does not say goes on from the area that it is. */
function versionOf(
  { level, olds, drafts, plan, codes }: PlannedEdition & { readonly codes: readonly string[] },
  context: ImportContext,
  { id, areaId, old, next, redrawn }: OpenedVersion,
): NewVersionRow {
  const draft = drafts[next];
  const was = old === undefined ? undefined : olds[old];
  const from = plan.descents.filter((one) => one.next === next);
  const geometry = was && !redrawn ? was.geometry : (draft?.geometry ?? []);
  const count = draft?.count ?? null;
  const kept = count === null && was !== undefined && !redrawn;
  const first = from.map((one) => olds[one.old]).find((area) => area !== undefined);
  return {
    id,
    areaId,
    level,
    kind: draft?.kind ?? was?.kind ?? first?.kind ?? DEFAULT_KIND[level],
    code: codes[next] ?? "",
    name: draft?.name ?? was?.name ?? "",
    nameSort: nameSort(draft?.name ?? was?.name ?? ""),
    urban: draft?.urban ?? was?.urban ?? first?.urban ?? true,
    households: count ? count.households : kept ? was.households : null,
    householdsExact: count ? count.exact : kept ? was.householdsExact : true,
    householdsBasis: count ? (count.exact ? "counted" : "stated") : kept ? was.householdsBasis : "counted",
    householdsSource: count
      ? context.files.map((file) => file.replace(/^.*[\\/]/, "")).join(", ")
      : kept
        ? was.householdsSource
        : null,
    householdsDate: count ? count.date : kept ? was.householdsDate : null,
    geometry,
    label: labelPoint(geometry),
    sourceRef: draft?.sourceRef ?? was?.sourceRef ?? null,
    sourceCrs: "EPSG:4326",
    planId: null,
    lineage: from.map(({ old: source, kind }) => ({ kind, from: [olds[source]?.code ?? ""] })),
  };
}

const DEFAULT_KIND = {
  county: "county",
  town: "street",
  community: "community",
  grid: "basic",
  micro: "micro",
} as const satisfies Record<AreaLevel, NewVersionRow["kind"]>;

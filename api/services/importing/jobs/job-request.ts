import { basename } from "node:path";
import type { Decisions } from "../../../../data/editions/decisions.ts";
import { IMPORTERS, type ImportKind, isImportKind } from "../../../../data/importers/registry.ts";
import { AREA_LEVELS, type AreaLevel } from "../../../../data/model/codes.ts";
import { AppError, userError } from "../../../../data/model/errors.ts";
import { type ImportJobRow, importJobByKey } from "../../../../db/repositories/import-job-repository.ts";
import { inCounty, type RequestContext } from "../../../context.ts";
import type { ImportInput } from "../../../generated/resolvers-types.ts";
import { auditedBy } from "../../audit.ts";
import { newId } from "../../new-id.ts";
import { checkKey } from "../../report/report-input.ts";
import { IMPORT_RUNNERS } from "../registry.ts";
import { deskOf } from "./desk-of.ts";
import { requireImporter } from "./permission.ts";
import { requireUploadId } from "./upload-names.ts";

const LONGEST_CRS = 400;
/** Proposals of an edition that are decided by hand: more than any county has areas of a level. */
const MOST_DECISIONS = 10_000;
const LONGEST_DECISION = 20_000;

/** What is to be imported, as preview and import take it. */
export interface AskedImport {
  readonly kind: ImportKind;
  readonly level: AreaLevel | undefined;
  readonly crs: string | undefined;
  readonly map: Readonly<Record<string, string>>;
}

/**
 * Checks what was said of a new edition; whether its decisions fit is known when the files are read.
 *
 * @throws BAD_USER_INPUT for kinds without editions, what is no day, and a proposal that is decided twice
 */
export function checkEdition(
  kind: ImportKind,
  edition: ImportInput["edition"],
): { readonly effective: string; readonly decisions: Decisions } | undefined {
  if (!edition) return undefined;
  const at = "input.edition";
  if (kind !== "areas" && kind !== "grids")
    throw userError(`there are no editions of ${kind}`, { at, hint: "Only areas and grids have editions." });
  if (!/^\d{4}-\d{2}-\d{2}$/.test(edition.effective))
    throw userError("this is not a day", { at: `${at}.effective`, hint: "Write it as 2026-12-01." });
  const given = edition.decisions ?? [];
  const decisions = new Map(given.map(({ id, decision }) => [id, decision.trim()]));
  if (decisions.size < given.length || given.length > MOST_DECISIONS)
    throw userError("a proposal is decided twice, or there are too many", { at: `${at}.decisions` });
  if (given.some(({ decision }) => decision.trim() === "" || decision.length > LONGEST_DECISION))
    throw userError("a decision is empty or too long", { at: `${at}.decisions` });
  return { effective: edition.effective, decisions };
}

/** Checks what was asked for beside the files. @throws BAD_USER_INPUT that names the argument */
export function checkAsked(
  input: Pick<ImportInput, "kind" | "level" | "crs"> & { readonly map?: ImportInput["map"] | undefined },
  at = "",
): AskedImport {
  const { kind } = input;
  if (!isImportKind(kind))
    throw userError(`"${kind.slice(0, 40)}" is not a kind that can be imported`, {
      at: `${at}kind`,
      hint: `One of ${Object.keys(IMPORTERS).join(", ")}.`,
    });
  const level = AREA_LEVELS.find((one) => one === input.level);
  if (level !== undefined && kind !== "areas")
    throw userError(`a level does not go with ${kind}`, { at: `${at}level`, hint: "Only areas have levels." });
  const crs = input.crs?.trim() || undefined;
  if (crs !== undefined && crs.length > LONGEST_CRS)
    throw userError("this is no reference system", { at: `${at}crs`, hint: "For example EPSG:4547, or GCJ-02." });
  const map: Record<string, string> = {};
  for (const { field, column } of input.map ?? []) {
    if (!IMPORTERS[kind].fields.includes(field))
      throw userError(`"${field.slice(0, 40)}" is not a field of ${kind}`, {
        at: `${at}map`,
        hint: `Fields: ${IMPORTERS[kind].fields.join(", ")}.`,
      });
    if (map[field] !== undefined) throw userError(`${field} has two columns`, { at: `${at}map` });
    map[field] = column;
  }
  return { kind, level, crs, map };
}

/**
 * Queues an import of an upload, or a try of one; a repeated key gives the job of the first time.
 *
 * @throws FORBIDDEN, BAD_USER_INPUT, NOT_FOUND without files; CONFLICT for a key that was used for something else
 */
export async function askForImport(context: RequestContext, input: ImportInput): Promise<ImportJobRow> {
  const desk = deskOf(context);
  const viewer = await requireImporter(context, input.county, "input.county");
  const asked = checkAsked(input, "input.");
  const edition = checkEdition(asked.kind, input.edition);
  checkKey(input.clientKey);
  requireUploadId(input.upload);
  const clientKey = `${viewer.actor} ${input.clientKey}`;
  const { county } = input;
  // Sent again after it was done: the files are gone, its answer is not.
  const known =
    desk.running(county).find((job) => job.clientKey === clientKey) ??
    (await inCounty(context, county, (tx) => importJobByKey(tx, county, clientKey)));
  if (known) return requireSame(known, asked, input);
  const files = await desk.uploads.paths(county, input.upload);
  const options = {
    files: files.map((file) => basename(file)),
    level: asked.level ?? null,
    crs: asked.crs ?? null,
    map: asked.map,
    ...(edition ? { effective: edition.effective } : {}),
  };
  const job: ImportJobRow = {
    county: input.county,
    id: newId(context.nowMs),
    clientKey,
    upload: input.upload,
    kind: asked.kind,
    options,
    dryRun: input.dryRun,
    state: "queued",
    phase: null,
    rows: 0,
    bytes: null,
    totalBytes: null,
    report: null,
    error: null,
    batchId: null,
    rejected: false,
    actor: viewer.actor,
    actorName: viewer.name,
    createdAt: new Date(context.nowMs).toISOString(),
    endedAt: null,
  };
  const { actor, ...person } = auditedBy(context);
  const written = await desk.submit(job, files, (hooks) =>
    IMPORT_RUNNERS[asked.kind](context.database, {
      ...asked,
      ...hooks,
      edition,
      county: input.county,
      files,
      fileNames: options.files,
      dryRun: input.dryRun,
      nowMs: context.nowMs,
      actor,
      person,
      options: {
        ...{ level: options.level, crs: options.crs, map: JSON.stringify(options.map) },
        effective: edition?.effective ?? null,
      },
    }),
  );
  return requireSame(written, asked, input);
}

function requireSame(job: ImportJobRow, { kind }: AskedImport, { upload, dryRun }: ImportInput): ImportJobRow {
  if (job.upload === upload && job.kind === kind && job.dryRun === dryRun) return job;
  throw new AppError("USER", "this key was used for another import", {
    code: "CONFLICT",
    at: "input.clientKey",
    hint: "Make a new key for each import; the same one only repeats it.",
  });
}

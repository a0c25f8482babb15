import type { ImportLog } from "../../data/importers/report.ts";
import { userError } from "../../data/model/errors.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { ZoneClock } from "../../data/model/zoned-time.ts";
import type { Database, Transaction } from "../driver.ts";
import { addNewCases, countNewCases } from "../rollups/add-counted.ts";
import { lockRollups } from "../rollups/apply-delta.ts";
import type { ImportContext } from "./import-transaction.ts";
import type { IncidentDictionary } from "./incident-dictionary.ts";
import { knownCases, mergeKnownCases } from "./incident-merge.ts";
import { insertNewCases } from "./incident-new.ts";
import type { IncidentPart } from "./incident-parts.ts";
import type { PartCounts } from "./part-record.ts";
import { type ClockRules, resolveCase } from "./resolved-case.ts";

/** What all parts of one import share. */
export interface PartRun {
  readonly context: ImportContext;
  readonly form: Database["form"];
  readonly batch: Uuid;
  readonly timezone: string;
  readonly clock: ZoneClock;
  readonly log: ImportLog;
  readonly dictionary: IncidentDictionary;
  readonly rules: ClockRules;
  /** Default points, as `lon,lat`. */
  readonly suspicious: ReadonlySet<string>;
  /** Whether cases of earlier imports may be among the lines; becomes true when another import comes in between. */
  mayKnow: boolean;
  /** As this import's last part left it; undefined before the first. */
  contentVersion: number | undefined;
}

type Range = readonly [from: string, to: string] | undefined;

/** Writes the lines of a part: new cases go straight into their tables, known ones are compared. A dry run only counts. */
export async function writePart(
  tx: Transaction,
  run: PartRun,
  { drafts }: IncidentPart,
): Promise<PartCounts & { readonly added: Range; readonly written: Range }> {
  const { context, dictionary, log, suspicious } = run;
  const { county } = context;
  await heedOthers(tx, run);
  await dictionary.learn(tx, wordsOf(drafts), log);
  const cases = drafts.map((draft) => resolveCase(draft, dictionary, suspicious.has(`${draft.lon},${draft.lat}`)));
  const known = run.mayKnow ? await knownCases(tx, county, cases) : new Map<string, string>();
  const fresh = known.size === 0 ? cases : cases.filter((one) => !known.has(one.draft.sourceRef));
  const old = known.size === 0 ? [] : cases.filter((one) => known.has(one.draft.sourceRef));
  if (!context.dryRun) await insertNewCases(tx, run.form, { county, batch: run.batch, rules: run.rules }, fresh);
  const merged = await mergeKnownCases(tx, context, run.batch, run.timezone, known, old);
  if (!context.dryRun && fresh.length > 0) {
    const counted = countNewCases(county, run.clock, fresh);
    await lockRollups(tx, county);
    await addNewCases(tx, county, counted);
  }
  const added = rangeOf(fresh.map(({ draft }) => draft.id));
  const changed = merged.updated > 0 ? rangeOf(known.values()) : undefined;
  const written = rangeOf([...(added ?? []), ...(changed ?? [])]);
  return { loaded: fresh.length, ...merged, added, written };
}

/** Another import or a publication between two parts: cases may be known now, or lie in other areas. */
async function heedOthers(tx: Transaction, run: PartRun): Promise<void> {
  const { county } = run.context;
  const [row] = await tx.rows<{ version: number }>(
    "SELECT content_version AS version FROM county_profile WHERE county = $1",
    [county],
  );
  if (run.contentVersion !== undefined && row?.version === run.contentVersion) return;
  if (run.contentVersion !== undefined) run.mayKnow = true;
  if (await run.dictionary.isCurrent(tx)) return;
  throw userError("the county's areas were changed while the file was read", {
    code: "CONFLICT",
    at: "--county",
    hint: "Run the import again: what it wrote is kept and not written twice.",
  });
}

function wordsOf(drafts: IncidentPart["drafts"]): {
  readonly classes: ReadonlySet<string>;
  readonly organisations: ReadonlySet<string>;
} {
  const classes = new Set<string>();
  const organisations = new Set<string>();
  for (const { classText, organisation } of drafts) {
    classes.add(classText);
    if (organisation !== null) organisations.add(organisation);
  }
  return { classes, organisations };
}

function rangeOf(ids: Iterable<string>): Range {
  let from: string | undefined;
  let to: string | undefined;
  for (const id of ids) {
    if (from === undefined || id < from) from = id;
    if (to === undefined || id > to) to = id;
  }
  return from === undefined || to === undefined ? undefined : [from, to];
}

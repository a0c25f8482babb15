import { encodeColumns } from "../../../data/columns/format.ts";
import { dataVersion } from "../../../data/model/data-version.ts";
import type { Database } from "../../../db/driver.ts";
import { rollupsCanCount } from "../../../db/rollups/case-counts.ts";
import { readCounts } from "../../../db/rollups/read-counts.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import type { HotCounty } from "../../hot/types.ts";
import { ByteBudgetCache, CachedBytes, SharedFlights } from "../../tiles/tile-cache.ts";
import { versionName } from "../live-version.ts";
import { readingOf } from "../loaders.ts";
import type { CaseQuestion } from "./case-question.ts";
import { countHot } from "./from-hot.ts";
import { Tally, type TallyColumns } from "./tally.ts";
import { calendarOf, planWindow } from "./window-plan.ts";

/** Counts at a data version. */
export interface CountedAnswer extends TallyColumns {
  /** `content.live`: at least what the county was at when the question came. */
  readonly dataVersion: string;
  /** Where they were counted, for tests and the log. */
  readonly from: "memory" | "database" | "both";
}

/** How long changes on their way into memory are waited for, ms; then SQL answers. */
const WAIT_MS = 100;

/**
 * Counts cases from memory as far as it reaches, from roll-ups before, from the cases themselves where neither can say it.
 * All three count the same (tests/api/aggregate.test.ts).
 */
export async function countCases(context: RequestContext, question: CaseQuestion): Promise<CountedAnswer> {
  const { county, by, on, window, clock } = question;
  const asked = dataVersion(county);
  const hot = await context.hot.settled(county.county, asked, WAIT_MS);
  const calendar = rollupsCanCount(by, on) ? calendarOf(clock, by.kind === "heat" ? "month" : "day") : undefined;
  const plan = planWindow(window, hot?.from, calendar);
  const tally = new Tally(by);
  if (hot && plan.hot && plan.cases.length === 0 && !plan.rollup) {
    countInMemory(hot, question, tally);
    return { ...tally.columns(), dataVersion: hot.dataVersion, from: "memory" };
  }
  const read = (parts: typeof plan) =>
    inCounty(context, county.county, (tx) =>
      readCounts(tx, readingOf(context, county), county.timezone, by, on, parts),
    );
  const counted = await read(plan);
  const version = dataVersion(counted.versions);
  tally.addCounted(counted);
  if (!plan.hot) return { ...tally.columns(), dataVersion: version, from: "database" };
  const now = context.hot.at(county.county, version) ?? (await context.hot.settled(county.county, version, WAIT_MS));
  if (now?.dataVersion === version && now.from <= (plan.hot.from ?? Number.NEGATIVE_INFINITY)) {
    countInMemory(now, { ...question, window: plan.hot }, tally);
    return { ...tally.columns(), dataVersion: version, from: "both" };
  }
  // Memory has gone on meanwhile: the database counts all of it, at one instant.
  const whole = await read({ ...planWindow(window, undefined, calendar), hot: undefined });
  const alone = new Tally(by);
  alone.addCounted(whole);
  return { ...alone.columns(), dataVersion: dataVersion(whole.versions), from: "database" };
}

const countInMemory = (hot: HotCounty, { county, cut, by, on, window, clock }: CaseQuestion, tally: Tally): void =>
  countHot(
    hot,
    by,
    on,
    window,
    { clock, sensitive: cut.sensitive, asOf: Math.floor(Date.parse(county.asOf) / 1000) },
    tally,
  );

/** Memory for answers of one server, bytes. */
const CACHE_BYTES = 64 * 1024 * 1024;

interface Answers {
  readonly kept: ByteBudgetCache<KeptAnswer>;
  readonly flights: SharedFlights<KeptAnswer>;
}

interface KeptAnswer {
  readonly dataVersion: string;
  readonly bytes: CachedBytes;
}

const answers = new WeakMap<Database, Answers>();

function answersOf(database: Database): Answers {
  const known = answers.get(database);
  if (known) return known;
  const fresh: Answers = { kept: new ByteBudgetCache<KeptAnswer>(CACHE_BYTES), flights: new SharedFlights() };
  answers.set(database, fresh);
  return fresh;
}

/** What an answer depends on beside the data: equal keys mean equal answers, whoever asks. */
export const questionKey = ({ county, cut, by, on, window }: CaseQuestion): string =>
  JSON.stringify([
    county.county,
    cut.sensitive,
    by,
    on,
    window.from ?? null,
    window.to ?? null,
    // Only lateness is judged at an instant.
    on.late === undefined ? null : county.asOf,
  ]);

/**
 * The answer as a column file (`JWCL`), kept for whoever asks the same of the same data: screens that look at one thing
 * share it, and while it is made, they wait for the one that makes it.
 */
export async function countedColumns(context: RequestContext, question: CaseQuestion): Promise<KeptAnswer> {
  const { kept, flights } = answersOf(context.database);
  const key = `${dataVersion(question.county)} ${questionKey(question)}`;
  return (
    kept.get(key) ??
    flights.join(key, async () => {
      const { rows, columns, names, dataVersion: version } = await countCases(context, question);
      const { county, by } = question;
      const bytes = new CachedBytes(
        encodeColumns({
          layer: by.kind,
          county: county.county,
          rows,
          // Viewers of other areas share these bytes: the number would count what they may not see.
          version: versionName(context, county.county, version),
          asOf: Math.floor(Date.parse(county.asOf) / 1000),
          columns,
          dictionaries: by.kind === "heat" ? {} : { name: names },
        }),
      );
      const answer = { dataVersion: version, bytes };
      kept.set(key, answer, bytes.size);
      return answer;
    })
  );
}

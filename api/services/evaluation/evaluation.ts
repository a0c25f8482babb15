import {
  type Assessed,
  EVALUATION_INDEX_KEYS,
  EVALUATION_INDICES,
  EVALUATION_VERSION,
  type EvaluationBy,
  type EvaluationIndex,
  type EvaluationPart,
  type FactCounts,
  factOf,
  figuresOf,
  rankRows,
} from "../../../data/evaluation/indices.ts";
import { isInside, levelOfCode } from "../../../data/model/codes.ts";
import { userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import {
  assessedCounts,
  type CountedFigure,
  casesOfFigure,
  countOfFigure,
} from "../../../db/repositories/evaluation-repository.ts";
import type { IncidentListFilter, IncidentReading } from "../../../db/repositories/incident-filter.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { Evaluation } from "../../generated/resolvers-types.ts";
import type { CountyModel, IncidentPage } from "../../mappers.ts";
import { laterOf } from "../incident-filter.ts";
import { kioskPointsFrom } from "../kiosk.ts";
import { readingOf } from "../loaders.ts";
import { decodeTextCursor, makePage, pageSize } from "../page.ts";
import { requireGlobalId, requireInside, requireRole } from "../require.ts";
import { requirePeriod } from "../require-period.ts";
import { areaName, assessedNames } from "./assessed-names.ts";

/** What is assessed: the parts of an area, by cases that were opened in a period. */
export interface Assessment {
  readonly inside: string;
  readonly by: EvaluationBy;
  readonly from: string;
  readonly to: string;
}

interface CheckedAssessment {
  readonly county: CountyModel;
  readonly reading: IncidentReading;
  readonly filter: IncidentListFilter;
}

async function check(context: RequestContext, { inside, by, from, to }: Assessment): Promise<CheckedAssessment> {
  requirePeriod(from, to);
  // Which post has a case is told to those who work on cases.
  if (by === "post") requireRole(context, "incident_text", "by");
  const county = await requireInside(context, inside, nowIso(context), "incident", "inside");
  const points = kioskPointsFrom(context.viewer, county);
  return {
    county,
    reading: readingOf(context, county),
    filter: { inside, from: points === undefined ? from : laterOf(from, points), to },
  };
}

const NOTHING: FactCounts = {
  reported: 0,
  filed: 0,
  handled: 0,
  due: 0,
  closedInTime: 0,
  closed: 0,
  sentBack: 0,
  assigned: 0,
  passedOn: 0,
  fedBack: 0,
  verified: 0,
};

const FORMULAS = EVALUATION_INDEX_KEYS.map((index) => {
  const { text, textEn, weight } = EVALUATION_INDICES[index];
  return { index, text, textEn, weight };
});

/** Assesses the parts of an area. Two statements, each a transaction of its own: others' short ones come between. */
export async function evaluation(context: RequestContext, asked: Assessment): Promise<Evaluation> {
  const { county, reading, filter } = await check(context, asked);
  const { by, inside } = asked;
  const count = (of: EvaluationBy | null) =>
    inCounty(context, county.county, (tx) => assessedCounts(tx, reading, filter, of));
  const counted = await count(by);
  const [whole] = await count(null);
  const counts = new Map(counted.flatMap(({ key, counts: facts }) => (key === null ? [] : [[key, facts] as const])));
  const names = await assessedNames(context, county, by, inside, [...counts.keys()], asked);
  const rows = [...names].map(([key, name]) => ({ key, name, ...assessed(counts.get(key)) }));
  const total = { key: inside, name: await areaName(context, county, inside), ...assessed(whole?.counts) };
  const toKey = (key: string): string => (by === "area" ? key : toGlobalId(ASSESSED_TYPE[by], county.county, key));
  return {
    version: EVALUATION_VERSION,
    formulas: FORMULAS,
    rows: rankRows(rows).map((row) => ({ ...row, key: toKey(row.key) })),
    // The whole is compared with nobody.
    total: { ...total, score: standingAlone(total), rank: null },
    asOf: reading.asOf,
  };
}

const ASSESSED_TYPE = { department: "Organisation", post: "Post" } as const;

const assessed = (counts: FactCounts = NOTHING) => ({ cases: counts.reported, figures: figuresOf(counts) });

const standingAlone = (total: Assessed): number | null => rankRows([total])[0]?.score ?? null;

/** Which figure's list is asked for. */
export interface AskedFigure {
  /** Key of the row; null for the area as a whole. */
  readonly key: string | null;
  readonly index: EvaluationIndex;
  readonly part: EvaluationPart;
}

/** Row key as the relation has it: the code of an area in `inside`, or the row id of a unit or post. */
function relationKey({ by, inside }: Assessment, county: string, key: string | null): string | null {
  if (key === null) return null;
  if (by === "area") {
    if (levelOfCode(key) !== undefined && isInside(key, inside)) return key;
    throw userError(`"${key}" is no area of ${inside}`, { at: "key", hint: "Pass the `key` of a row, unchanged." });
  }
  const id = requireGlobalId(key, ASSESSED_TYPE[by], "key");
  if (id.county === county) return id.id;
  throw userError(`${key} is of another county than ${inside}`, { at: "key" });
}

/** The cases that a figure counts, newest first: read from the relation that the figure was counted in. */
export async function evaluationCases(
  context: RequestContext,
  asked: Assessment,
  { key, index, part }: AskedFigure,
  first: number | null | undefined,
  after: string | null | undefined,
): Promise<IncidentPage> {
  const { county, reading, filter } = await check(context, asked);
  const list = "evaluation";
  const size = pageSize(first);
  const cursor = decodeTextCursor(list, after, 2);
  const figure: CountedFigure = {
    by: asked.by,
    key: relationKey(asked, county.county, key),
    fact: factOf(index, part),
  };
  const rows = await inCounty(context, county.county, async (tx) => {
    const cases = await casesOfFigure(tx, reading, filter, figure, cursor, size + 1);
    const found = await incidentsById(
      tx,
      reading,
      cases.map(({ id }) => id),
    );
    return cases.flatMap(({ id }) => found.get(id) ?? []);
  });
  return makePage(
    list,
    rows,
    size,
    (row) => [row.openedAt, row.id],
    () => inCounty(context, county.county, (tx) => countOfFigure(tx, reading, filter, figure)),
  );
}

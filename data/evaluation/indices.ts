/**
 * Indices of the assessment by area, department and post (GB/T 30428.4; names in domain.md 4.2). The standard's own text
 * was not at hand: formulas and weights below are our design, printed with their version wherever a figure is shown.
 */
export const EVALUATION_VERSION = "1";

/** Who is assessed: areas directly below, departments, posts. Residents never are. */
export const EVALUATION_BY = ["area", "department", "post"] as const;
export type EvaluationBy = (typeof EVALUATION_BY)[number];

/** What is true of a case, by its log and its clock; each figure counts the cases of which one of these is true. */
export type CaseFact =
  | "reported"
  | "filed"
  | "handled"
  | "due"
  | "closedInTime"
  | "closed"
  | "sentBack"
  | "assigned"
  | "passedOn"
  | "fedBack"
  | "verified";

export const EVALUATION_PARTS = ["numerator", "denominator"] as const;
export type EvaluationPart = (typeof EVALUATION_PARTS)[number];

interface IndexRule {
  readonly numerator: CaseFact;
  readonly denominator: CaseFact;
  /** Share of the score; less is better where it is negative. */
  readonly weight: number;
  readonly text: string;
  readonly textEn: string;
}

/** In the order in which they are shown. The absolute weights add up to 1. */
export const EVALUATION_INDICES = {
  filing: {
    numerator: "filed",
    denominator: "reported",
    weight: 0.1,
    text: "立案率 = 立案件 ÷ 上报件。立案：已离开“发现”，未被不予受理、未作废。",
    textEn: "Filing = filed ÷ reported. Filed: past 发现, neither rejected nor void.",
  },
  handling: {
    numerator: "handled",
    denominator: "filed",
    weight: 0.2,
    text: "处置率 = 处置件 ÷ 立案件。处置：至少反馈、核查或办结过一次（含其后被退回的）。",
    textEn: "Handling = handled ÷ filed. Handled: fed back, verified or closed at least once, also if sent back after.",
  },
  on_time: {
    numerator: "closedInTime",
    denominator: "due",
    weight: 0.3,
    text: "按期率 = 按期办结件 ÷ 到期件。到期：有时限且已办结，或未办结已超期；挂账暂停的两边都不计。",
    textEn:
      "On time = closed in time ÷ due. Due: closed with a deadline, or open past it; paused cases count as neither.",
  },
  closing: {
    numerator: "closed",
    denominator: "filed",
    weight: 0.2,
    text: "结案率 = 办结件 ÷ 立案件。办结：办结或已评价。",
    textEn: "Closing = closed ÷ filed. Closed: closed or evaluated.",
  },
  rework: {
    numerator: "sentBack",
    denominator: "handled",
    weight: -0.1,
    text: "返工率 = 被退回整改件 ÷ 处置件，越低越好。",
    textEn: "Rework = sent back ÷ handled; less is better.",
  },
  buck_passing: {
    numerator: "passedOn",
    denominator: "assigned",
    weight: -0.05,
    text: "推诿率 = 未办理即转给他人的件 ÷ 分派到的件，越低越好；按部门、岗位时记在转出的一方。",
    textEn:
      "Buck-passing = passed on without work ÷ assigned; less is better. By department or post it counts for who passed it on.",
  },
  verification: {
    numerator: "verified",
    denominator: "fedBack",
    weight: 0.05,
    text: "核查率 = 反馈后经核查、办结或评价的件 ÷ 反馈件。",
    textEn: "Verification = verified, closed or evaluated after feedback ÷ fed back.",
  },
} as const satisfies Readonly<Record<string, IndexRule>>;
export type EvaluationIndex = keyof typeof EVALUATION_INDICES;

export const EVALUATION_INDEX_KEYS = [
  "filing",
  "handling",
  "on_time",
  "closing",
  "rework",
  "buck_passing",
  "verification",
] as const satisfies readonly EvaluationIndex[];

/** The fact that a part of an index counts. */
export const factOf = (index: EvaluationIndex, part: EvaluationPart): CaseFact => EVALUATION_INDICES[index][part];

/** Number of cases of which a fact is true, for each fact. */
export type FactCounts = Readonly<Record<CaseFact, number>>;

export interface EvaluationFigure {
  readonly index: EvaluationIndex;
  readonly numerator: number;
  readonly denominator: number;
  /** numerator ÷ denominator, 0 … 1; null when nothing is there. */
  readonly value: number | null;
}

/** The figures of one that is assessed, in order of the indices. */
export const figuresOf = (counts: FactCounts): EvaluationFigure[] =>
  EVALUATION_INDEX_KEYS.map((index) => {
    const numerator = counts[factOf(index, "numerator")];
    const denominator = counts[factOf(index, "denominator")];
    return { index, numerator, denominator, value: denominator === 0 ? null : numerator / denominator };
  });

/**
 * Weighted sum of what there is: of an index that nothing counts for, the weight falls away.
 *
 * @returns 0 … 100; null when no index has a value
 */
export function scoreOf(figures: readonly EvaluationFigure[]): number | null {
  let sum = 0;
  let weights = 0;
  for (const { index, value } of figures) {
    if (value === null) continue;
    const { weight } = EVALUATION_INDICES[index];
    sum += weight < 0 ? -weight * (1 - value) : weight * value;
    weights += Math.abs(weight);
  }
  return weights === 0 ? null : (sum / weights) * 100;
}

/** Fewer cases say too little to compare by (domain.md E11). */
const MIN_RANKED_CASES = 10;

/** One that is assessed, before it is ranked. */
export interface Assessed {
  readonly key: string;
  readonly cases: number;
  readonly figures: readonly EvaluationFigure[];
}

export interface Standing {
  readonly score: number | null;
  /** 1 is best; equal scores share a rank. Null with fewer than 10 cases. */
  readonly rank: number | null;
}

/** Scores and ranks; best first, unranked ones last by key. Equal ones by key. */
export function rankRows<Row extends Assessed>(rows: readonly Row[]): (Row & Standing)[] {
  const byKey = (a: Assessed, b: Assessed): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  const scored = rows.map((row) => ({ ...row, score: row.cases < MIN_RANKED_CASES ? null : scoreOf(row.figures) }));
  const ranked = scored
    .filter((row): row is typeof row & { score: number } => row.score !== null)
    .sort((a, b) => b.score - a.score || byKey(a, b));
  const unranked = scored.filter(({ score }) => score === null).sort(byKey);
  return [
    ...ranked.map((row) => ({ ...row, rank: 1 + ranked.findIndex(({ score }) => score === row.score) })),
    ...unranked.map((row) => ({ ...row, rank: null })),
  ];
}

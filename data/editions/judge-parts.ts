import { REASONS } from "./edition-reasons.ts";
import type { Evidence } from "./evidence.ts";
import { confidenceOf } from "./judge-pair.ts";
import {
  choiceText,
  type EditionKind,
  type EditionReason,
  type EditionVerdict,
  type LivesOn,
  nextKey,
  type Proposal,
} from "./proposal.ts";

/** Of a split or merge so much must be accounted for to be certain. */
const WHOLE = 0.98;
/** At most so many ways to decide are offered; others can be written. */
const MOST_CHOICES = 6;

/** An old area in which several new ones lie. */
export function judgeSplit(evidence: Evidence, old: number, nexts: readonly number[]): Proposal {
  const covered = evidence.covered([old], nexts);
  const inside = Math.min(...nexts.map((next) => evidence.pair(old, next).ofNext));
  const pairs = nexts.map((next): LivesOn => [old, next]);
  return parts(evidence, "split", [old], nexts, pairs, Math.min(covered, inside), REASONS.split(nexts.length, covered));
}

/** A new area that is made of several old ones. */
export function judgeMerge(evidence: Evidence, olds: readonly number[], next: number): Proposal {
  const filled = evidence.filled(olds, [next]);
  const inside = Math.min(...olds.map((old) => evidence.pair(old, next).ofOld));
  const pairs = olds.map((old): LivesOn => [old, next]);
  return parts(evidence, "merged", olds, [next], pairs, Math.min(filled, inside), REASONS.merged(olds.length, filled));
}

/** Who lives on in a split or a merge: whoever has the code, else whoever alone has the name. */
function parts(
  evidence: Evidence,
  kind: EditionKind,
  olds: readonly number[],
  nexts: readonly number[],
  pairs: readonly LivesOn[],
  ground: number,
  why: EditionReason,
): Proposal {
  const reasons = [why];
  const coded = pairs.find(([old, next]) => evidence.sameCode(old, next) === true);
  const named = pairs.filter(([old, next]) => evidence.sameName(old, next));
  const one = named.length === 1 ? named[0] : undefined;
  const apart = coded !== undefined && one !== undefined && coded !== one;
  const keeper = coded ?? one;
  const nameOf = ([old, next]: LivesOn): string =>
    (kind === "split" ? evidence.nexts[next]?.name : evidence.olds[old]?.name) ?? "";
  if (coded) reasons.push(REASONS.keepsCode(nameOf(coded)));
  if (one) reasons.push(REASONS.keepsName(nameOf(one)));
  if (!keeper) reasons.push(REASONS.noneKeeps);
  if (apart) reasons.push(REASONS.twoKeep);
  const foreign = nexts.map((next) => evidence.codeOfOther(next, olds)).find((other) => other !== undefined);
  const strayed = olds
    .flatMap((old) => [evidence.nextCoded(old)])
    .find((next) => next !== undefined && !nexts.includes(next));
  if (foreign !== undefined) reasons.push(REASONS.codeOfOther(evidence.olds[foreign]?.name ?? ""));
  let verdict: EditionVerdict = ground >= WHOLE ? "certain" : "likely";
  if (verdict === "certain" && !coded && keeper) verdict = "likely";
  if (apart || foreign !== undefined || strayed !== undefined || named.length > 1) verdict = "unsure";
  const livesOn = keeper ? [keeper] : [];
  return {
    ...idOf(evidence, olds, nexts),
    kind,
    changes: [],
    verdict,
    confidence: confidenceOf(verdict, ground),
    livesOn,
    choices: choicesOf(evidence, livesOn, pairs),
    reasons,
  };
}

/** What is left: areas that came or went, or of which it cannot be told what became of them. */
export function judgeTangle(evidence: Evidence, olds: readonly number[], nexts: readonly number[]): Proposal {
  if (olds.length === 0) return added(evidence, nexts);
  if (nexts.length === 0) return removed(evidence, olds);
  const apart = olds.every((old) => nexts.every((next) => evidence.pair(old, next).ofOld === 0));
  const pairs = olds.flatMap((old) => nexts.map((next): LivesOn => [old, next]));
  const likely = pairs.filter(([old, next]) => evidence.sameCode(old, next) ?? evidence.sameName(old, next));
  const livesOn = apart ? [] : onePerArea(likely);
  const ground = Math.max(
    ...pairs.map(([old, next]) => Math.min(evidence.pair(old, next).ofOld, evidence.pair(old, next).ofNext)),
  );
  return {
    ...idOf(evidence, olds, nexts),
    kind: "unclear",
    changes: [],
    verdict: "unsure",
    confidence: confidenceOf("unsure", ground),
    livesOn,
    choices: choicesOf(evidence, livesOn, pairs),
    reasons: [apart ? REASONS.farApart : REASONS.tangled(olds.length, nexts.length)],
  };
}

function added(evidence: Evidence, nexts: readonly number[]): Proposal {
  const covered = Math.max(...nexts.map((next) => evidence.ofNext(next).reduce((sum, { ofNext }) => sum + ofNext, 0)));
  const foreign = nexts.map((next) => evidence.codeOfOther(next, [])).find((other) => other !== undefined);
  const reasons: EditionReason[] = [covered < 0.02 ? REASONS.newGround : REASONS.carvedOut(Math.min(1, covered))];
  if (foreign !== undefined) reasons.push(REASONS.codeOfOther(evidence.olds[foreign]?.name ?? ""));
  const verdict = foreign !== undefined ? "unsure" : covered < 0.02 ? "certain" : "likely";
  return single(evidence, "added", [], nexts, verdict, 1 - Math.min(1, covered), reasons);
}

function removed(evidence: Evidence, olds: readonly number[]): Proposal {
  const covered = Math.max(...olds.map((old) => evidence.ofOld(old).reduce((sum, { ofOld }) => sum + ofOld, 0)));
  const reasons = [covered < 0.02 ? REASONS.noGround : REASONS.dissolved(Math.min(1, covered))];
  const strayed = olds.some((old) => evidence.namesakes(old).length > 0);
  if (strayed) reasons.push(REASONS.farApart);
  const verdict = strayed ? "unsure" : covered < 0.02 ? "certain" : "likely";
  return single(evidence, "removed", olds, [], verdict, 1 - Math.min(1, covered), reasons);
}

const single = (
  evidence: Evidence,
  kind: EditionKind,
  olds: readonly number[],
  nexts: readonly number[],
  verdict: EditionVerdict,
  ground: number,
  reasons: readonly EditionReason[],
): Proposal => ({
  ...idOf(evidence, olds, nexts),
  kind,
  changes: [],
  verdict,
  confidence: confidenceOf(verdict, ground),
  livesOn: [],
  choices: ["none"],
  reasons,
});

/** What names a proposal. */
const idOf = (
  evidence: Evidence,
  olds: readonly number[],
  nexts: readonly number[],
): Pick<Proposal, "id" | "olds" | "nexts"> => ({
  id: `${olds.map((old) => evidence.olds[old]?.code ?? "").join("+")}>${nexts
    .map((next) => (evidence.nexts[next] ? nextKey(evidence.nexts[next]) : ""))
    .join("+")}`,
  olds,
  nexts,
});

function choicesOf(evidence: Evidence, proposed: readonly LivesOn[], pairs: readonly LivesOn[]): string[] {
  const text = (chosen: readonly LivesOn[]): string => choiceText(chosen, evidence.olds, evidence.nexts);
  const offered = [text(proposed), text([]), ...pairs.map((pair) => text([pair]))];
  return [...new Set(offered)].slice(0, MOST_CHOICES);
}

/** The first pairs in which no area stands twice. */
function onePerArea(pairs: readonly LivesOn[]): LivesOn[] {
  const chosen: LivesOn[] = [];
  for (const pair of pairs) if (!chosen.some(([old, next]) => old === pair[0] || next === pair[1])) chosen.push(pair);
  return chosen;
}

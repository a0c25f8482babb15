import { parentCode } from "../model/codes.ts";
import { REASONS } from "./edition-reasons.ts";
import type { Evidence } from "./evidence.ts";
import {
  choiceText,
  type EditionChange,
  type EditionReason,
  type EditionVerdict,
  type LivesOn,
  nextKey,
  type Proposal,
} from "./proposal.ts";
import type { SharedGround } from "./shared-ground.ts";

/** So much of both has the same ground that nothing but drawing can lie between them. */
const SAME_GROUND = 0.98;
/** A line that was drawn anew without moving: 1e-5 of a grid's ground is about a square metre. */
const SAME_LINE = 1 - 1e-5;

/** Number for a verdict, higher the better the ground fits. */
export function confidenceOf(verdict: EditionVerdict, ground: number): number {
  const part = Math.max(0, Math.min(1, ground));
  const number = verdict === "certain" ? 0.95 + 0.05 * part : verdict === "likely" ? 0.7 + 0.2 * part : 0.5 * part;
  return Math.round(number * 1000) / 1000;
}

/** What two areas that are taken for one have new. */
export function changesOf(evidence: Evidence, old: number, next: number): EditionChange[] {
  const was = evidence.olds[old];
  const is = evidence.nexts[next];
  if (!was || !is) return [];
  const ground = evidence.pair(old, next);
  const changes: EditionChange[] = [];
  if (Math.min(ground.ofOld, ground.ofNext) < SAME_LINE) changes.push("reshaped");
  if (was.name !== is.name) changes.push("renamed");
  if (is.code !== undefined && is.code !== was.code) {
    changes.push("recoded");
    if (parentCode(is.code) !== parentCode(was.code)) changes.push("moved");
  }
  return changes;
}

/** An old and a new area that are one by their ground, or by code and name. */
export function judgePair(evidence: Evidence, old: number, next: number): Proposal {
  const ground = evidence.pair(old, next);
  const changes = changesOf(evidence, old, next);
  const reasons: EditionReason[] = [REASONS.ground(ground.ofOld, ground.ofNext)];
  const sameCode = evidence.sameCode(old, next);
  const sameName = evidence.sameName(old, next);
  reasons.push(sameCode === undefined ? REASONS.noCode : sameCode ? REASONS.sameCode : REASONS.otherCode);
  reasons.push(sameName ? REASONS.sameName : REASONS.otherName);
  if (changes.includes("moved")) reasons.push(REASONS.otherParent);
  const verdict = verdictOf(evidence, ground, sameCode, sameName, reasons);
  const pairs: LivesOn[] = [[old, next]];
  const was = evidence.olds[old];
  const is = evidence.nexts[next];
  return {
    id: `${was?.code ?? ""}>${is ? nextKey(is) : ""}`,
    kind: changes.at(-1) ?? "unchanged",
    changes,
    verdict,
    confidence: confidenceOf(verdict, Math.min(ground.ofOld, ground.ofNext)),
    olds: [old],
    nexts: [next],
    livesOn: pairs,
    choices: [choiceText(pairs, evidence.olds, evidence.nexts), "none"],
    reasons,
  };
}

function verdictOf(
  evidence: Evidence,
  { old, next, ofOld, ofNext }: SharedGround,
  sameCode: boolean | undefined,
  sameName: boolean,
  reasons: EditionReason[],
): EditionVerdict {
  const both = Math.min(ofOld, ofNext);
  const near = both >= SAME_GROUND;
  // Its name or code stands on ground that is another's: the file may have its rows or its shapes mixed up.
  const elsewhere = evidence.namesakes(old).find((one) => one !== next && onOthersGround(evidence, old, one));
  if (sameName) {
    if (sameCode === true) return both >= 0.85 ? "certain" : both >= 0.5 ? "likely" : "unsure";
    return near ? "certain" : "likely";
  }
  if (elsewhere !== undefined) {
    reasons.push(REASONS.elsewhere(nameAt(evidence, elsewhere)));
    return "unsure";
  }
  if (sameCode === true) return near ? "certain" : "likely";
  const other = evidence.codeOfOther(next, [old]);
  if (other !== undefined) {
    reasons.push(REASONS.codeOfOther(evidence.olds[other]?.name ?? ""));
    return "unsure";
  }
  return near ? "likely" : "unsure";
}

/** Whether a new area with the old one's name or code is taken for it by nothing but that. */
const onOthersGround = (evidence: Evidence, old: number, next: number): boolean =>
  evidence.sameName(old, next) && evidence.pair(old, next).ofNext < 0.5;

const nameAt = (evidence: Evidence, next: number): string => {
  const area = evidence.nexts[next];
  return area ? `${area.name} (${nextKey(area)})` : "";
};

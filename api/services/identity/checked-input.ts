import { userError } from "../../../data/model/errors.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";

const LONGEST_NAME = 80;
const LONGEST_REASON = 500;

/** A name that lists show: one line, screened like all free text. */
export function checkedName(text: string, at = "name"): string {
  const name = text.trim();
  if (name === "" || [...name].length > LONGEST_NAME || /\p{Cc}/u.test(name))
    throw userError(`a name has 1 to ${LONGEST_NAME} characters on one line`, { at });
  return requireCleanText(name, at);
}

/** The reason for the audit log; null when none was given. */
export function checkedReason(text: string | null | undefined, at = "reason"): string | null {
  const reason = text?.trim() ?? "";
  if (reason === "") return null;
  if ([...reason].length > LONGEST_REASON) throw userError(`a reason has at most ${LONGEST_REASON} characters`, { at });
  return requireCleanText(reason, at);
}

/** A whole number between two bounds. */
export function checkedNumber(value: number, least: number, most: number, at: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw userError(`${at} ${value} is not a whole number from ${least} to ${most}`, { at });
}

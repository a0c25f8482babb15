import { userError } from "../../../data/model/errors.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";

const REASON_LENGTH = 200;

/**
 * The reason of a read or an extension, as the audit log keeps it: it must not itself carry what was sealed.
 *
 * @param at argument that holds it
 */
export function checkReason(text: string, at = "reason"): string {
  const reason = text.trim();
  if (reason.length < 2 || reason.length > REASON_LENGTH)
    throw userError("a reason is needed", {
      at,
      hint: `Say in 2 to ${REASON_LENGTH} characters what it is needed for.`,
    });
  return requireCleanText(reason, at);
}

import { userError } from "../../../data/model/errors.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";

const TEXT_LENGTH = 500;

/**
 * One line of text of a step, which everybody who reads the case's texts can read; null for none.
 *
 * @throws BAD_USER_INPUT for more than a line, or for what must not be written down
 */
export function checkLine(text: string | null | undefined, at: string): string | null {
  const line = text?.trim() ?? "";
  if (line === "") return null;
  if (line.length > TEXT_LENGTH || /\p{Cc}/u.test(line))
    throw userError(`the ${at.slice(at.lastIndexOf(".") + 1)} is not one line of text`, {
      at,
      hint: `At most ${TEXT_LENGTH} characters.`,
    });
  return requireCleanText(line, at);
}

/** The same, where there must be one. */
export function requireLine(text: string | null | undefined, at: string, hint: string): string {
  const line = checkLine(text, at);
  if (line !== null) return line;
  throw userError(`the ${at.slice(at.lastIndexOf(".") + 1)} is missing`, { at, hint });
}

import { levelOfCode, parentCode } from "../model/codes.ts";
import { dataError } from "../model/errors.ts";

/** An area below those of an edition. */
export interface LowerArea {
  readonly id: string;
  readonly code: string;
}

export interface NewCode {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Its number under its parent was taken, so that it got another. */
  readonly renumbered: boolean;
}

/**
 * Codes are paths: what lies below an area that has another code, or that ended, gets a new one. Its number under its
 * parent stays where it is free; else it gets the first that is. A retired code is not given again.
 *
 * @param lower everything below the level of the edition
 * @param newParent code of the new parent, of an area directly below the edition's level; undefined = as it was
 * @param used every code that the county has or had
 * @returns areas that change, by their old codes
 */
export function cascadeCodes(
  lower: readonly LowerArea[],
  newParent: (area: LowerArea) => string | undefined,
  used: ReadonlySet<string>,
): NewCode[] {
  const taken = new Set(used);
  const changed = new Map<string, string>();
  const codes: NewCode[] = [];
  for (const area of [...lower].sort((a, b) => (a.code < b.code ? -1 : 1))) {
    const was = parentCode(area.code) ?? "";
    const parent = changed.get(was) ?? newParent(area) ?? was;
    if (parent === was) continue;
    const tail = area.code.slice(was.length);
    const kept = parent + tail;
    const to = taken.has(kept) ? nextFree(parent, area.code, taken) : kept;
    taken.add(to);
    changed.set(area.code, to);
    codes.push({ id: area.id, from: area.code, to, renumbered: to !== kept });
  }
  return codes;
}

function nextFree(parent: string, code: string, taken: ReadonlySet<string>): string {
  const micro = levelOfCode(code) === "micro";
  const digits = micro ? 2 : 3;
  for (let serial = 1; serial < 10 ** digits; serial++) {
    const free = `${parent}${micro ? "-" : ""}${String(serial).padStart(digits, "0")}`;
    if (!taken.has(free)) return free;
  }
  throw dataError(`${parent} has no number left for ${code}`, {
    at: code,
    hint: "Import the level below in its new edition as well, with codes.",
  });
}

import type { AdmissionFragment } from "../../../gql/generated.ts";

/** A class that a new case may have. */
export interface ClassChoice {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly major: string;
}

/** An item of the admission list as the picker shows it: its classes, or why it is refused. */
export interface AdmissionChoice {
  readonly item: AdmissionFragment;
  readonly classes: readonly ClassChoice[];
  /** Grid workers must not be handed it, or communities stamp no such thing. */
  readonly refused: boolean;
}

export interface ClassGroup {
  /** Two-digit major or name of the department. */
  readonly key: string;
  readonly classes: readonly ClassChoice[];
  readonly items: readonly AdmissionChoice[];
}

const REFUSED: ReadonlySet<string> = new Set(["FORBIDDEN", "NO_STAMP"]);

/** Does a name, a code or an item hold all words of a text? */
function holds(text: string, ...said: readonly string[]): boolean {
  const all = said.join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => all.includes(word));
}

/** Classes by their major, in order of the codes; those that a text finds. */
export function byMajor(classes: readonly ClassChoice[], text: string): ClassGroup[] {
  const groups = new Map<string, ClassChoice[]>();
  for (const choice of [...classes].sort((a, b) => (a.code < b.code ? -1 : 1)))
    if (holds(text, choice.code, choice.name, choice.nameEn))
      groups.set(choice.major, [...(groups.get(choice.major) ?? []), choice]);
  return [...groups].map(([key, found]) => ({ key, classes: found, items: [] }));
}

/** Items of the admission list by department, in the list's order; a word may be found in the item or in its classes. */
export function byDepartment(
  list: readonly AdmissionFragment[],
  classes: readonly ClassChoice[],
  text: string,
): ClassGroup[] {
  const groups = new Map<string, AdmissionChoice[]>();
  for (const item of list) {
    const own = classes.filter(({ code }) => item.classes.some((prefix) => code.startsWith(prefix)));
    if (!holds(text, item.department, item.item, ...own.flatMap(({ code, name, nameEn }) => [code, name, nameEn])))
      continue;
    const choice = { item, classes: own, refused: REFUSED.has(item.kind) };
    groups.set(item.department, [...(groups.get(item.department) ?? []), choice]);
  }
  return [...groups].map(([key, items]) => ({ key, classes: [], items }));
}

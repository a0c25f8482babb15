import { fill } from "../../../layers/use-texts.ts";
import type { EditionTexts } from "./edition-texts.ts";

interface NamedArea {
  readonly code: string | null;
  readonly name: string;
}

/** What a choice is about: areas that are there and areas of the files. */
export interface ChoiceAreas {
  readonly olds: readonly NamedArea[];
  readonly nexts: readonly (NamedArea & { readonly at: string | null })[];
}

/** How many unsure proposals nobody decided yet. */
export const openProposals = (
  proposals: readonly { readonly id: string; readonly verdict: string }[],
  decisions: Readonly<Record<string, string>>,
): number => proposals.filter(({ id, verdict }) => verdict === "unsure" && decisions[id] === undefined).length;

/**
 * A choice of the matcher (`none`, or `OLD=NEW` for each area that lives on, by codes or places) in everyday words.
 *
 * @returns the choice itself where its areas are not those of the proposal
 */
export function choiceWords(choice: string, { olds, nexts }: ChoiceAreas, t: EditionTexts): string {
  if (choice === "none") {
    if (olds.length === 0) return t.onlyNew;
    return nexts.length === 0 ? t.onlyEnds : t.noneLives;
  }
  const words = choice.split(" ").map((pair) => {
    const [code, key] = pair.split("=");
    const old = olds.find((one) => one.code === code);
    const next = nexts.find((one) => (one.code ?? one.at) === key) ?? (nexts.length === 1 ? nexts[0] : undefined);
    return old ? fill(t.livesOn, { old: old.name, next: next?.name ?? key ?? "" }) : pair;
  });
  return words.join(t.and);
}

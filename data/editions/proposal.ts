import type { MultiPolygonRings } from "../model/geometry.ts";

/** An area as it stands on the effective date. */
export interface OldArea {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** Its code in the source that it came from. */
  readonly sourceRef: string | null;
  /** Degrees WGS 84. */
  readonly geometry: MultiPolygonRings;
}

/** An area of the new edition. */
export interface NextArea {
  /** `file#feature`. */
  readonly at: string;
  /** Its code, where it is one of ours. */
  readonly code: string | undefined;
  /** Its code in the file, whatever its form. */
  readonly sourceRef: string | undefined;
  readonly name: string;
  /** Degrees WGS 84. */
  readonly geometry: MultiPolygonRings;
}

/**
 * What became of areas. `moved`: to another parent. `unclear`: several old areas share the ground of several new ones, or
 * ground, code and name speak against each other.
 */
export const EDITION_KINDS = [
  "unchanged",
  "reshaped",
  "renamed",
  "recoded",
  "moved",
  "split",
  "merged",
  "added",
  "removed",
  "unclear",
] as const;
export type EditionKind = (typeof EDITION_KINDS)[number];

/** What an area that lives on has new. */
export type EditionChange = "reshaped" | "renamed" | "recoded" | "moved";

/** Unsure ones must be decided by a person before an edition is applied. */
export type EditionVerdict = "certain" | "likely" | "unsure";

/** Why, in both languages. */
export interface EditionReason {
  readonly zh: string;
  readonly en: string;
}

/** A pair of an old and a new area, by their numbers in the lists, that are one area: it keeps its id. */
export type LivesOn = readonly [old: number, next: number];

export interface Proposal {
  /** By which a decision names it: codes of the old areas, ">" and names of the new ones (`nextKey`). */
  readonly id: string;
  readonly kind: EditionKind;
  /** Of pairs: everything that is new, in the order of `EditionChange`. */
  readonly changes: readonly EditionChange[];
  readonly verdict: EditionVerdict;
  /** 0–1. */
  readonly confidence: number;
  /** Numbers in the lists, ascending. */
  readonly olds: readonly number[];
  readonly nexts: readonly number[];
  readonly livesOn: readonly LivesOn[];
  /** What a person may decide, as text for `decide`; what is proposed comes first. */
  readonly choices: readonly string[];
  readonly reasons: readonly EditionReason[];
}

/** How decisions name a new area: by its code, else by its place in the file. */
export const nextKey = ({ code, sourceRef, at }: NextArea): string => code ?? sourceRef ?? at;

/** Text of a choice: pairs that live on, or "none". */
export const choiceText = (pairs: readonly LivesOn[], olds: readonly OldArea[], nexts: readonly NextArea[]): string =>
  pairs.length === 0
    ? "none"
    : pairs.map(([old, next]) => `${olds[old]?.code ?? ""}=${nexts[next] ? nextKey(nexts[next]) : ""}`).join(" ");

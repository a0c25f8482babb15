/**
 * How a new area came from an old one: one became several · several became one · a piece of ground went from one area
 * that lives on to another · the same area with another outline, name, code or parent.
 */
export const LINEAGE_KINDS = ["split", "merge", "moved", "redigitised", "renamed", "recoded", "reparented"] as const;
export type LineageKind = (typeof LINEAGE_KINDS)[number];

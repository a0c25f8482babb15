import type { LineageKind } from "../model/lineage.ts";
import type { Decided } from "./decisions.ts";
import type { Evidence } from "./evidence.ts";
import { changesOf } from "./judge-pair.ts";
import { NOTHING } from "./match-edition.ts";
import type { EditionChange } from "./proposal.ts";

/** An area that gets a version. */
export interface OpenedArea {
  /** Number of the old area that it is; undefined for a new one. */
  readonly old: number | undefined;
  /** Number of the new area. */
  readonly next: number;
  /** What is new of one that lives on. */
  readonly changes: readonly EditionChange[];
}

/** What one old area gave to one new area. */
export interface Descent {
  readonly old: number;
  readonly next: number;
  readonly kind: LineageKind;
  readonly ofOld: number;
  readonly ofNext: number;
}

/** What an edition changes, by numbers of the areas in their lists. */
export interface EditionPlan {
  readonly opened: readonly OpenedArea[];
  /** Old areas that end. */
  readonly ended: readonly number[];
  /** Old areas that stand as they are, with the new ones that say so. */
  readonly same: readonly (readonly [old: number, next: number])[];
  readonly descents: readonly Descent[];
}

/** Makes versions and lineage of what was decided. Every new area is opened or the same; every old one ends or lives on. */
export function planEdition(evidence: Evidence, decided: readonly Decided[]): EditionPlan {
  const nextOf = new Map<number, number>();
  const oldOf = new Map<number, number>();
  const kindOf = new Map<number, Decided["proposal"]["kind"]>();
  for (const { proposal, livesOn } of decided) {
    for (const [old, next] of livesOn) {
      nextOf.set(old, next);
      oldOf.set(next, old);
    }
    for (const old of proposal.olds) kindOf.set(old, proposal.kind);
  }
  const opened: OpenedArea[] = [];
  const same: (readonly [number, number])[] = [];
  for (const next of evidence.nexts.keys()) {
    const old = oldOf.get(next);
    const changes = old === undefined ? [] : changesOf(evidence, old, next);
    if (old !== undefined && changes.length === 0) same.push([old, next]);
    else opened.push({ old, next, changes });
  }
  const untouched = new Set(same.map(([old]) => old));
  const descents: Descent[] = [];
  for (const old of evidence.olds.keys()) {
    const parts = evidence.ofOld(old).filter(({ ofOld, ofNext }) => Math.max(ofOld, ofNext) >= NOTHING);
    const heir = nextOf.get(old);
    const named =
      heir === undefined || parts.some(({ next }) => next === heir) ? parts : [...parts, evidence.pair(old, heir)];
    for (const part of named) {
      const { next } = part;
      if (next === heir) {
        if (untouched.has(old)) continue;
        const kind = kindOf.get(old);
        const own =
          kind === "split"
            ? "split"
            : kind === "merged"
              ? "merge"
              : SELF[changesOf(evidence, old, next).at(-1) ?? "reshaped"];
        descents.push({ ...part, kind: own });
      } else if (heir !== undefined) descents.push({ ...part, kind: oldOf.has(next) ? "moved" : "split" });
      else if (named.length > 1) descents.push({ ...part, kind: "split" });
      else descents.push({ ...part, kind: evidence.ofNext(next).length > 1 || oldOf.has(next) ? "merge" : "recoded" });
    }
  }
  return { opened, ended: [...evidence.olds.keys()].filter((old) => !nextOf.has(old)), same, descents };
}

const SELF: Readonly<Record<EditionChange, LineageKind>> = {
  reshaped: "redigitised",
  renamed: "renamed",
  recoded: "recoded",
  moved: "reparented",
};

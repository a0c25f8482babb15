import { type Arrangement, arrange, OUTSIDE } from "../coverage/noding/arrangement.ts";
import { afterPlan, touchedCells } from "./after-plan.ts";
import type { BaseCell, PlanChange } from "./plan.ts";

/** Whose a face is: before, after my plan, after theirs; undefined = nobody's, or of a cell that neither touches. */
export interface FaceWord {
  readonly was: string | undefined;
  readonly my: string | undefined;
  readonly their: string | undefined;
}

/** The ground that two plans on one base touch, divided by all their borders. */
export interface ThreeWay {
  readonly arrangement: Arrangement;
  /** By face; the outside is nobody's. */
  readonly words: readonly FaceWord[];
  /** Cells that stand after either plan, on the ground that either touches. */
  readonly standing: ReadonlySet<string>;
  /** Those of theirs. */
  readonly theirs: ReadonlySet<string>;
}

const NOBODY_WORD: FaceWord = { was: undefined, my: undefined, their: undefined };

/** Divides the ground that two plans touch. Exact on the lattice. */
export function threeWay(
  base: readonly BaseCell[],
  mine: readonly PlanChange[],
  theirs: readonly PlanChange[],
): ThreeWay {
  const touched = [...touchedCells(base, mine), ...touchedCells(base, theirs)];
  const old = [...new Map(touched.map((cell) => [cell.id, cell])).values()];
  const concerned = new Set(old.map(({ id }) => id));
  // Each plan's word on all the ground that either touches.
  const worded = (changes: readonly PlanChange[]) =>
    afterPlan(base, changes).filter(({ cell, changed }) => changed || concerned.has(cell));
  const [ours, others] = [worded(mine), worded(theirs)];
  const arrangement = arrange([...old, ...ours, ...others].map(({ geometry }) => geometry));
  const words = arrangement.owners.map((owners, face): FaceWord => {
    if (face === OUTSIDE) return NOBODY_WORD;
    let [was, my, their]: (string | undefined)[] = [];
    for (const owner of owners)
      if (owner < old.length) was = old[owner]?.id;
      else if (owner < old.length + ours.length) my = ours[owner - old.length]?.cell;
      else their = others[owner - old.length - ours.length]?.cell;
    return { was, my, their };
  });
  return {
    arrangement,
    words,
    standing: new Set([...ours, ...others].map(({ cell }) => cell)),
    theirs: new Set(others.map(({ cell }) => cell)),
  };
}

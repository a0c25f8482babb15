import { create } from "zustand";
import type { LonLat } from "../../../../data/model/geometry.ts";
import type { Preference } from "../../../../data/planning/merge-changes.ts";

/** A border, or a cell, that two changed otherwise. */
export interface Conflict {
  readonly cells: readonly string[];
  readonly where: LonLat | null;
}

/** Whose word counts at one conflict. */
export interface Choice {
  readonly cells: readonly string[];
  readonly prefer: Preference;
}

/** A question to the planner: each conflict is decided by itself. */
export interface ConflictQuestion {
  /** Whose word the other one is: a person's, or that of what was published. */
  readonly who: string;
  readonly conflicts: readonly Conflict[];
  readonly answer: (choices: readonly Choice[]) => void;
  /** Puts it off; undefined where nothing else can be done before it is answered. */
  readonly cancel: (() => void) | undefined;
}

interface Asked {
  readonly question: ConflictQuestion | undefined;
  /** What was chosen so far, by the cells of the conflict. */
  readonly chosen: ReadonlyMap<string, Preference>;
}

export const useConflicts = create<Asked>(() => ({ question: undefined, chosen: new Map() }));

export const conflictKey = (cells: readonly string[]): string => [...cells].sort().join();

/** Asks; a question that is open is replaced, what was chosen of the same conflicts stays. */
export const askConflicts = (question: ConflictQuestion): void => useConflicts.setState({ question });

export const closeQuestion = (): void => useConflicts.setState({ question: undefined, chosen: new Map() });

/** Chooses for some conflicts. */
export const chooseFor = (conflicts: readonly Conflict[], prefer: Preference): void =>
  useConflicts.setState(({ chosen }) => ({
    chosen: new Map([...chosen, ...conflicts.map(({ cells }) => [conflictKey(cells), prefer] as const)]),
  }));

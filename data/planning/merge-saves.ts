import { type PlanConflict, planConflicts } from "./conflicts.ts";
import { type Choose, mergeChanges } from "./merge-changes.ts";
import { type BaseCell, isNewCell, type PlanChange } from "./plan.ts";

/** Two saves of one plan that were drawn on the same revision of it. */
export interface TwoSaves {
  /** Boundaries that the plan is drawn on. */
  readonly base: readonly BaseCell[];
  /** What the plan changed at the revision that both know. */
  readonly known: readonly PlanChange[];
  /** What is drawn here, and what somebody else has saved. */
  readonly mine: readonly PlanChange[];
  readonly theirs: readonly PlanChange[];
  /** Codes beside those of cells that must not be given again. */
  readonly usedCodes: readonly string[];
}

/** Where both changed the same since that revision, and the plan with both in it. */
export interface MergedSaves {
  readonly conflicts: readonly PlanConflict[];
  /** All changes of the plan. @param choose whose word counts at each conflict */
  readonly merge: (choose: Choose) => readonly PlanChange[];
}

/**
 * Merges what two people drew on one plan at once: what only one of them changed since the revision that both know is
 * taken from that one, without a question. New cells and codes that both gave out are given anew on this side.
 */
export function mergeSaves(given: TwoSaves): MergedSaves {
  const { base, known, theirs } = given;
  const common = applied(base, known);
  const mine = renamed(given);
  const [my, their] = [since(base, known, mine), since(base, known, theirs)];
  return {
    conflicts: planConflicts(common, my, their),
    merge: (choose) => {
      const plan = new Map(theirs.map((change) => [change.cell, change]));
      const drawn = new Set(base.map(({ id }) => id));
      for (const change of mergeChanges(common, my, their, choose))
        if (change.geometry === null && !drawn.has(change.cell)) plan.delete(change.cell);
        else plan.set(change.cell, { ...change, areaId: drawn.has(change.cell) ? change.cell : null });
      return [...plan.values()].sort((a, b) => (a.cell < b.cell ? -1 : 1));
    },
  };
}

/** Cells with a plan's changes on them; new ones stand among them under their names. */
function applied(base: readonly BaseCell[], changes: readonly PlanChange[]): BaseCell[] {
  const cells = new Map(base.map((cell) => [cell.id, cell]));
  for (const { cell, code, kind, name, geometry } of changes)
    if (geometry === null) cells.delete(cell);
    else cells.set(cell, { id: cell, versionId: cells.get(cell)?.versionId ?? cell, code, kind, name, geometry });
  return [...cells.values()];
}

/** What became of the cells between two states of a plan. */
function since(
  base: readonly BaseCell[],
  before: readonly PlanChange[],
  after: readonly PlanChange[],
): readonly PlanChange[] {
  const [was, is] = [applied(base, before), new Map(applied(base, after).map((cell) => [cell.id, cell]))];
  const had = new Map(was.map((cell) => [cell.id, cell]));
  const text = ({ code, kind, name, geometry }: BaseCell): string => JSON.stringify([code, kind, name, geometry]);
  const change = ({ id, code, kind, name, geometry }: BaseCell, ends = false): PlanChange => ({
    cell: id,
    areaId: had.has(id) ? id : null,
    code,
    kind,
    name,
    geometry: ends ? null : geometry,
  });
  return [
    ...was.filter(({ id }) => !is.has(id)).map((cell) => change(cell, true)),
    ...[...is.values()]
      .filter((cell) => {
        const old = had.get(cell.id);
        return !old || text(old) !== text(cell);
      })
      .map((cell) => change(cell)),
  ];
}

/** My changes, with other names and codes for new cells that theirs has given out meanwhile. */
function renamed({ base, known, mine, theirs, usedCodes }: TwoSaves): readonly PlanChange[] {
  const knew = new Set(known.map(({ cell }) => cell));
  const fresh = ({ cell }: PlanChange): boolean => isNewCell(cell) && !knew.has(cell);
  const theirNew = theirs.filter(fresh);
  const names = new Set(theirNew.map(({ cell }) => cell));
  const codes = new Set(theirNew.map(({ code }) => code));
  const taken = new Set([...base, ...known, ...mine, ...theirs].map(({ code }) => code).concat(usedCodes));
  let next = 1 + Math.max(0, ...[...mine, ...theirs, ...known].map(numberOf));
  return mine.map((change) => {
    if (!fresh(change)) return change;
    const cell = names.has(change.cell) ? `new:${next++}` : change.cell;
    const code = codes.has(change.code) ? nextFree(change.code, taken) : change.code;
    taken.add(code);
    return { ...change, cell, code };
  });
}

const numberOf = ({ cell }: PlanChange): number => (isNewCell(cell) ? Number(cell.slice("new:".length)) : 0);

/** The code after the highest serial beside it: the last three digits of a grid's, the last two of a micro-grid's. */
function nextFree(code: string, taken: ReadonlySet<string>): string {
  const digits = code.includes("-") ? 2 : 3;
  const start = code.slice(0, -digits);
  let highest = 0;
  for (const one of taken)
    if (one.length === code.length && one.startsWith(start))
      highest = Math.max(highest, Number(one.slice(-digits)) || 0);
  return `${start}${String(highest + 1).padStart(digits, "0")}`;
}

import { dissolve, NOBODY } from "../coverage/noding/dissolve.ts";
import type { MultiPolygonRings } from "../model/geometry.ts";
import { planConflicts } from "./conflicts.ts";
import type { BaseCell, PlanChange } from "./plan.ts";
import { threeWay } from "./three-way.ts";

/** Whose word counts where two plans say different things. */
export const PREFERENCES = ["mine", "theirs"] as const;
export type Preference = (typeof PREFERENCES)[number];

/** Whose word counts at a conflict, by its cells as `planConflicts` names them. */
export type Choose = (cells: readonly string[]) => Preference;

/** Choices by conflict; where none was made, another word counts. */
export function chooseBy(
  choices: readonly { readonly cells: readonly string[]; readonly prefer: Preference }[],
  otherwise: Preference,
): Choose {
  const key = (cells: readonly string[]): string => [...cells].sort().join();
  const made = new Map(choices.map(({ cells, prefer }) => [key(cells), prefer]));
  return (cells) => made.get(key(cells)) ?? otherwise;
}

/**
 * What remains to be changed of a plan once another one holds: ground that mine gives away goes where mine says, all other ground is
 * as theirs has it. Ground that both give away differently, and cells of which both say different things, go by the
 * preference, and so does ground over a border that both moved (`planConflicts` names all of them, and each can be chosen by
 * itself). Exact on the lattice.
 *
 * @param base what both were drawn on
 * @param theirs changes that hold already; a cell of theirs has its area's id
 * @returns my changes on the base that theirs made
 */
export function mergeChanges(
  base: readonly BaseCell[],
  mine: readonly PlanChange[],
  theirs: readonly PlanChange[],
  prefer: Preference | Choose,
): PlanChange[] {
  const choose: Choose = typeof prefer === "string" ? () => prefer : prefer;
  const { arrangement, words, standing, theirs: held } = threeWay(base, mine, theirs);
  const names = [...standing];
  const numberOf = new Map(names.map((name, n) => [name, n]));
  const asked = planConflicts(base, mine, theirs).map(({ cells }) => ({ cells, has: new Set(cells) }));
  /** Whose word counts over a border which both moved: one of the two alone is heard about it. */
  const overAsked = (from: string | undefined, to: string | undefined): Preference | undefined => {
    if (from === undefined || to === undefined || from === to) return undefined;
    const conflict = asked.find(({ has }) => has.has(from) && has.has(to));
    return conflict && choose(conflict.cells);
  };
  const dirty = new Set<string>();
  const ownerOf = Int32Array.from(words, ({ was, my: drawn, their }) => {
    const my = overAsked(was, drawn) === "theirs" ? was : drawn;
    const held = overAsked(was, their) === "mine" ? was : their;
    const bothMoved = my !== was && held !== was && my !== held;
    const taken = bothMoved && (was === undefined || choose([was]) === "mine") ? my : held;
    const now = bothMoved ? taken : my !== was ? my : held;
    if (now !== their) for (const cell of [now, their]) if (cell !== undefined) dirty.add(cell);
    return now === undefined ? NOBODY : (numberOf.get(now) ?? NOBODY);
  });
  const grounds = dissolve(arrangement, ownerOf, names.length);
  return wordsOf(base, mine, theirs, choose, dirty).flatMap((change): PlanChange[] => {
    const ground = grounds[numberOf.get(change.cell) ?? -1] ?? [];
    // A cell that ended in theirs is gone: mine cannot change it any more.
    if (!held.has(change.cell) && change.areaId !== null) return [];
    return [{ ...change, geometry: change.geometry === null && ground.length === 0 ? null : groundOr(change, ground) }];
  });
}

const groundOr = (change: PlanChange, ground: MultiPolygonRings): MultiPolygonRings | null =>
  ground.length > 0 ? ground : change.areaId === null ? change.geometry : null;

/** Code, kind and name of each cell that remains changed. */
function wordsOf(
  base: readonly BaseCell[],
  mine: readonly PlanChange[],
  theirs: readonly PlanChange[],
  choose: Choose,
  dirty: ReadonlySet<string>,
): PlanChange[] {
  const before = new Map(base.map((cell) => [cell.id, cell]));
  const their = new Map(theirs.map((change) => [change.cell, change]));
  const own = new Map(mine.map((change) => [change.cell, change]));
  const cells = new Set([...own.keys(), ...dirty]);
  return [...cells].flatMap((cell): PlanChange[] => {
    const was = before.get(cell);
    const [my, held] = [own.get(cell), their.get(cell)];
    const now = held ?? (was && { ...was, cell, areaId: was.id });
    if (!my)
      return now
        ? [{ cell, areaId: cell, code: now.code, kind: now.kind, name: now.name, geometry: now.geometry }]
        : [];
    if (!now || !was) return [my];
    const pick = <Key extends "code" | "kind" | "name">(key: Key): PlanChange[Key] =>
      my[key] === was[key] || (now[key] !== was[key] && choose([cell]) === "theirs") ? now[key] : my[key];
    const merged = { ...my, code: pick("code"), kind: pick("kind"), name: pick("name") };
    const same = merged.code === now.code && merged.kind === now.kind && merged.name === now.name;
    return same && !dirty.has(cell) ? [] : [merged];
  });
}

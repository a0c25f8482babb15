import { dissolve, NOBODY } from "../coverage/noding/dissolve.ts";
import type { MultiPolygonRings } from "../model/geometry.ts";
import { planConflicts } from "./conflicts.ts";
import type { BaseCell, PlanChange } from "./plan.ts";
import { threeWay } from "./three-way.ts";

/** Whose word counts where two plans say different things. */
export const PREFERENCES = ["mine", "theirs"] as const;
export type Preference = (typeof PREFERENCES)[number];

/**
 * What remains to be changed of a plan once another one holds: ground that mine gives away goes where mine says, all other ground is
 * as theirs has it. Ground that both give away differently, and cells of which both say different things, go by the
 * preference, and so does ground over a border that both moved (`planConflicts` names all of them). Exact on the lattice.
 *
 * @param base what both were drawn on
 * @param theirs changes that hold already; a cell of theirs has its area's id
 * @returns my changes on the base that theirs made
 */
export function mergeChanges(
  base: readonly BaseCell[],
  mine: readonly PlanChange[],
  theirs: readonly PlanChange[],
  prefer: Preference,
): PlanChange[] {
  const { arrangement, words, standing, theirs: held } = threeWay(base, mine, theirs);
  const names = [...standing];
  const numberOf = new Map(names.map((name, n) => [name, n]));
  const asked = planConflicts(base, mine, theirs).map(({ cells }) => new Set(cells));
  /** Ground that goes over a border which both moved: one of the two alone is heard about it. */
  const overAsked = (from: string | undefined, to: string | undefined): boolean =>
    from !== undefined && to !== undefined && asked.some((cells) => cells.has(from) && cells.has(to));
  const dirty = new Set<string>();
  const ownerOf = Int32Array.from(words, ({ was, my: drawn, their }) => {
    const my = prefer === "theirs" && overAsked(was, drawn) ? was : drawn;
    const held = prefer === "mine" && overAsked(was, their) ? was : their;
    const bothMoved = my !== was && held !== was && my !== held;
    const now = bothMoved ? (prefer === "mine" ? my : held) : my !== was ? my : held;
    if (now !== their) for (const cell of [now, their]) if (cell !== undefined) dirty.add(cell);
    return now === undefined ? NOBODY : (numberOf.get(now) ?? NOBODY);
  });
  const grounds = dissolve(arrangement, ownerOf, names.length);
  return wordsOf(base, mine, theirs, prefer, dirty).flatMap((change): PlanChange[] => {
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
  prefer: Preference,
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
      my[key] === was[key] || (now[key] !== was[key] && prefer === "theirs") ? now[key] : my[key];
    const merged = { ...my, code: pick("code"), kind: pick("kind"), name: pick("name") };
    const same = merged.code === now.code && merged.kind === now.kind && merged.name === now.name;
    return same && !dirty.has(cell) ? [] : [merged];
  });
}

import { Evidence } from "./evidence.ts";
import { judgePair } from "./judge-pair.ts";
import { judgeMerge, judgeSplit, judgeTangle } from "./judge-parts.ts";
import type { NextArea, OldArea, Proposal } from "./proposal.ts";
import { nextKey } from "./proposal.ts";
import { sharedGround } from "./shared-ground.ts";

/** Ground of which so much lies in another area lies in it: borders drawn anew, and slips, are the rest. */
export const INSIDE = 0.85;

/** Less than this of an area's ground is the width of a drawn line, not a part. */
export const NOTHING = 0.02;

export interface EditionMatch {
  readonly proposals: readonly Proposal[];
  /** What they were judged by. */
  readonly evidence: Evidence;
}

/**
 * What became of each area of a level in a new edition. Ground speaks first: what lies in what, both ways; code, name and
 * parent confirm it or speak against it. Every area of both editions is in exactly one proposal. The same input gives the
 * same answer; the order of the new areas does not matter but for numbers and the order of the answer.
 *
 * - one old and one new area that each hold at least 85 % of the other are one area, unless other areas lie in it as well;
 * - an old area in which several new ones lie is split, several old areas in a new one are merged. The part that has the
 *   code lives on, or the one that has the name;
 * - what is left is one area where code and name say so; new where it shares no ground; else unclear.
 *
 * @returns by the code of the first old area, what is added at the end by name
 */
export function matchEdition(olds: readonly OldArea[], nexts: readonly NextArea[]): EditionMatch {
  const shares = sharedGround(
    olds.map(({ geometry }) => geometry),
    nexts.map(({ geometry }) => geometry),
  );
  const evidence = new Evidence(olds, nexts, shares);
  const proposals: Proposal[] = [];
  const openOlds = new Set(olds.keys());
  const openNexts = new Set(nexts.keys());
  const take = (proposal: Proposal): void => {
    for (const old of proposal.olds) openOlds.delete(old);
    for (const next of proposal.nexts) openNexts.delete(next);
    proposals.push(proposal);
  };
  const partsOf = olds.map((_, old) => evidence.ofOld(old).filter(({ ofNext }) => ofNext >= INSIDE));
  const sourcesOf = nexts.map((_, next) => evidence.ofNext(next).filter(({ ofOld }) => ofOld >= INSIDE));
  for (const group of tangles(partsOf, sourcesOf)) {
    const [old] = group.olds;
    const [next] = group.nexts;
    if (old === undefined || next === undefined) continue;
    if (group.olds.length === 1 && group.nexts.length === 1) {
      const pair = evidence.pair(old, next);
      if (pair.ofOld >= INSIDE && pair.ofNext >= INSIDE) take(judgePair(evidence, old, next));
    } else if (group.olds.length === 1) {
      if (evidence.covered(group.olds, group.nexts) >= INSIDE) take(judgeSplit(evidence, old, group.nexts));
    } else if (group.nexts.length === 1) {
      if (evidence.filled(group.olds, group.nexts) >= INSIDE) take(judgeMerge(evidence, group.olds, next));
    } else take(judgeTangle(evidence, group.olds, group.nexts));
  }
  for (const old of [...openOlds]) {
    const same = evidence.ofOld(old).filter(({ next }) => openNexts.has(next) && evidence.sameCode(old, next) === true);
    const [one] = same;
    if (one && evidence.sameName(old, one.next) && Math.min(one.ofOld, one.ofNext) >= 0.3)
      take(judgePair(evidence, old, one.next));
  }
  for (const group of leftGroups(evidence, openOlds, openNexts)) take(judgeTangle(evidence, group.olds, group.nexts));
  const key = ({ olds: [old], nexts: [next] }: Proposal): string =>
    old === undefined ? `~${next === undefined || !nexts[next] ? "" : nextKey(nexts[next])}` : (olds[old]?.code ?? "");
  return { proposals: proposals.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)), evidence };
}

interface Group {
  readonly olds: readonly number[];
  readonly nexts: readonly number[];
}

/** Areas that hang together because one lies in the other. */
function tangles(
  partsOf: readonly (readonly { readonly old: number; readonly next: number }[])[],
  sourcesOf: readonly (readonly { readonly old: number; readonly next: number }[])[],
): Group[] {
  const links = new Links();
  for (const [old, parts] of partsOf.entries()) for (const { next } of parts) links.join(old, next);
  for (const [next, sources] of sourcesOf.entries()) for (const { old } of sources) links.join(old, next);
  return links.groups();
}

/** What is left, by ground that is shared; each on its own where it shares none. */
function leftGroups(evidence: Evidence, olds: ReadonlySet<number>, nexts: ReadonlySet<number>): Group[] {
  const links = new Links();
  for (const old of olds) links.join(old, undefined);
  for (const next of nexts) links.join(undefined, next);
  for (const old of olds)
    for (const { next, ofOld, ofNext } of evidence.ofOld(old))
      if (nexts.has(next) && Math.max(ofOld, ofNext) >= NOTHING) links.join(old, next);
  // The same code or name far away: a person must say whether it is the same area.
  for (const old of olds) for (const next of evidence.namesakes(old)) if (nexts.has(next)) links.join(old, next);
  return links.groups();
}

/** Groups of old and new areas that are joined. */
class Links {
  readonly #up = new Map<string, string>();

  #root(node: string): string {
    let root = node;
    for (let up = this.#up.get(root); up !== undefined && up !== root; up = this.#up.get(root)) root = up;
    this.#up.set(node, root);
    return root;
  }

  join(old: number | undefined, next: number | undefined): void {
    const a = this.#root(old === undefined ? `n${next}` : `o${old}`);
    const b = this.#root(next === undefined ? `o${old}` : `n${next}`);
    this.#up.set(a, a);
    this.#up.set(b, a);
  }

  groups(): Group[] {
    const found = new Map<string, { readonly olds: number[]; readonly nexts: number[] }>();
    for (const node of this.#up.keys()) {
      const root = this.#root(node);
      const group = found.get(root) ?? { olds: [], nexts: [] };
      found.set(root, group);
      (node.startsWith("o") ? group.olds : group.nexts).push(Number(node.slice(1)));
    }
    const ascending = (a: number, b: number): number => a - b;
    return [...found.values()].map(({ olds, nexts }) => ({
      olds: olds.sort(ascending),
      nexts: nexts.sort(ascending),
    }));
  }
}

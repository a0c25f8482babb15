import type { RandomBits } from "./anneal.ts";
import { type EnergyTerms, type PartSums, rangeCost } from "./energy.ts";
import { gridMembers, membersOf, neighbourGrids } from "./grid-members.ts";
import type { Level } from "./level.ts";
import { Repartition } from "./repartition.ts";

export interface RepartitionPass {
  readonly level: Level;
  readonly sums: PartSums;
  readonly terms: EnergyTerms;
  readonly random: RandomBits;
  readonly fewestParts: number;
  readonly frozen?: Uint8Array;
  /** Times that each grid out of range and its surroundings are looked at. */
  readonly rounds: number;
}

/** Divides the ground of two to four neighbouring grids anew, again and again around each that is out of range. */
export function repartitionPass(pass: RepartitionPass): void {
  const { level, sums, terms, random, fewestParts, frozen } = pass;
  const repartition = new Repartition(level, sums, terms, random, fewestParts);
  const listed = gridMembers(level, sums.capacity);
  const members = new Map<number, readonly number[]>();
  for (let p = 0; p < sums.capacity; p++) if (sums.places[p] !== 0) members.set(p, [...membersOf(listed, p)]);
  const isBad = (p: number): boolean => rangeCost(terms, sums.households[p] as number) > 0;
  const pick = (count: number): number => {
    random.state ^= random.state << 13;
    random.state ^= random.state >>> 17;
    random.state ^= random.state << 5;
    return (random.state >>> 0) % count;
  };
  for (let round = 0; round < pass.rounds; round++) {
    const todo = [...members.keys()].filter((p) => frozen?.[p] !== 1 && isBad(p));
    if (todo.length === 0) break;
    for (const p of todo) {
      if (!members.has(p) || !isBad(p)) continue;
      const group = [p];
      const size = 2 + pick(3);
      while (group.length < size) {
        const from = group[pick(group.length)] as number;
        const around = [...neighbourGrids(level, Int32Array.from(members.get(from) ?? []), from).keys()];
        const others = around.filter((q) => !group.includes(q) && frozen?.[q] !== 1);
        if (others.length === 0) break;
        group.push(others[pick(others.length)] as number);
      }
      if (group.length === 1 && (members.get(p)?.length ?? 0) < 2) continue;
      const found = repartition.improve(
        group,
        group.flatMap((grid) => [...(members.get(grid) ?? [])]),
      );
      if (found) apply(group, found);
    }
  }

  function apply(group: readonly number[], found: ReadonlyMap<number, number[]>): void {
    for (const p of group) {
      members.delete(p);
      sums.households[p] = 0;
      sums.load[p] = 0;
      sums.places[p] = 0;
    }
    for (const [p, places] of found) {
      members.set(p, places);
      let households = 0;
      let load = 0;
      for (const v of places) {
        level.part[v] = p;
        households += level.households[v] as number;
        load += level.load[v] as number;
      }
      sums.households[p] = households;
      sums.load[p] = load;
      sums.places[p] = places.length;
    }
    sums.used += found.size - group.length;
  }
}

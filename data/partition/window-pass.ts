import type { RandomBits } from "./anneal.ts";
import { type EnergyTerms, type PartSums, rangeCost } from "./energy.ts";
import type { ExactDivision } from "./exact-division.ts";
import { gridMembers, membersOf, neighbourGrids } from "./grid-members.ts";
import type { Level } from "./level.ts";

export interface WindowPass {
  readonly level: Level;
  readonly sums: PartSums;
  readonly terms: EnergyTerms;
  readonly random: RandomBits;
  readonly fewestParts: number;
  readonly exact: ExactDivision;
}

/** Some six grids of three or four places: an eighth of a millisecond. */
const WINDOW_PLACES = 20;

/** Divides a window of neighbouring grids around each grid anew, exactly; how many windows became better. */
export function windowPass({ level, sums, terms, random, fewestParts, exact }: WindowPass): number {
  const listed = gridMembers(level, sums.capacity);
  const members: (readonly number[])[] = [];
  for (let p = 0; p < sums.capacity; p++) members.push([...membersOf(listed, p)]);
  const luck = (): number => {
    random.state ^= random.state << 13;
    random.state ^= random.state >>> 17;
    random.state ^= random.state << 5;
    return (random.state >>> 0) / 4294967296;
  };
  const costOf = (p: number): number => {
    const { offsets, neighbours, cost, part } = level;
    let border = 0;
    for (const v of members[p] as readonly number[])
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
        if (part[neighbours[entry] as number] !== p) border += cost[entry] as number;
    const off = ((sums.load[p] as number) - terms.loadTarget) / terms.loadTarget;
    return terms.balance * off * off + border / 2 + rangeCost(terms, sums.households[p] as number);
  };
  let better = 0;
  for (let p = 0; p < sums.capacity; p++) {
    if (sums.places[p] === 0) continue;
    const group = [p];
    const around = neighbourGrids(level, Int32Array.from(members[p] as number[]), p);
    let count = sums.places[p] as number;
    while (around.size > 0) {
      let chosen = -1;
      let highest = -1;
      for (const [q, shared] of around) {
        const worth = shared * (0.25 + luck());
        if (worth > highest) [chosen, highest] = [q, worth];
      }
      around.delete(chosen);
      if (count + (sums.places[chosen] as number) > WINDOW_PLACES) break;
      count += sums.places[chosen] as number;
      group.push(chosen);
      for (const [q, shared] of neighbourGrids(level, Int32Array.from(members[chosen] as number[]), chosen))
        if (!group.includes(q)) around.set(q, (around.get(q) ?? 0) + shared);
    }
    if (group.length === 1) continue;
    const now = group.reduce((sum, q) => sum + costOf(q), 0);
    const found = exact.divide(
      group.flatMap((q) => members[q] as number[]),
      now,
    );
    if (!found || sums.used + found.length - group.length < fewestParts) continue;
    better++;
    apply(group, found);
  }
  return better;

  function apply(group: readonly number[], found: readonly (readonly number[])[]): void {
    for (const q of group) {
      members[q] = [];
      sums.households[q] = 0;
      sums.load[q] = 0;
      sums.places[q] = 0;
    }
    const numbers = [...group];
    for (let q = sums.capacity - 1; numbers.length < found.length; q--)
      if (sums.places[q] === 0 && !group.includes(q)) numbers.push(q);
    found.forEach((places, i) => {
      const q = numbers[i] as number;
      members[q] = places;
      let households = 0;
      let load = 0;
      for (const v of places) {
        level.part[v] = q;
        households += level.households[v] as number;
        load += level.load[v] as number;
      }
      sums.households[q] = households;
      sums.load[q] = load;
      sums.places[q] = places.length;
    });
    sums.used += found.length - group.length;
  }
}

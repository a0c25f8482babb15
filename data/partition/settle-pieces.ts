import { type PartSums, sumParts } from "./energy.ts";
import { type Exhausted, exhaustPiece, MOST_EXHAUSTED } from "./exhaust-piece.ts";
import type { BaseLevel } from "./level.ts";
import type { Pieces } from "./pieces.ts";
import type { ProposeOptions } from "./proposal.ts";

/**
 * Tries small pieces through that have a grid out of range though the arithmetic allows none. What is found is taken over;
 * the outcome of each piece tried is returned: a proof that it cannot be done, or that nothing is known.
 */
export function settlePieces(
  level: BaseLevel,
  sums: PartSums,
  { pieces }: Pieces,
  options: ProposeOptions,
): ReadonlyMap<number, Exhausted> {
  const outcomes = new Map<number, Exhausted>();
  const places = pieces.map((): number[] => []);
  const bad = new Set<number>();
  for (let v = 0; v < level.count; v++) {
    const piece = level.pieceOf[v] as number;
    (places[piece] as number[]).push(v);
    const households = sums.households[level.part[v] as number] as number;
    if (households < options.min || households > options.max) bad.add(piece);
  }
  for (const piece of bad) {
    const { fewest, most, blocks } = pieces[piece] as Pieces["pieces"][number];
    if (most < fewest || blocks.length > MOST_EXHAUSTED) continue;
    const own = places[piece] as number[];
    const at = new Map(own.map((v, i) => [v, i]));
    const outcome = exhaustPiece(
      {
        households: own.map((v) => level.households[v] as number),
        neighbours: own.map((v) =>
          [...level.neighbours.subarray(level.offsets[v], level.offsets[v + 1])].map((u) => at.get(u) as number),
        ),
      },
      options,
    );
    outcomes.set(piece, outcome);
    if (outcome.found !== "grids") continue;
    const numbers = freeNumbers(level, sums, own, Math.max(...outcome.grids) + 1);
    own.forEach((v, i) => {
      level.part[v] = numbers[outcome.grids[i] as number] as number;
    });
    sumParts(level, sums);
  }
  return outcomes;
}

/** Numbers for so many grids: those that the piece has now, then unused ones. */
function freeNumbers(level: BaseLevel, sums: PartSums, own: readonly number[], wanted: number): number[] {
  const numbers = [...new Set(own.map((v) => level.part[v] as number))];
  for (let p = sums.capacity - 1; p >= 0 && numbers.length < wanted; p--) if (sums.places[p] === 0) numbers.push(p);
  return numbers;
}

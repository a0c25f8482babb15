import { propose } from "../../data/partition/propose.ts";
import { latticeGraph } from "./block-graphs.ts";

/** All that a proposal says, for divisions drawn anew and against today and of large compounds, as text of every byte. */
export function proposeDigest(): string {
  const households = (v: number): number => (v * 37) % 61;
  const current = Int32Array.from({ length: 2400 }, (_, v) => 10 * Math.floor(v / 240) + Math.floor((v % 60) / 6));
  const graph = latticeGraph(60, 40, households, { current });
  const compounds = latticeGraph(12, 8, (v) => (v * 71) % 290);
  return [
    ...[0, 1, 2].map((leastChange) => propose(graph, { min: 300, max: 500, seed: 7, sweeps: 60, leastChange })),
    propose(compounds, { min: 300, max: 500, seed: 7, sweeps: 120 }),
  ]
    .map(({ part, parts, figures, moves, unmet }) => JSON.stringify([[...part], parts, figures, moves, unmet]))
    .join("\n");
}

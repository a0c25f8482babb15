import type { BlockGraph } from "./block-graph.ts";
import type { Exhausted } from "./exhaust-piece.ts";
import { OVERSIZE, PINNED, type Pieces } from "./pieces.ts";
import type { ProposeOptions, Unmet } from "./proposal.ts";

/** All that keeps grids out of range: proved, or not found. Every grid out of range is in one of them. */
export function unmetOf(
  graph: BlockGraph,
  { fixed, pieces }: Pieces,
  part: Int32Array,
  settled: ReadonlyMap<number, Exhausted>,
  options: ProposeOptions,
): Unmet[] {
  const { min, max } = options;
  const unmet: Unmet[] = [];
  const total = new Map<number, number>();
  for (let v = 0; v < graph.count; v++)
    total.set(part[v] as number, (total.get(part[v] as number) ?? 0) + (graph.households[v] as number));
  const isBad = (p: number): boolean => (total.get(p) as number) < min || (total.get(p) as number) > max;
  const badPartsOf = (blocks: Iterable<number>): number[] => {
    const bad = new Set<number>();
    for (const v of blocks) if (isBad(part[v] as number)) bad.add(part[v] as number);
    return [...bad].sort((a, b) => a - b);
  };
  const hosts = new Set<number>();
  const pinned = new Map<number, number[]>();
  for (let v = 0; v < graph.count; v++) {
    const p = part[v] as number;
    if (fixed[v] === PINNED) pinned.set(p, [...(pinned.get(p) ?? []), v]);
    if (fixed[v] !== OVERSIZE) continue;
    hosts.add(p);
    unmet.push({
      kind: "impossible",
      reason: "oversize",
      parts: [p],
      blocks: [v],
      households: graph.households[v] as number,
      most: max,
    });
  }
  for (const [p, blocks] of pinned)
    if (isBad(p))
      unmet.push({ kind: "impossible", reason: "pinned", parts: [p], blocks, households: total.get(p) as number });
  pieces.forEach(({ blocks, households, fewest, most }, piece) => {
    // An enclave that joined a block that stands alone is told with that block.
    const parts = badPartsOf(blocks).filter((p) => !hosts.has(p));
    if (parts.length === 0) return;
    const facts = { parts, blocks: [...blocks], households };
    if (households < min) unmet.push({ kind: "impossible", reason: "enclave", ...facts, least: min });
    else if (most < fewest)
      unmet.push({
        kind: "impossible",
        reason: "count",
        ...facts,
        count: most,
        most: most * max,
        least: (most + 1) * min,
      });
    else {
      const outcome = settled.get(piece);
      if (outcome?.found === "none")
        unmet.push({ kind: "impossible", reason: "cover", ...facts, tried: outcome.tried });
      else {
        const own = blocks.filter((v) => parts.includes(part[v] as number));
        unmet.push({
          kind: "not found",
          reason: "search",
          parts,
          blocks: [...own],
          households: own.reduce((sum, v) => sum + (graph.households[v] as number), 0),
        });
      }
    }
  });
  return unmet;
}

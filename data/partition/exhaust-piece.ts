import { partsFor } from "./pieces.ts";
import type { ProposeOptions } from "./proposal.ts";

/** A connected piece of few blocks: households and neighbours of each, by place in the piece. */
export interface SmallPiece {
  readonly households: readonly number[];
  readonly neighbours: readonly (readonly number[])[];
}

/** `grids`: a division in range, grid of each block; `none`: every way was tried; `undecided`: too many ways. */
export type Exhausted =
  | { readonly found: "grids"; readonly grids: Int32Array; readonly tried: number }
  | { readonly found: "none" | "undecided"; readonly tried: number };

/** Blocks of a piece that can be tried through: a set of them is one exact number. */
export const MOST_EXHAUSTED = 52;
const LOW_BITS = 26;
/** Sets of blocks looked at before giving up, about 50 ms. */
const MOST_TRIED = 300_000;

/**
 * Looks for a division into connected grids in range by trying every way: the first block without a grid gets every connected
 * set of blocks left that has it and is in range; what is left must still add up, piece by piece. Exact: `none` is a proof.
 */
export function exhaustPiece({ households, neighbours }: SmallPiece, options: ProposeOptions): Exhausted {
  const count = households.length;
  if (count > MOST_EXHAUSTED) return { found: "undecided", tried: 0 };
  /** Grid of each block so far; −1 for none. */
  const grids = new Int32Array(count).fill(-1);
  const hopeless = new Set<number>();
  let tried = 0;
  const outcome = cover(0);
  if (outcome === "found") return { found: "grids", grids, tried };
  return { found: outcome, tried };

  function cover(grid: number): "found" | "none" | "undecided" {
    const start = grids.indexOf(-1);
    if (start < 0) return "found";
    const key = keyOfRest();
    if (hopeless.has(key)) return "none";
    if (!restAddsUp()) {
      hopeless.add(key);
      return "none";
    }
    const outcome = grow(start, grid);
    if (outcome === "none") hopeless.add(key);
    return outcome;
  }

  /** Every connected set that has `start`, each once: the next border block is either taken or shut out for good. */
  function grow(start: number, grid: number): "found" | "none" | "undecided" {
    const shut = new Uint8Array(count);
    grids[start] = grid;
    const outcome = extend(households[start] as number, [start]);
    if (outcome !== "found") grids[start] = -1;
    return outcome;

    function extend(sum: number, members: readonly number[]): "found" | "none" | "undecided" {
      if (++tried > MOST_TRIED) return "undecided";
      if (sum > options.max) return "none";
      const next = borderBlock(members);
      if (next < 0) return sum >= options.min ? cover(grid + 1) : "none";
      grids[next] = grid;
      const taken = extend(sum + (households[next] as number), [...members, next]);
      if (taken === "found") return taken;
      grids[next] = -1;
      if (taken === "undecided") return taken;
      shut[next] = 1;
      const left = extend(sum, members);
      shut[next] = 0;
      return left;
    }
    function borderBlock(members: readonly number[]): number {
      for (const v of members)
        for (const u of neighbours[v] as readonly number[]) if (grids[u] === -1 && shut[u] === 0) return u;
      return -1;
    }
  }

  function keyOfRest(): number {
    let low = 0;
    let high = 0;
    for (let v = 0; v < count; v++) {
      if (grids[v] !== -1) continue;
      if (v < LOW_BITS) low |= 1 << v;
      else high |= 1 << (v - LOW_BITS);
    }
    return high * 2 ** LOW_BITS + low;
  }

  /** Each connected rest has households for some number of grids. */
  function restAddsUp(): boolean {
    const seen = new Uint8Array(count);
    for (let start = 0; start < count; start++) {
      if (grids[start] !== -1 || seen[start] === 1) continue;
      const stack = [start];
      seen[start] = 1;
      let sum = 0;
      let blocks = 0;
      for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
        sum += households[v] as number;
        blocks++;
        for (const u of neighbours[v] as readonly number[])
          if (grids[u] === -1 && seen[u] === 0) {
            seen[u] = 1;
            stack.push(u);
          }
      }
      const { fewest, most } = partsFor(sum, blocks, options);
      if (most < fewest) return false;
    }
    return true;
  }
}

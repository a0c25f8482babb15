import type { ObjectiveChoice } from "./objectives.ts";

/** What a division is asked for. Households are whole numbers; `min` to `max` includes both. */
export interface ProposeOptions {
  readonly min: number;
  readonly max: number;
  /** Households that a grid should have; the middle of the range where absent. */
  readonly target?: number;
  /** Same blocks, options and seed: the same division, byte for byte, on every engine. */
  readonly seed: number;
  /** How long to look: passes over all blocks. 60 is a first answer, 1,000 a thorough one. */
  readonly sweeps: number;
  /** Households moved against today: what moving a grid's worth of households costs, beside a grid's border (1). 0 or absent draws anew. */
  readonly leastChange?: number;
  /** Change only grids that are out of range and, where that does not suffice, grids around them. */
  readonly onlyBad?: boolean;
  readonly objective?: ObjectiveChoice;
  /** Told now and then; answer false to stop: the proposal is then what was reached. */
  readonly onProgress?: (progress: Progress) => boolean;
}

export interface Progress {
  /** 0 … 1 of the sweeps. */
  readonly done: number;
  readonly sweeps: number;
  /** The division as it stands, one grid per block (a copy, made when asked for). */
  readonly part: () => Int32Array;
}

export interface PartFigures {
  /** Grid: that of today that it continues, else a number above all of today's. */
  readonly part: number;
  readonly blocks: number;
  readonly households: number;
  readonly area: number;
  readonly perimeter: number;
  /** 4π·area ÷ perimeter². */
  readonly compactness: number;
  /** By the objective, in its units. */
  readonly load: number;
  readonly inRange: boolean;
  /** Has a block of more than `max` households, which stands alone. */
  readonly oversize: boolean;
  /** Continues a grid of today. */
  readonly continues: boolean;
}

export interface ProposalFigures {
  readonly parts: number;
  readonly inRange: number;
  /** Out of range though no oversize block is the cause. */
  readonly avoidable: number;
  /** Grids of more than one piece: always 0, counted all the same. */
  readonly inPieces: number;
  /** Borders between grids, metres. */
  readonly borderLength: number;
  /** The part of them on borders of weight under 1 (arterial roads). */
  readonly onWeighted: number;
  /** Mean of |households − target| ÷ target over grids without an oversize block. */
  readonly meanDeviation: number;
  readonly meanCompactness: number;
  /** Households that change grid, and what no division in range can do without; 0 where there is no grid of today. */
  readonly householdsMoved: number;
  readonly leastMoved: number;
  readonly blocksMoved: number;
  /** Grids of today in range, and how many of them keep exactly their blocks. */
  readonly goodBefore: number;
  readonly untouched: number;
  readonly sweeps: number;
  /** Stopped by `onProgress`. */
  readonly stopped: boolean;
}

/**
 * Why a block moves:
 * - `over`: its grid had more than `max` households;
 * - `under`: the grid that takes it had fewer than `min`;
 * - `ended`: its grid had fewer than `min` and ends in its neighbours;
 * - `chain`: one of its two grids passes on what another grid out of range gave or needed;
 * - `nowhere`: it had no grid, or its grid lay in pieces;
 * - `shape`: nothing was out of range; the border gets shorter or the load more even.
 */
export type MoveWhy = "over" | "under" | "ended" | "chain" | "nowhere" | "shape";

export interface MoveReason {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly households: number;
  readonly why: MoveWhy;
  /** Grid of today that was out of range and is the cause; −1 where none is. */
  readonly cause: number;
  /** Households of the grid it leaves and of the one it joins, before and after the whole proposal. */
  readonly fromBefore: number;
  readonly fromAfter: number;
  readonly toBefore: number;
  readonly toAfter: number;
  /** Metres of border between grids that the proposal would have more (positive: the move saves them) if this block alone stayed. */
  readonly borderSaved: number;
}

/**
 * What cannot be met and why:
 * - `oversize`: one block holds more than `max`;
 * - `enclave`: ground of fewer than `min` with no way out (barriers, community borders or oversize blocks around it);
 * - `count`: n grids hold at most n·max and n + 1 at least (n + 1)·min, and the households lie between;
 * - `cover`: every way to cut the piece was tried;
 * - `pinned`: the grid is to stay as it is, out of range;
 * - `search`: no proof either way: not found within the sweeps.
 */
export type UnmetReason = "oversize" | "enclave" | "count" | "cover" | "pinned" | "search";

export interface Unmet {
  readonly kind: "impossible" | "not found";
  readonly reason: UnmetReason;
  /** Grids of the proposal that are out of range by it. */
  readonly parts: readonly number[];
  readonly blocks: readonly number[];
  readonly households: number;
  /** The proof in numbers: `count` grids hold at most `most`, one more at least `least`. */
  readonly count?: number;
  readonly most?: number;
  readonly least?: number;
  /** Divisions looked at by an exhaustive proof. */
  readonly tried?: number;
}

export interface Proposal {
  /** Grid of each block. */
  readonly part: Int32Array;
  /** By `part`, ascending. */
  readonly parts: readonly PartFigures[];
  readonly figures: ProposalFigures;
  /** One for each block that changes grid, in the order of blocks; empty where there is no grid of today. */
  readonly moves: readonly MoveReason[];
  readonly unmet: readonly Unmet[];
}

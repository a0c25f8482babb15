import type { BlockGraph } from "./block-graph.ts";
import { divideAlong } from "./divide-along.ts";
import { isOpen, type Pieces } from "./pieces.ts";

/** A first division: `part` per block (−1 where fixed), and the blocks in an order in which near ones stand near. */
export interface FirstDivision {
  readonly part: Int32Array;
  readonly order: Int32Array;
  readonly parts: number;
}

/**
 * Cuts each piece across its longer side into two with households in proportion, and those again (recursive coordinate
 * bisection). Without coordinates "across" is the difference of the steps to two far ends. Grids may come out in pieces.
 */
export function bisect(graph: BlockGraph, { pieceOf, pieces }: Pieces): FirstDivision {
  const part = new Int32Array(graph.count).fill(-1);
  const total = pieces.reduce((sum, piece) => sum + piece.blocks.length, 0);
  const order = new Int32Array(total);
  const along = graph.x && graph.y ? undefined : new StepsBetweenEnds(graph, pieceOf);
  let parts = 0;

  const cut = (low: number, high: number, into: number): void => {
    if (into <= 1 || high - low <= 1) {
      for (let i = low; i < high; i++) part[order[i] as number] = parts;
      parts++;
      return;
    }
    const blocks = order.subarray(low, high);
    const first = into >> 1;
    const middle =
      low + divideAlong(blocks, along ? along.of(blocks) : longerSide(graph, blocks), graph.households, first / into);
    cut(low, middle, first);
    cut(middle, high, into - first);
  };
  let low = 0;
  for (const piece of pieces) {
    order.set(piece.blocks, low);
    cut(low, low + piece.blocks.length, piece.parts);
    low += piece.blocks.length;
  }
  return { part, order, parts };
}

function longerSide({ x, y }: BlockGraph, blocks: Int32Array): Float64Array {
  const extent = (values: Float64Array): number => {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const v of blocks) {
      const value = values[v] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return most - least;
  };
  const [east, north] = [x as Float64Array, y as Float64Array];
  return extent(east) > extent(north) ? east : north;
}

/** For graphs without coordinates: steps from one far end less steps from the other. */
class StepsBetweenEnds {
  readonly #graph: BlockGraph;
  readonly #pieceOf: Int32Array;
  readonly #steps: Int32Array;
  readonly #key: Float64Array;
  readonly #queue: Int32Array;

  constructor(graph: BlockGraph, pieceOf: Int32Array) {
    this.#graph = graph;
    this.#pieceOf = pieceOf;
    this.#steps = new Int32Array(graph.count).fill(-1);
    this.#key = new Float64Array(graph.count);
    this.#queue = new Int32Array(graph.count);
  }

  of(blocks: Int32Array): Float64Array {
    const one = this.#walk(blocks, blocks[0] as number);
    const other = this.#walk(blocks, one);
    for (const v of blocks) this.#key[v] = this.#steps[v] as number;
    this.#walk(blocks, other);
    for (const v of blocks) this.#key[v] = (this.#key[v] as number) - (this.#steps[v] as number);
    for (const v of blocks) this.#steps[v] = -1;
    return this.#key;
  }

  /** Steps from `start` to each of the blocks without leaving them (what is cut off counts as far); the last one reached. */
  #walk(blocks: Int32Array, start: number): number {
    const { offsets, neighbours } = this.#graph;
    const [steps, queue] = [this.#steps, this.#queue];
    const unreached = blocks.length + 1;
    for (const v of blocks) steps[v] = unreached;
    let end = 0;
    queue[end++] = start;
    steps[start] = 0;
    for (let head = 0; head < end; head++) {
      const v = queue[head] as number;
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        const u = neighbours[entry] as number;
        if (steps[u] !== unreached || this.#pieceOf[u] !== this.#pieceOf[v] || !isOpen(this.#graph, v, entry)) continue;
        steps[u] = (steps[v] as number) + 1;
        queue[end++] = u;
      }
    }
    return queue[end - 1] as number;
  }
}

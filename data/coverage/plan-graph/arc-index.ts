import { Chunked } from "./chunked.ts";

/** Segments of an arc that share a box: long enough that boxes are few, short enough that they lie close. */
const RUN = 16;

/** Boxes of the runs of an arc: west, south, east, north of each. */
const boxes = new WeakMap<Int32Array, Int32Array>();

/** Boxes of an arc's runs of `RUN` segments, worked out once for each line. */
export function runBoxes(line: Int32Array): Int32Array {
  const known = boxes.get(line);
  if (known) return known;
  const segments = line.length / 2 - 1;
  const runs = Math.ceil(segments / RUN);
  const out = new Int32Array(runs * 4);
  for (let run = 0; run < runs; run++) {
    let [west, south, east, north] = [2 ** 31 - 1, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31)];
    const last = Math.min(segments, (run + 1) * RUN);
    for (let i = run * RUN; i <= last; i++) {
      const [x, y] = [line[i * 2] as number, line[i * 2 + 1] as number];
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    }
    out[run * 4] = west;
    out[run * 4 + 1] = south;
    out[run * 4 + 2] = east;
    out[run * 4 + 3] = north;
  }
  boxes.set(line, out);
  return out;
}

/** Calls `visit` with each segment number of a line whose run meets a box. */
export function segmentsNear(
  line: Int32Array,
  west: number,
  south: number,
  east: number,
  north: number,
  visit: (segment: number) => void,
): void {
  const runs = runBoxes(line);
  const segments = line.length / 2 - 1;
  for (let run = 0; run * 4 < runs.length; run++) {
    if ((runs[run * 4] as number) > east || (runs[run * 4 + 2] as number) < west) continue;
    if ((runs[run * 4 + 1] as number) > north || (runs[run * 4 + 3] as number) < south) continue;
    const last = Math.min(segments, (run + 1) * RUN);
    for (let i = run * RUN; i < last; i++) visit(i);
  }
}

const NONE: readonly number[] = [];

/**
 * Which arcs come near a place: a grid of squares, each with the arcs of which a run's box meets it. Immutable, like the
 * graph that it belongs to; ground beyond the grid counts to the squares at its rim.
 */
export class ArcIndex {
  readonly #squares: Chunked<readonly number[]>;
  readonly #west: number;
  readonly #south: number;
  readonly #size: number;
  readonly columns: number;
  readonly rows: number;

  private constructor(
    squares: Chunked<readonly number[]>,
    west: number,
    south: number,
    size: number,
    columns: number,
    rows: number,
  ) {
    this.#squares = squares;
    this.#west = west;
    this.#south = south;
    this.#size = size;
    this.columns = columns;
    this.rows = rows;
  }

  /** @param lines the line of each arc, by its number */
  static of(lines: readonly Int32Array[]): ArcIndex {
    let [west, south, east, north, runs] = [Infinity, Infinity, -Infinity, -Infinity, 0];
    for (const line of lines) {
      const found = runBoxes(line);
      runs += found.length / 4;
      for (let at = 0; at < found.length; at += 4) {
        west = Math.min(west, found[at] as number);
        south = Math.min(south, found[at + 1] as number);
        east = Math.max(east, found[at + 2] as number);
        north = Math.max(north, found[at + 3] as number);
      }
    }
    if (runs === 0) [west, south, east, north] = [0, 0, 0, 0];
    const size = Math.max(1, Math.sqrt(((east - west + 1) * (north - south + 1)) / Math.max(1, runs)));
    const columns = Math.floor((east - west) / size) + 1;
    const rows = Math.floor((north - south) / size) + 1;
    const empty = new ArcIndex(Chunked.of([]), west, south, size, columns, rows);
    const squares: number[][] = Array.from({ length: columns * rows }, () => []);
    lines.forEach((line, arc) => {
      for (const square of empty.#squaresOf(line)) (squares[square] as number[]).push(arc);
    });
    return new ArcIndex(Chunked.of<readonly number[]>(squares), west, south, size, columns, rows);
  }

  /** An index in which some arcs have another line, or none (undefined); `before` is the line that each had, if any. */
  with(
    changes: Iterable<{
      readonly arc: number;
      readonly before: Int32Array | undefined;
      readonly after: Int32Array | undefined;
    }>,
  ): ArcIndex {
    const edited = new Map<number, number[]>();
    const squareOf = (square: number): number[] => {
      let list = edited.get(square);
      if (!list) {
        list = [...(this.#squares.get(square) ?? NONE)];
        edited.set(square, list);
      }
      return list;
    };
    for (const { arc, before, after } of changes) {
      const old = before ? this.#squaresOf(before) : new Set<number>();
      const now = after ? this.#squaresOf(after) : new Set<number>();
      for (const square of old) {
        if (now.has(square)) continue;
        const list = squareOf(square);
        list.splice(list.indexOf(arc), 1);
      }
      for (const square of now) if (!old.has(square)) squareOf(square).push(arc);
    }
    if (edited.size === 0) return this;
    return new ArcIndex(this.#squares.with(edited), this.#west, this.#south, this.#size, this.columns, this.rows);
  }

  column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.#west) / this.#size)));
  }

  row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.#south) / this.#size)));
  }

  /** Arcs of a square. */
  square(column: number, row: number): readonly number[] {
    return this.#squares.get(row * this.columns + column) ?? NONE;
  }

  /** Arcs that may come into a box, each once. */
  near(west: number, south: number, east: number, north: number): Set<number> {
    const found = new Set<number>();
    const [from, to] = [this.column(west), this.column(east)];
    const last = this.row(north);
    for (let row = this.row(south); row <= last; row++)
      for (let column = from; column <= to; column++) for (const arc of this.square(column, row)) found.add(arc);
    return found;
  }

  #squaresOf(line: Int32Array): Set<number> {
    const found = new Set<number>();
    const runs = runBoxes(line);
    for (let at = 0; at < runs.length; at += 4) {
      const [from, to] = [this.column(runs[at] as number), this.column(runs[at + 2] as number)];
      const last = this.row(runs[at + 3] as number);
      for (let row = this.row(runs[at + 1] as number); row <= last; row++)
        for (let column = from; column <= to; column++) found.add(row * this.columns + column);
    }
    return found;
  }
}

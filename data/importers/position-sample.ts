const MAX_KEPT = 2048;

/**
 * Positions of a layer to judge its reference system by: evenly over the whole file whatever its size, and the outermost of
 * each side, so that a single one far off is seen.
 */
export class PositionSample {
  #kept: (readonly [number, number])[] = [];
  #stride = 1;
  #seen = 0;
  readonly #outermost: (readonly [number, number] | undefined)[] = [undefined, undefined, undefined, undefined];

  /** @param coordinates GeoJSON nesting, unchecked */
  add(coordinates: unknown): void {
    if (!Array.isArray(coordinates)) return;
    // Depth is bounded by the readers; a loop over the first and last of each list would miss holes and parts.
    const [x, y] = coordinates;
    if (typeof x === "number" || typeof y === "number") {
      // Where nobody wrote a position, not where the layer lies.
      if (x === 0 && y === 0) return;
      if (Number.isFinite(x) && Number.isFinite(y)) this.#take(x as number, y as number);
      return;
    }
    for (const inner of coordinates) this.add(inner);
  }

  #take(x: number, y: number): void {
    if (this.#seen++ % this.#stride === 0) {
      this.#kept.push([x, y]);
      if (this.#kept.length > MAX_KEPT) {
        this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
        this.#stride *= 2;
      }
    }
    const [west, south, east, north] = this.#outermost;
    if (!west || x < west[0]) this.#outermost[0] = [x, y];
    if (!south || y < south[1]) this.#outermost[1] = [x, y];
    if (!east || x > east[0]) this.#outermost[2] = [x, y];
    if (!north || y > north[1]) this.#outermost[3] = [x, y];
  }

  /** Positions seen in all. */
  get count(): number {
    return this.#seen;
  }

  positions(): (readonly [number, number])[] {
    return [...this.#kept, ...this.#outermost.flatMap((position) => (position ? [position] : []))];
  }
}

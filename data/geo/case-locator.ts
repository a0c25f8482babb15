import type { LocatableArea, LocateHit } from "./locate-index.ts";
import { LocateIndex } from "./locate-index.ts";

/** Areas that cases are placed in. */
export interface CaseAreas {
  /** Codes; the indices of hits point here. */
  readonly codes: readonly string[];
  /** Looks up a point given in degrees; it is snapped to the lattice first. */
  locate(lon: number, lat: number): LocateHit;
}

const GRID_DIGITS = 15;

/**
 * Who owns the place of a case: the rule of `locateInCounty` (the single write) in memory. The lowest code among the grids
 * that hold it, within that grid its micro-grid; where no grid holds it, the deepest area that does. It lies on a border
 * when it is exactly on the line of a grid and another holds it too.
 */
export class CaseLocator implements CaseAreas {
  readonly codes: readonly string[];
  readonly #lowest: LocateIndex;
  readonly #upper: LocateIndex;
  /** Grids that have micro-grids: a point may lie in such a one and in none of these. */
  readonly #hasMicro: boolean;

  /**
   * @param lowest areas that hold no other
   * @param upper the others, the county's own among them
   */
  constructor(lowest: readonly LocatableArea[], upper: readonly LocatableArea[]) {
    this.#lowest = new LocateIndex(lowest);
    this.#upper = new LocateIndex(upper);
    this.codes = [...this.#lowest.codes, ...this.#upper.codes];
    this.#hasMicro = lowest.some(({ code }) => code.length > GRID_DIGITS);
  }

  locate(lon: number, lat: number): LocateHit {
    const hit = this.#lowest.locate(lon, lat);
    const first = hit.owners.find((owner) => this.#isGrid(owner));
    // Nearly every place: codes are in order, so the first grid is the lowest.
    if (first !== undefined && !this.#hasMicro) return { ...hit, owner: first };
    const around = this.#upper.locate(lon, lat).owners.map((owner) => owner + this.#lowest.codes.length);
    const owner = this.#ownerOf([...hit.owners, ...around]);
    return { owner, owners: hit.owners.length > 0 || owner < 0 ? hit.owners : [owner], border: hit.border };
  }

  #isGrid(owner: number): boolean {
    return (this.codes[owner] ?? "").length >= GRID_DIGITS;
  }

  #ownerOf(holding: readonly number[]): number {
    const code = (owner: number): string => this.codes[owner] ?? "";
    const least = (owners: readonly number[]): number | undefined =>
      owners.reduce<number | undefined>(
        (best, one) => (best === undefined || code(one) < code(best) ? one : best),
        undefined,
      );
    const grids = holding.filter((owner) => this.#isGrid(owner));
    const grid = least(grids);
    if (grid !== undefined) {
      const inIt = grids.filter((owner) => code(owner).startsWith(code(grid).slice(0, GRID_DIGITS)));
      return least(inIt.filter((owner) => code(owner).length > GRID_DIGITS)) ?? grid;
    }
    const deepest = Math.max(...holding.map((owner) => code(owner).length));
    return least(holding.filter((owner) => code(owner).length === deepest)) ?? -1;
  }
}

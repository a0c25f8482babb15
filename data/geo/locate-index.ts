import { orient2d } from "robust-predicates";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { toLattice } from "../model/geometry.ts";

/** An area that points are looked up in. */
export interface LocatableArea {
  readonly code: string;
  readonly geometry: MultiPolygonRings;
}

export interface LocateHit {
  /** Index into `LocateIndex.codes` of the owner: the lowest code among `owners`; -1 outside every area. */
  readonly owner: number;
  /** Indices of all areas that hold the point, inside or on their line, in order of code. */
  readonly owners: readonly number[];
  /** True when the point lies exactly on the line of an area and more than one area holds it (data rule 4). */
  readonly border: boolean;
}

const OUTSIDE: LocateHit = { owner: -1, owners: [], border: false };
const NO = 0;
const INSIDE = 1;
const ON_LINE = 2;
/** Candidates are stored as `area << 1 | covers`, `covers` meaning that the whole cell lies inside the area. */
const COVERS = 1;

/**
 * Finds the areas that a point falls in: a raster of candidate areas over the extent, then an exact test over the edges
 * of the point's raster row. Everything is in lattice units (1e-7 degree) held in flat typed arrays, so that memory is
 * about 16 bytes an edge and row it crosses. `orient2d` decides by exact arithmetic: no tolerance anywhere, so areas
 * that share a border on the lattice never both miss nor both claim a point beside it.
 *
 * Areas may overlap or leave gaps; rings of one area are combined by the even-odd rule.
 */
export class LocateIndex {
  /** Codes in COLLATE "C" order; results are indices into it. */
  readonly codes: readonly string[];
  readonly #west: number;
  readonly #south: number;
  readonly #cellWidth: number;
  readonly #cellHeight: number;
  readonly #columns: number;
  readonly #rows: number;
  /** x1, y1, x2, y2 of each edge. */
  readonly #edges: Float64Array;
  /** CSR over area × row: edges of the area that touch the row. */
  readonly #edgeStart: Uint32Array;
  readonly #edgeList: Uint32Array;
  /** CSR over cells: candidates. */
  readonly #cellStart: Uint32Array;
  readonly #cellList: Uint32Array;

  /**
   * @param areas any order; geometry in WGS 84 lon/lat degrees, snapped to the lattice here
   * @param cellsAcross raster cells along the longer side; absent = eight times the square root of the areas, at most 512
   */
  constructor(areas: readonly LocatableArea[], cellsAcross = defaultCells(areas.length)) {
    const sorted = [...areas].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
    this.codes = sorted.map((area) => area.code);
    const { edges, firstEdge, extent } = collectEdges(sorted);
    const [west, south, east, north] = extent;
    const side = Math.max(east - west, north - south, 1) / cellsAcross;
    this.#west = west;
    this.#south = south;
    this.#cellWidth = side;
    this.#cellHeight = side;
    this.#columns = Math.max(1, Math.floor((east - west) / side) + 1);
    this.#rows = Math.max(1, Math.floor((north - south) / side) + 1);
    this.#edges = edges;
    [this.#edgeStart, this.#edgeList] = this.#bucketEdges(sorted.length, firstEdge);
    [this.#cellStart, this.#cellList] = this.#rasterise(sorted.length, firstEdge);
  }

  /** Looks up a point given in degrees; it is snapped to the lattice first. */
  locate(lon: number, lat: number): LocateHit {
    return this.locateLattice(toLattice(lon), toLattice(lat));
  }

  /** Looks up a point given in lattice units. */
  locateLattice(x: number, y: number): LocateHit {
    const column = Math.floor((x - this.#west) / this.#cellWidth);
    const row = Math.floor((y - this.#south) / this.#cellHeight);
    if (column < 0 || row < 0 || column >= this.#columns || row >= this.#rows) return OUTSIDE;
    const cell = row * this.#columns + column;
    const owners: number[] = [];
    let onLine = false;
    for (let i = this.#cellStart[cell] as number; i < (this.#cellStart[cell + 1] as number); i++) {
      const candidate = this.#cellList[i] as number;
      const area = candidate >>> 1;
      const side = candidate & COVERS ? INSIDE : this.#test(area, row, x, y);
      if (side === NO) continue;
      owners.push(area);
      if (side === ON_LINE) onLine = true;
    }
    if (owners.length === 0) return OUTSIDE;
    return { owner: owners[0] as number, owners, border: onLine && owners.length > 1 };
  }

  /** Even-odd ray cast towards east over the area's edges in one raster row. */
  #test(area: number, row: number, x: number, y: number): number {
    const slot = area * this.#rows + row;
    let inside = false;
    for (let i = this.#edgeStart[slot] as number; i < (this.#edgeStart[slot + 1] as number); i++) {
      const at = (this.#edgeList[i] as number) * 4;
      const x1 = this.#edges[at] as number;
      const y1 = this.#edges[at + 1] as number;
      const x2 = this.#edges[at + 2] as number;
      const y2 = this.#edges[at + 3] as number;
      if (y < Math.min(y1, y2) || y > Math.max(y1, y2) || x > Math.max(x1, x2)) continue;
      // Positive when the point lies to the right of the edge as seen from its start (orient2d has y downwards).
      const turn = orient2d(x1, y1, x2, y2, x, y);
      if (turn === 0 && x >= Math.min(x1, x2)) return ON_LINE;
      if (y1 > y !== y2 > y && turn < 0 === y2 > y1) inside = !inside;
    }
    return inside ? INSIDE : NO;
  }

  /** Rows of the raster that an edge touches, both included; the same rounding as that of a point's row. */
  #rowSpan(edge: number): readonly [number, number] {
    const y1 = this.#edges[edge * 4 + 1] as number;
    const y2 = this.#edges[edge * 4 + 3] as number;
    return [this.#clampRow(Math.min(y1, y2)), this.#clampRow(Math.max(y1, y2))];
  }

  #clampRow(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.#south) / this.#cellHeight)));
  }

  #clampColumn(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#west) / this.#cellWidth)));
  }

  #bucketEdges(areaCount: number, firstEdge: Uint32Array): [Uint32Array, Uint32Array] {
    const start = new Uint32Array(areaCount * this.#rows + 1);
    this.#eachEdgeRow(areaCount, firstEdge, (slot) => {
      start[slot + 1] = (start[slot + 1] as number) + 1;
    });
    for (let i = 1; i < start.length; i++) start[i] = (start[i] as number) + (start[i - 1] as number);
    const list = new Uint32Array(start[start.length - 1] as number);
    const next = start.slice();
    this.#eachEdgeRow(areaCount, firstEdge, (slot, edge) => {
      list[next[slot] as number] = edge;
      next[slot] = (next[slot] as number) + 1;
    });
    return [start, list];
  }

  #eachEdgeRow(areaCount: number, firstEdge: Uint32Array, visit: (slot: number, edge: number) => void): void {
    for (let area = 0; area < areaCount; area++) {
      for (let edge = firstEdge[area] as number; edge < (firstEdge[area + 1] as number); edge++) {
        const [low, high] = this.#rowSpan(edge);
        for (let row = low; row <= high; row++) visit(area * this.#rows + row, edge);
      }
    }
  }

  /**
   * Marks, area by area, the cells its edges may touch; the runs of cells between them lie wholly inside or outside,
   * which one exact test at a cell's centre decides.
   */
  #rasterise(areaCount: number, firstEdge: Uint32Array): [Uint32Array, Uint32Array] {
    const cells: number[] = [];
    const candidates: number[] = [];
    const touched = new Uint8Array(this.#columns);
    for (let area = 0; area < areaCount; area++) {
      if (firstEdge[area] === firstEdge[area + 1]) continue;
      const [low, high] = this.#areaRows(area, firstEdge);
      for (let row = low; row <= high; row++) {
        touched.fill(0);
        const slot = area * this.#rows + row;
        let first = this.#columns;
        let last = -1;
        for (let i = this.#edgeStart[slot] as number; i < (this.#edgeStart[slot + 1] as number); i++) {
          const [from, to] = this.#columnSpan(this.#edgeList[i] as number, row);
          touched.fill(1, from, to + 1);
          first = Math.min(first, from);
          last = Math.max(last, to);
        }
        const y = this.#south + (row + 0.5) * this.#cellHeight;
        for (let column = first; column <= last; column++) {
          if (touched[column]) {
            cells.push(row * this.#columns + column);
            candidates.push(area << 1);
            continue;
          }
          const runStart = column;
          while (column + 1 <= last && !touched[column + 1]) column++;
          const x = this.#west + (runStart + 0.5) * this.#cellWidth;
          if (this.#test(area, row, x, y) === NO) continue;
          for (let run = runStart; run <= column; run++) {
            cells.push(row * this.#columns + run);
            candidates.push((area << 1) | COVERS);
          }
        }
      }
    }
    return compressRows(cells, candidates, this.#columns * this.#rows);
  }

  #areaRows(area: number, firstEdge: Uint32Array): readonly [number, number] {
    let low = this.#rows;
    let high = -1;
    for (let edge = firstEdge[area] as number; edge < (firstEdge[area + 1] as number); edge++) {
      const [from, to] = this.#rowSpan(edge);
      low = Math.min(low, from);
      high = Math.max(high, to);
    }
    return [low, high];
  }

  /** Columns that an edge may touch within a row, widened by one cell so that rounding cannot lose a touch. */
  #columnSpan(edge: number, row: number): readonly [number, number] {
    const at = edge * 4;
    const x1 = this.#edges[at] as number;
    const y1 = this.#edges[at + 1] as number;
    const x2 = this.#edges[at + 2] as number;
    const y2 = this.#edges[at + 3] as number;
    let west = Math.min(x1, x2);
    let east = Math.max(x1, x2);
    if (y1 !== y2) {
      const bottom = Math.max(Math.min(y1, y2), this.#south + row * this.#cellHeight);
      const top = Math.min(Math.max(y1, y2), this.#south + (row + 1) * this.#cellHeight);
      const atBottom = x1 + ((bottom - y1) / (y2 - y1)) * (x2 - x1);
      const atTop = x1 + ((top - y1) / (y2 - y1)) * (x2 - x1);
      west = Math.max(west, Math.min(atBottom, atTop));
      east = Math.min(east, Math.max(atBottom, atTop));
    }
    return [this.#clampColumn(west - this.#cellWidth * 0.01), this.#clampColumn(east + this.#cellWidth * 0.01)];
  }
}

const defaultCells = (areas: number): number => Math.min(512, Math.max(16, Math.ceil(8 * Math.sqrt(areas))));

function collectEdges(areas: readonly LocatableArea[]): {
  readonly edges: Float64Array;
  readonly firstEdge: Uint32Array;
  readonly extent: readonly [number, number, number, number];
} {
  const flat: number[] = [];
  const firstEdge = new Uint32Array(areas.length + 1);
  let west = Number.POSITIVE_INFINITY;
  let south = Number.POSITIVE_INFINITY;
  let east = Number.NEGATIVE_INFINITY;
  let north = Number.NEGATIVE_INFINITY;
  for (const [index, area] of areas.entries()) {
    for (const polygon of area.geometry) {
      for (const ring of polygon) {
        for (let i = 0; i + 1 < ring.length; i++) {
          const [lon1, lat1] = ring[i] as LonLat;
          const [lon2, lat2] = ring[i + 1] as LonLat;
          const x1 = toLattice(lon1);
          const y1 = toLattice(lat1);
          const x2 = toLattice(lon2);
          const y2 = toLattice(lat2);
          if (x1 === x2 && y1 === y2) continue;
          flat.push(x1, y1, x2, y2);
          west = Math.min(west, x1);
          east = Math.max(east, x1);
          south = Math.min(south, y1);
          north = Math.max(north, y1);
        }
      }
    }
    firstEdge[index + 1] = flat.length / 4;
  }
  const extent = flat.length === 0 ? ([0, 0, 0, 0] as const) : ([west, south, east, north] as const);
  return { edges: Float64Array.from(flat), firstEdge, extent };
}

/** Pairs (cell, candidate), ordered by area, to compressed rows; the order within a cell stays that of the areas. */
function compressRows(
  cells: readonly number[],
  candidates: readonly number[],
  count: number,
): [Uint32Array, Uint32Array] {
  const start = new Uint32Array(count + 1);
  for (const cell of cells) start[cell + 1] = (start[cell + 1] as number) + 1;
  for (let i = 1; i <= count; i++) start[i] = (start[i] as number) + (start[i - 1] as number);
  const next = start.slice();
  const list = new Uint32Array(cells.length);
  for (const [i, cell] of cells.entries()) {
    const at = next[cell] as number;
    list[at] = candidates[i] as number;
    next[cell] = at + 1;
  }
  return [start, list];
}

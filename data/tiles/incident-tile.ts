import { type IncidentColumns, isLateRow, STATE_ENDED } from "../columns/incident-columns.ts";
import type { RowFilter } from "../columns/select.ts";
import { cellLayer, newCounts, TileCells } from "./cell-tile.ts";
import { encodeTile, type Room } from "./mvt-writer.ts";
import { INCIDENT_LAYER, incidentPoints } from "./point-tile.ts";
import { boxOfTile, holds, type TileId } from "./tile-math.ts";

/** Calls back for every row that is to be seen. */
export type RowVisitor = (look: (row: number) => void) => void;

/** Rows of all that lie in a tile. */
export function rowsInTile({ lon, lat }: IncidentColumns, visit: RowVisitor, tile: TileId): Uint32Array {
  const box = boxOfTile(tile);
  const rows: number[] = [];
  visit((row) => {
    if (holds(box, lon[row] as number, lat[row] as number)) rows.push(row);
  });
  return Uint32Array.from(rows);
}

/** Row numbers that `rowsHeld` writes into, used by one tile after the other. */
let held = new Uint32Array(4096);

/** Rows that a filter of these columns holds, in the order that they have there; good until the next call. */
export function rowsHeld({ rows }: IncidentColumns, filter: RowFilter): Uint32Array {
  if (held.length < rows) held = new Uint32Array(rows * 2);
  let count = 0;
  for (let row = 0; row < rows; row++) if (filter.holdsAnywhere(row)) held[count++] = row;
  return held.subarray(0, count);
}

/**
 * A tile of cases as points.
 *
 * @param rows those that lie in it and may be told of
 * @param asOf instant to judge lateness at, epoch seconds
 * @param room memory for the bytes; absent = memory of its own
 */
export const pointsTile = (
  columns: IncidentColumns,
  rows: Uint32Array,
  tile: TileId,
  asOf: number,
  room?: Room,
): Uint8Array => encodeTile([incidentPoints(columns, rows, tile, asOf)], room);

/** A tile of cases as counts of cells: `count`, `open`, `late`. @param visit rows that may be told of, wherever they lie */
export function countsTile(columns: IncidentColumns, visit: RowVisitor, tile: TileId, asOf: number): Uint8Array {
  const counted = new CountedCells(tile);
  const { lon, lat, state } = columns;
  visit((row) =>
    counted.add(
      lon[row] as number,
      lat[row] as number,
      !STATE_ENDED[state[row] as number],
      isLateRow(columns, row, asOf),
    ),
  );
  return counted.encode();
}

/** Counts of a tile of cases while they are added up. */
export class CountedCells {
  readonly #cells: TileCells;
  readonly #count = newCounts();
  readonly #open = newCounts();
  readonly #late = newCounts();

  constructor(tile: TileId) {
    this.#cells = new TileCells(tile);
  }

  /** Adds a case where it lies in the tile. @param lon, lat 1e-7 degree */
  add(lon: number, lat: number, open: boolean, late: boolean): void {
    if (!holds(this.#cells.box, lon, lat)) return;
    const cell = this.#cells.cellOf(lon, lat);
    this.#count[cell] = (this.#count[cell] as number) + 1;
    if (open) this.#open[cell] = (this.#open[cell] as number) + 1;
    if (late) this.#late[cell] = (this.#late[cell] as number) + 1;
  }

  encode(): Uint8Array {
    return encodeTile([cellLayer(INCIDENT_LAYER, { count: this.#count, open: this.#open, late: this.#late })]);
  }
}

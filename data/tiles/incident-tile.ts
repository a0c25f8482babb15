import { type IncidentColumns, isLateRow, STATE_ENDED } from "../columns/incident-columns.ts";
import { cellLayer, newCounts, TileCells } from "./cell-tile.ts";
import { encodeTile } from "./mvt-writer.ts";
import { INCIDENT_LAYER, incidentPoints } from "./point-tile.ts";
import { boxOfTile, holds, POINTS_FROM_ZOOM, type TileId } from "./tile-math.ts";

/** Calls back for every row that may lie in the tile and is to be seen. */
export type RowVisitor = (look: (row: number) => void) => void;

/**
 * The tile of cases: points from zoom 12 on, counts of cells (`count`, `open`, `late`) before.
 *
 * @param visit rows that may be told of; those outside the tile are left out here
 * @param asOf instant to judge lateness at, epoch seconds
 */
export function incidentTile(columns: IncidentColumns, visit: RowVisitor, tile: TileId, asOf: number): Uint8Array {
  if (tile.z >= POINTS_FROM_ZOOM) {
    const box = boxOfTile(tile);
    const { lon, lat } = columns;
    const rows: number[] = [];
    visit((row) => {
      if (holds(box, lon[row] as number, lat[row] as number)) rows.push(row);
    });
    return encodeTile([incidentPoints(columns, Uint32Array.from(rows), tile, asOf)]);
  }
  const counted = new CountedCells(tile);
  visit((row) =>
    counted.add(
      columns.lon[row] as number,
      columns.lat[row] as number,
      !STATE_ENDED[columns.state[row] as number],
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

import { FEATURE_TAG, LayerWriter } from "./mvt-writer.ts";
import { writePoint } from "./point-tile.ts";
import { boxOfTile, EXTENT, type LatticeBox, northOfRow, type TileId } from "./tile-math.ts";

/** Cells across a tile; one is as large as a tile seven zooms closer, so counts of a tile are sums of the closer ones. */
export const TILE_CELLS = 128;
const CELL_ZOOMS = 7;
const CELL_UNITS = EXTENT / TILE_CELLS;
/** Steps of the table that finds the row of a latitude; a step spans less than a cell. */
const STEPS = 1024;

/** Finds the cell of each position of a tile without a logarithm. */
export class TileCells {
  readonly box: LatticeBox;
  readonly #norths: Float64Array;
  readonly #rowAtStep: Uint8Array;
  readonly #stepScale: number;
  readonly #xScale: number;
  readonly #firstColumn: number;

  constructor(readonly tile: TileId) {
    const { z, x, y } = tile;
    this.box = boxOfTile(tile);
    const zoom = z + CELL_ZOOMS;
    this.#norths = Float64Array.from({ length: TILE_CELLS + 1 }, (_, row) => northOfRow(zoom, y * TILE_CELLS + row));
    const { south, north } = this.box;
    this.#stepScale = STEPS / (north - south);
    // The row at the southern end of each step: going north from there is a matter of very few comparisons.
    this.#rowAtStep = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
      const lat = south + step / this.#stepScale;
      let row = TILE_CELLS - 1;
      while (row > 0 && (this.#norths[row] as number) <= lat) row--;
      return row;
    });
    this.#xScale = 2 ** zoom / 3.6e9;
    this.#firstColumn = x * TILE_CELLS;
  }

  /** Number of the cell, row by row from the north-west corner. @param lon, lat 1e-7 degree, within the tile */
  cellOf(lon: number, lat: number): number {
    let row = this.#rowAtStep[((lat - this.box.south) * this.#stepScale) | 0] as number;
    while ((this.#norths[row] as number) <= lat) row--;
    while ((this.#norths[row + 1] as number) > lat) row++;
    const column = (((lon + 1.8e9) * this.#xScale) | 0) - this.#firstColumn;
    return row * TILE_CELLS + column;
  }
}

/** Counts of a tile's cells, by names of attributes; all of `TILE_CELLS`² numbers. */
export type CellCounts = Readonly<Record<string, Uint32Array>>;

export const newCounts = (): Uint32Array => new Uint32Array(TILE_CELLS * TILE_CELLS);

/**
 * Counts as points in the middle of their cells, row by row; cells without any `count` are left out.
 *
 * @param counts must have `count`; the others are attributes of the same cells
 */
export function cellLayer(name: string, counts: CellCounts): LayerWriter {
  const layer = new LayerWriter(name, 256);
  const fields = Object.entries(counts).map(([field, numbers]) => ({ key: layer.key(field), numbers }));
  const total = counts["count"] ?? newCounts();
  const out = layer.features;
  for (let cell = 0; cell < total.length; cell++) {
    if (total[cell] === 0) continue;
    const at = layer.startShort();
    out.byte(FEATURE_TAG.tags);
    const tagsAt = out.size++;
    for (const { key, numbers } of fields) {
      out.varint(key);
      out.varint(layer.number(numbers[cell] as number));
    }
    out.bytes[tagsAt] = out.size - tagsAt - 1;
    const [row, column] = [Math.floor(cell / TILE_CELLS), cell % TILE_CELLS];
    writePoint(layer, column * CELL_UNITS + CELL_UNITS / 2, row * CELL_UNITS + CELL_UNITS / 2);
    layer.endShort(at);
  }
  return layer;
}

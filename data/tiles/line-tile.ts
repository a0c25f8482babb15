import {
  boxAround,
  lineInTile,
  MARGIN,
  reaches,
  type TileArea,
  type WorldBox,
  writeFeature,
  writePolygons,
} from "./area-tile.ts";
import { clipLine } from "./clip.ts";
import { ByteWriter, LayerWriter, zigzag } from "./mvt-writer.ts";
import type { WeighedLine } from "./shared-lines.ts";
import { EXTENT, type TileId } from "./tile-math.ts";

/** Lines of one thing as tiles carry them. */
export interface TileLines {
  readonly lines: readonly WeighedLine[];
  readonly box: WorldBox;
  readonly properties: TileArea["properties"];
}

/** Lines with their box. */
export const tileLines = (lines: readonly WeighedLine[], properties: TileArea["properties"]): TileLines => ({
  lines,
  box: boxAround(lines),
  properties,
});

/** What a layer of lines and polygons is made of. */
export type TileShape = TileLines | TileArea;

/** Writes lines as MVT commands: per piece one MoveTo, then LineTo. @returns false for none */
function writeLines(out: ByteWriter, lines: readonly WeighedLine[], tile: TileId): boolean {
  let [penX, penY] = [0, 0];
  let any = false;
  for (const line of lines) {
    for (const piece of clipLine(lineInTile(line, tile), -MARGIN, EXTENT + MARGIN)) {
      const corners = piece.length / 2;
      for (let n = 0; n < corners; n++) {
        if (n === 0) out.varint((1 << 3) | 1);
        if (n === 1) out.varint(((corners - 1) << 3) | 2);
        const [x, y] = [piece[n * 2] as number, piece[n * 2 + 1] as number];
        out.varint(zigzag(x - penX));
        out.varint(zigzag(y - penY));
        [penX, penY] = [x, y];
      }
      any = true;
    }
  }
  return any;
}

/** Lines and polygons that reach into a tile as a layer, in the order given. */
export function shapeLayer(name: string, shapes: Iterable<TileShape>, tile: TileId): LayerWriter {
  const layer = new LayerWriter(name, 64);
  const seen = reaches(tile);
  for (const shape of shapes) {
    if (!seen(shape.box)) continue;
    const geometry = new ByteWriter(256);
    if ("lines" in shape) {
      if (writeLines(geometry, shape.lines, tile)) writeFeature(layer, "line", geometry, shape.properties);
    } else if (writePolygons(geometry, shape.polygons, tile))
      writeFeature(layer, "polygon", geometry, shape.properties);
  }
  return layer;
}

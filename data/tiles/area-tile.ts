import { clipRing, doubleArea, type FlatLine } from "./clip.ts";
import { ByteWriter, FEATURE_TAG, GEOMETRY_TYPE, LayerWriter, type TileValue, zigzag } from "./mvt-writer.ts";
import type { WeighedLine, WeighedPolygons, WeighedRing } from "./shared-lines.ts";
import { EXTENT, type TileId } from "./tile-math.ts";

/** Units around a tile within which polygons go on, so that outlines drawn along the cut stay out of sight. */
export const MARGIN = 64;
/** Vertices that move a line by less than this many units are left out: an eighth of a pixel of a 512-pixel tile. */
const TOLERANCE = 1;

/** Box in Web Mercator positions 0 … 1. */
export type WorldBox = readonly [west: number, north: number, east: number, south: number];

/** An area as tiles carry it. */
export interface TileArea {
  readonly polygons: WeighedPolygons;
  readonly box: WorldBox;
  readonly properties: Readonly<Record<string, TileValue>>;
}

/** Box around lines. */
export function boxAround(lines: Iterable<WeighedLine>): WorldBox {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { world } of lines) {
    for (let i = 0; i < world.length; i += 2) {
      const [x, y] = [world[i] as number, world[i + 1] as number];
      west = Math.min(west, x);
      east = Math.max(east, x);
      north = Math.min(north, y);
      south = Math.max(south, y);
    }
  }
  return [west, north, east, south];
}

/** An area with its box. */
export const tileArea = (polygons: WeighedPolygons, properties: TileArea["properties"]): TileArea => ({
  polygons,
  box: boxAround(polygons.flatMap(([exterior]) => exterior ?? [])),
  properties,
});

/** A line in the units of a tile, thinned out for its zoom. */
export function lineInTile({ world, weight }: WeighedLine, { z, x, y }: TileId): number[] {
  const scale = EXTENT * 2 ** z;
  const [left, top] = [x * EXTENT, y * EXTENT];
  const points: number[] = [];
  for (let i = 0; i < weight.length; i++) {
    if ((weight[i] as number) * scale < TOLERANCE) continue;
    // Rounded on the lattice of the whole zoom: every tile gets the same place.
    const px = Math.round((world[i * 2] as number) * scale) - left;
    const py = Math.round((world[i * 2 + 1] as number) * scale) - top;
    if (points.at(-2) !== px || points.at(-1) !== py) points.push(px, py);
  }
  return points;
}

/** A ring in the units of a tile, cut to it; empty when nothing of it can be seen. */
function ringInTile(ring: WeighedRing, tile: TileId): FlatLine {
  const points = lineInTile(ring, tile);
  if (points[0] === points.at(-2) && points[1] === points.at(-1)) points.length -= 2;
  return points.length < 6 ? [] : clipRing(points, -MARGIN, EXTENT + MARGIN);
}

/** Writes rings as MVT commands: exterior rings clockwise on screen, holes the other way. @returns false for none */
export function writePolygons(out: ByteWriter, polygons: WeighedPolygons, tile: TileId): boolean {
  let [penX, penY] = [0, 0];
  const write = (ring: FlatLine, clockwise: boolean): void => {
    const reverse = doubleArea(ring) > 0 !== clockwise;
    const corners = ring.length / 2;
    const move = (n: number): void => {
      const at = 2 * (reverse ? (corners - n) % corners : n);
      out.varint(zigzag((ring[at] as number) - penX));
      out.varint(zigzag((ring[at + 1] as number) - penY));
      [penX, penY] = [ring[at] as number, ring[at + 1] as number];
    };
    out.varint((1 << 3) | 1);
    move(0);
    out.varint(((corners - 1) << 3) | 2);
    for (let n = 1; n < corners; n++) move(n);
    out.varint((1 << 3) | 7);
  };
  let any = false;
  for (const [exterior, ...holes] of polygons) {
    const ring = exterior ? ringInTile(exterior, tile) : [];
    // A ring without area is no polygon; nothing of it is seen at this zoom.
    if (doubleArea(ring) === 0) continue;
    write(ring, true);
    any = true;
    for (const hole of holes) {
      const cut = ringInTile(hole, tile);
      if (doubleArea(cut) !== 0) write(cut, false);
    }
  }
  return any;
}

/** Says of boxes whether they reach into a tile or its margin. */
export function reaches({ z, x, y }: TileId): (box: WorldBox) => boolean {
  const size = 2 ** -z;
  const margin = (size * MARGIN) / EXTENT;
  const [west, north] = [x * size - margin, y * size - margin];
  const [east, south] = [(x + 1) * size + margin, (y + 1) * size + margin];
  return (box) => box[0] <= east && box[2] >= west && box[1] <= south && box[3] >= north;
}

/** Writes a feature with its attributes into a layer. */
export function writeFeature(
  layer: LayerWriter,
  type: keyof typeof GEOMETRY_TYPE,
  geometry: ByteWriter,
  properties: TileArea["properties"],
): void {
  const tags = new ByteWriter(64);
  for (const [key, value] of Object.entries(properties)) {
    tags.varint(layer.key(key));
    tags.varint(layer.value(value));
  }
  const message = new ByteWriter(geometry.size + tags.size + 24);
  message.field(FEATURE_TAG.tags, tags.written());
  message.byte(FEATURE_TAG.type);
  message.byte(GEOMETRY_TYPE[type]);
  message.field(FEATURE_TAG.geometry, geometry.written());
  layer.feature(message.written());
}

/** Areas that reach into a tile as a layer, in the order given. */
export function areaLayer(name: string, areas: Iterable<TileArea>, tile: TileId): LayerWriter {
  const layer = new LayerWriter(name, 64);
  const seen = reaches(tile);
  for (const { polygons, box, properties } of areas) {
    if (!seen(box)) continue;
    const geometry = new ByteWriter(256);
    if (writePolygons(geometry, polygons, tile)) writeFeature(layer, "polygon", geometry, properties);
  }
  return layer;
}

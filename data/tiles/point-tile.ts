import { NULL_TIME } from "../columns/format.ts";
import { FLAG, type IncidentColumns, isLateRow, NO_GRID } from "../columns/incident-columns.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../model/incident.ts";
import { type ByteWriter, FEATURE, FEATURE_TAG, GEOMETRY_TYPE, LayerWriter, type TileValue } from "./mvt-writer.ts";
import { rowsByRef } from "./rows-by-ref.ts";
import { boxOfTile, EXTENT, type LatticeBox, type TileId, worldY } from "./tile-math.ts";

/** Geometry command of one point: MoveTo (1), once. */
const MOVE_TO_ONCE = (1 << 3) | 1;

/** Positions of a tile's points in its own units, 0 … 4095 from the north-west corner; x and y alternate. */
export class TileProjection {
  readonly box: LatticeBox;
  readonly #x0: number;
  readonly #xScale: number;
  readonly #yScale: number;
  readonly #c0: number;
  readonly #c1: number;
  readonly #c2: number;
  readonly #c3: number;
  readonly #c4: number;
  readonly #middle: number;
  readonly #half: number;

  constructor(readonly tile: TileId) {
    const { z, x, y } = tile;
    this.box = boxOfTile(tile);
    this.#xScale = (EXTENT * 2 ** z) / 3.6e9;
    this.#x0 = x * EXTENT;
    this.#yScale = EXTENT * 2 ** z;
    // Mercator's y over the tile's latitudes as a polynomial through five of them: a logarithm per point would cost more
    // than all the rest. From zoom 12 on it is within 1e-6 units of the true value.
    const { south, north } = this.box;
    this.#middle = (south + north) / 2;
    this.#half = (north - south) / 2;
    const at = (t: number): number => worldY(this.#middle + t * this.#half) * this.#yScale - y * EXTENT;
    const [a, b, c, d, e] = [at(-1), at(-0.5), at(0), at(0.5), at(1)];
    // Newton's divided differences turned into powers of t, −1 … 1 from south to north.
    const even2 = (a + e) / 2 - c;
    const even1 = (b + d) / 2 - c;
    const odd2 = (e - a) / 2;
    const odd1 = (d - b) / 2;
    this.#c0 = c;
    this.#c1 = (8 * odd1 - odd2) / 3;
    this.#c2 = (16 * even1 - even2) / 3;
    this.#c3 = (4 * odd2 - 8 * odd1) / 3;
    this.#c4 = (4 * even2 - 16 * even1) / 3;
  }

  /** @param lon 1e-7 degree, within the tile */
  x(lon: number): number {
    const units = ((lon + 1.8e9) * this.#xScale - this.#x0) | 0;
    return units < 0 ? 0 : units >= EXTENT ? EXTENT - 1 : units;
  }

  /** @param lat 1e-7 degree, within the tile */
  y(lat: number): number {
    const t = (lat - this.#middle) / this.#half;
    const units = (this.#c0 + t * (this.#c1 + t * (this.#c2 + t * (this.#c3 + t * this.#c4)))) | 0;
    return units < 0 ? 0 : units >= EXTENT ? EXTENT - 1 : units;
  }
}

/** Layer of a tile of cases. */
export const INCIDENT_LAYER = "incidents";

/** Names of the attributes of a case, in the order in which they are written. */
const FIELDS = [
  "ref",
  "class",
  "state",
  "severity",
  "source",
  "opened",
  "closed",
  "due",
  "late",
  "suspicious",
  "area",
] as const;

/** Values of a list as indexes of a layer's dictionary, looked up once each. */
class ListIndex {
  readonly #known: Int32Array;

  constructor(
    readonly layer: LayerWriter,
    readonly values: readonly string[],
  ) {
    this.#known = new Int32Array(values.length).fill(-1);
  }

  of(index: number): number {
    const found = this.#known[index] as number;
    if (found >= 0) return found;
    const made = this.layer.text(this.values[index] ?? "");
    this.#known[index] = made;
    return made;
  }
}

/**
 * Cases of a tile as points, one feature each. Times are epoch seconds; what is absent (an open case's `closed`) is no
 * attribute. `late` is judged at `asOf` (epoch seconds).
 *
 * @param rows numbers of the rows that lie in the tile; the layer has them in order of `ref`, which is the feature's id
 */
export function incidentPoints(columns: IncidentColumns, rows: Uint32Array, tile: TileId, asOf: number): LayerWriter {
  const layer = new LayerWriter(INCIDENT_LAYER);
  const project = new TileProjection(tile);
  const classes = new ListIndex(layer, columns.classes);
  const states = new ListIndex(layer, INCIDENT_STATES);
  const severities = new ListIndex(layer, INCIDENT_SEVERITIES);
  const sources = new ListIndex(layer, INCIDENT_SOURCES);
  const areas = new ListIndex(layer, columns.grids);
  for (const field of FIELDS) layer.key(field);
  const out = layer.features;
  const ordered = rowsByRef(columns, rows);
  const { lon, lat, ref, opened, closed, due, flags, state, severity, source, classIndex, grid } = columns;
  const values = new Int32Array(FIELDS.length);
  // Numbers and times differ from case to case: a dictionary of them would be as long as the list of cases.
  for (let i = 0; i < ordered.length; i++) {
    const row = ordered[i] as number;
    const number = ref[row] as number;
    const ended = closed[row] as number;
    const deadline = due[row] as number;
    const area = grid[row] as number;
    values[0] = layer.unlikely(number);
    values[1] = classes.of(classIndex[row] as number);
    values[2] = states.of(state[row] as number);
    values[3] = severities.of(severity[row] as number);
    values[4] = sources.of(source[row] as number);
    values[5] = layer.unlikely(opened[row] as number);
    values[6] = ended === NULL_TIME ? -1 : layer.unlikely(ended);
    values[7] = deadline === NULL_TIME ? -1 : layer.unlikely(deadline);
    values[8] = layer.truth(isLateRow(columns, row, asOf));
    values[9] = layer.truth(((flags[row] as number) & FLAG.suspicious) !== 0);
    values[10] = area === NO_GRID ? -1 : areas.of(area);
    writeFeature(out, number, values, project.x(lon[row] as number), project.y(lat[row] as number));
  }
  layer.counted(ordered.length);
  return layer;
}

/** Writes a varint of less than 2^32 at a place. @returns the place after it */
function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let to = at;
  let rest = value;
  while (rest > 0x7f) {
    bytes[to++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[to++] = rest;
  return to;
}

/**
 * A point feature in one go: no message here is as long as 128 bytes, so each length is one byte.
 *
 * @param values indexes of the values of keys 0, 1, …; −1 = absent
 */
function writeFeature(out: ByteWriter, id: number, values: Int32Array, x: number, y: number): void {
  out.reserve(160);
  const { bytes, words, size: start } = out;
  bytes[start] = FEATURE;
  bytes[start + 2] = FEATURE_TAG.id;
  let at = putVarint(bytes, start + 3, id);
  bytes[at++] = FEATURE_TAG.tags;
  const tagsAt = at++;
  for (let key = 0; key < values.length; key++) {
    const value = values[key] as number;
    if (value < 0) continue;
    if (value < 0x80) {
      words.setUint16(at, key | (value << 8), true);
      at += 2;
    } else if (value < 0x4000) {
      words.setUint32(at, key | ((value & 0x7f) << 8) | 0x8000 | ((value >>> 7) << 16), true);
      at += 3;
    } else {
      bytes[at] = key;
      at = putVarint(bytes, at + 1, value);
    }
  }
  bytes[tagsAt] = at - tagsAt - 1;
  bytes[at++] = FEATURE_TAG.type;
  bytes[at++] = GEOMETRY_TYPE.point;
  bytes[at++] = FEATURE_TAG.geometry;
  const geometryAt = at++;
  bytes[at++] = MOVE_TO_ONCE;
  at = putVarint(bytes, at, x * 2);
  at = putVarint(bytes, at, y * 2);
  bytes[geometryAt] = at - geometryAt - 1;
  bytes[start + 1] = at - start - 2;
  out.size = at;
}

/** Type and geometry of a point feature: MoveTo once, from the tile's corner. */
export function writePoint({ features: out }: LayerWriter, x: number, y: number): void {
  out.bytes[out.size++] = FEATURE_TAG.type;
  out.bytes[out.size++] = GEOMETRY_TYPE.point;
  out.bytes[out.size++] = FEATURE_TAG.geometry;
  const geometryAt = out.size++;
  out.bytes[out.size++] = MOVE_TO_ONCE;
  out.varint(x * 2);
  out.varint(y * 2);
  out.bytes[geometryAt] = out.size - geometryAt - 1;
}

/** A point with attributes of any kind. @param lon, lat 1e-7 degree */
export interface TilePoint {
  readonly lon: number;
  readonly lat: number;
  readonly properties: Readonly<Record<string, TileValue>>;
}

/** Points with attributes as a layer, in the order given. @param points those that lie in the tile */
export function pointLayer(name: string, points: Iterable<TilePoint>, tile: TileId): LayerWriter {
  const layer = new LayerWriter(name, 256);
  const project = new TileProjection(tile);
  for (const { lon, lat, properties } of points) {
    const at = layer.startShort();
    const out = layer.features;
    out.byte(FEATURE_TAG.tags);
    const tagsAt = out.size++;
    for (const [key, value] of Object.entries(properties)) {
      out.varint(layer.key(key));
      out.varint(layer.value(value));
    }
    out.bytes[tagsAt] = out.size - tagsAt - 1;
    writePoint(layer, project.x(lon), project.y(lat));
    layer.endShort(at);
  }
  return layer;
}

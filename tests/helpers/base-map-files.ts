import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { encode as encodePng } from "fast-png";
import { writeArrayBuffer } from "geotiff";
import { zxyToTileId } from "pmtiles";
import type { TileId } from "../../data/tiles/tile-math.ts";

/** Colour of a place: red grows with longitude, green with latitude, a degree of which is the whole range. */
export const colourOf = (lon: number, lat: number): readonly [red: number, green: number, blue: number] => [
  (lon - Math.floor(lon)) * 255,
  (lat - Math.floor(lat)) * 255,
  90,
];

/** Box and size of the picture that `geotiffBytes` makes: a pixel is a thousandth of a degree. */
export const PICTURE = { west: 113.1, north: 40.5, width: 120, height: 90, pixel: 0.001 };

/** A GeoTIFF in degrees (EPSG:4326 or 4490) that has the colour of each place. */
export function geotiffBytes(epsg: number): Buffer {
  const { west, north, width, height, pixel } = PICTURE;
  const values = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      values.set(colourOf(west + (x + 0.5) * pixel, north - (y + 0.5) * pixel).map(Math.round), (y * width + x) * 3);
  return Buffer.from(
    writeArrayBuffer(values, {
      ...{ width, height, SamplesPerPixel: 3, PhotometricInterpretation: 2, BitsPerSample: [8, 8, 8] },
      ...{ ModelPixelScale: [pixel, pixel, 0], ModelTiepoint: [0, 0, 0, west, north, 0] },
      ...{ GTModelTypeGeoKey: 2, GeographicTypeGeoKey: epsg, GeogCitationGeoKey: "test" },
    }),
  );
}

/** Tile types of PMTiles. */
export const PMTILES_TYPE = { mvt: 1, png: 2 } as const;

/**
 * A PMTiles file of version 3 with nothing packed and one directory
 * (github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md).
 */
export function pmtilesBytes(
  tiles: readonly { readonly tile: TileId; readonly bytes: Uint8Array }[],
  type: number,
  [west, south, east, north]: readonly [number, number, number, number],
): Buffer {
  const entries = tiles
    .map(({ tile: { z, x, y }, bytes }) => ({ id: zxyToTileId(z, x, y), bytes }))
    .sort((a, b) => a.id - b.id);
  const directory: number[] = [];
  const varint = (value: number): void => {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) directory.push((rest % 128) | 0x80);
    directory.push(rest);
  };
  varint(entries.length);
  for (const [n, { id }] of entries.entries()) varint(id - (n === 0 ? 0 : (entries[n - 1]?.id ?? 0)));
  for (const _ of entries) varint(1);
  for (const { bytes } of entries) varint(bytes.length);
  let offset = 0;
  for (const { bytes } of entries) {
    varint(offset + 1);
    offset += bytes.length;
  }
  const metadata = Buffer.from("{}");
  const header = Buffer.alloc(127);
  header.write("PMTiles", 0, "latin1");
  header[7] = 3;
  const dataAt = 127 + directory.length + metadata.length;
  const numbers = [
    ...[127, directory.length, 127 + directory.length, metadata.length, dataAt, 0, dataAt, offset],
    ...[entries.length, entries.length, entries.length],
  ];
  for (const [n, value] of numbers.entries()) header.writeBigUInt64LE(BigInt(value), 8 + n * 8);
  const zooms = tiles.map(({ tile }) => tile.z);
  // Clustered; directories and tiles are not packed.
  header.set([1, 1, 1, type, Math.min(...zooms), Math.max(...zooms)], 96);
  for (const [n, degrees] of [west, south, east, north].entries())
    header.writeInt32LE(Math.round(degrees * 1e7), 102 + n * 4);
  header[118] = Math.min(...zooms);
  header.writeInt32LE(Math.round(((west + east) / 2) * 1e7), 119);
  header.writeInt32LE(Math.round(((south + north) / 2) * 1e7), 123);
  return Buffer.concat([header, Buffer.from(directory), metadata, ...entries.map(({ bytes }) => Buffer.from(bytes))]);
}

/** A picture of one colour. */
export function plainPng(size: number, colour: readonly [number, number, number]): Uint8Array {
  const data = new Uint8Array(size * size * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3] as number;
  return encodePng({ width: size, height: size, data, channels: 3 });
}

export interface FakeService {
  readonly origin: string;
  /** Addresses that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A tile service that answers as it is told, on a free port of this machine. */
export async function fakeService(
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void,
): Promise<FakeService> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(new URL(request.url ?? "/", "http://service"), response, request);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** A tile of 天地图's degree grid (matrix set c: level 1 has two tiles) with the colour of each place. */
export function degreeTilePng(level: number, row: number, column: number): Uint8Array {
  const pixel = 360 / 2 ** level / 256;
  const data = new Uint8Array(256 * 256 * 3);
  for (let y = 0; y < 256; y++)
    for (let x = 0; x < 256; x++) {
      const lon = (column * 256 + x + 0.5) * pixel - 180;
      const lat = 90 - (row * 256 + y + 0.5) * pixel;
      data.set(colourOf(lon, lat).map(Math.round), (y * 256 + x) * 3);
    }
  return encodePng({ width: 256, height: 256, data, channels: 3 });
}

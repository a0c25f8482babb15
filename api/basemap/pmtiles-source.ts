import { type FileHandle, open } from "node:fs/promises";
import { type Header, PMTiles, type Source, TileType } from "pmtiles";
import type { BaseMapFormat } from "../../data/basemap/base-map.ts";
import { dataError } from "../../data/model/errors.ts";
import type { TileId } from "../../data/tiles/tile-math.ts";
import type { BaseMapTile, TileSource } from "./tile-source.ts";

const FORMATS: Readonly<Partial<Record<TileType, BaseMapFormat>>> = {
  [TileType.Mvt]: "mvt",
  [TileType.Png]: "png",
  [TileType.Jpeg]: "jpeg",
  [TileType.Webp]: "webp",
  [TileType.Avif]: "avif",
};
/** Largest piece that is read at once, bytes: a directory or a tile; beyond, the file lies. */
const MAX_PIECE = 32 * 1024 * 1024;

/** Reads pieces of a local file. */
class FileSource implements Source {
  constructor(
    readonly path: string,
    readonly handle: FileHandle,
  ) {}

  getKey(): string {
    return this.path;
  }

  async getBytes(offset: number, length: number): Promise<{ data: ArrayBuffer }> {
    if (!(length >= 0 && length <= MAX_PIECE))
      throw dataError(`a piece of ${length} bytes is no tile`, { at: this.path });
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.handle.read(bytes, 0, length, offset);
    return { data: bytes.buffer.slice(0, bytesRead) };
  }
}

/** A PMTiles file (version 3): tiles are handed out as they are, unpacked. */
export class PmtilesSource implements TileSource {
  private constructor(
    readonly header: Header,
    readonly format: BaseMapFormat,
    readonly archive: PMTiles,
    readonly handle: FileHandle,
  ) {}

  /** @throws dataError where the file is no PMTiles file, or holds something else than maps */
  static async open(path: string): Promise<PmtilesSource> {
    const handle = await open(path, "r");
    try {
      const archive = new PMTiles(new FileSource(path, handle));
      const header = await archive.getHeader().catch((error: unknown) => {
        throw dataError(`${path} cannot be read as PMTiles: ${(error as Error).message}`, {
          at: path,
          hint: "Files of version 3 are read; `pmtiles convert` makes one of an older file or of MBTiles.",
          cause: error,
        });
      });
      const format = FORMATS[header.tileType];
      if (!format)
        throw dataError(`${path} holds tiles of an unknown type`, {
          at: path,
          hint: "Tiles are MVT, PNG, JPEG, WebP or AVIF.",
        });
      return new PmtilesSource(header, format, archive, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async tile({ z, x, y }: TileId): Promise<BaseMapTile | undefined> {
    const found = await this.archive.getZxy(z, x, y);
    return found && { bytes: new Uint8Array(found.data), format: this.format };
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

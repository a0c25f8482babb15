import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGeoPackage } from "../../../db/geopackage/write-layer.ts";
import type { ExportTask } from "./writers.ts";

/** A GeoPackage 1.3 with one layer. It is made in a folder of its own, which goes when it was sent. */
export async function* geopackageBytes(task: ExportTask): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "jingwei-export-"));
  try {
    const path = join(folder, "export.gpkg");
    await writeGeoPackage(path, task);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Uint8Array;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

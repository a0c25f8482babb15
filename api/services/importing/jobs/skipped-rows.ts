import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SkipSample } from "../../../../data/importers/report.ts";
import { ImportLog } from "../../../../data/importers/report.ts";
import { openLayers } from "../open-layers.ts";

/** Lines that are kept to be corrected; whoever has more has another fault than some bad lines. */
const MAX_KEPT = 100_000;
const COLUMNS = ["_at", "_reason", "_message", "_value"] as const;

/** What an import left out, by its place in the files. */
export class Skips {
  readonly #byPlace = new Map<string, { readonly reason: string; readonly sample: SkipSample }>();

  add(reason: string, sample: SkipSample): void {
    if (this.#byPlace.size < MAX_KEPT && !this.#byPlace.has(sample.at))
      this.#byPlace.set(sample.at, { reason, sample });
  }

  get size(): number {
    return this.#byPlace.size;
  }

  get places(): ReadonlyMap<string, { readonly reason: string; readonly sample: SkipSample }> {
    return this.#byPlace;
  }
}

/**
 * Writes what was left out as CSV: the reason in front, then the columns of its file, so that it can be corrected and sent
 * again (columns that begin with `_` are nobody's). Values stand as in the file, for the administrator who sent it.
 */
export async function writeSkipped(files: readonly string[], skips: Skips, path: string): Promise<void> {
  await pipeline(Readable.from(lines(files, skips)), createWriteStream(path, { mode: 0o600 }));
}

async function* lines(files: readonly string[], { places }: Skips): AsyncGenerator<string> {
  const quiet = new ImportLog();
  const layers = await openLayers(files, quiet);
  try {
    const fields = [...new Set(layers.flatMap((layer) => layer.fields))];
    // With a mark, or Excel takes it for the system's own encoding.
    yield `\uFEFF${[...COLUMNS, ...fields].map(csvCell).join(",")}\r\n`;
    const left = new Map(places);
    const line = (at: string, properties: Readonly<Record<string, unknown>> | undefined): string => {
      const entry = left.get(at);
      left.delete(at);
      const head = [at, entry?.reason, entry?.sample.message, entry?.sample.value];
      const cells = [...head, ...fields.map((field) => properties?.[field])];
      return `${cells.map((cell) => csvCell(textOf(cell))).join(",")}\r\n`;
    };
    for (const layer of layers)
      for await (const { at, properties } of layer.features(quiet)) {
        if (left.has(at)) yield line(at, properties);
        if (left.size === 0) return;
      }
    // Lines that are no rows at all have no columns either.
    for (const at of [...left.keys()]) yield line(at, undefined);
  } finally {
    for (const layer of layers) await layer.close();
  }
}

const textOf = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** A cell of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

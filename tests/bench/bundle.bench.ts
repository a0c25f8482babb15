import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";
import type { Figure } from "./figure.ts";

const client = fileURLToPath(new URL("../../dist/client/", import.meta.url));

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly src?: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const brotli = (bytes: Buffer): number =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).length;

/** Compressed size of what each seat loads first, from the build's manifest. */
export async function* bundle(): AsyncIterable<Figure> {
  await build({ logLevel: "error", build: { manifest: true } });
  const manifest = JSON.parse(readFileSync(join(client, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;
  const needed = (key: string, seen: Set<string>): Set<string> => {
    const chunk = manifest[key];
    if (!chunk || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const css of chunk.css ?? []) seen.add(css);
    for (const next of chunk.imports ?? []) needed(next, seen);
    return seen;
  };
  const size = (files: Iterable<string>, measure: (bytes: Buffer) => number): number =>
    [...files].reduce((sum, file) => sum + measure(readFileSync(join(client, file))), 0);
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  if (!entry) throw new Error("the build has no entry");
  for (const seat of ["wall", "desk"]) {
    const files = needed(entry, new Set<string>());
    const lazy = Object.keys(manifest).find((key) => key.includes(`seats/${seat}/`));
    if (lazy) needed(lazy, files);
    for (const [unit, measure] of [
      ["kB gzip", (bytes: Buffer) => gzipSync(bytes, { level: 9 }).length],
      ["kB brotli", brotli],
    ] as const)
      yield { bench: "bundle", name: `${seat} first screen`, value: Math.round(size(files, measure) / 1000), unit };
  }
  const all = readdirSync(join(client, "assets")).map((name) => `assets/${name}`);
  yield { bench: "bundle", name: "everything", value: Math.round(size(all, brotli) / 1000), unit: "kB brotli" };
}

import { existsSync } from "node:fs";

// An archive brings JavaScript. Elsewhere a worker thread does not inherit the loader of its parent in every runner (plain Node
// with tsx, vitest): it names its own.
const compiled = new URL("./worker.js", import.meta.url);
if (!existsSync(compiled)) (await import("tsx/esm/api")).register();
await import(existsSync(compiled) ? compiled.href : "./worker.ts");

// A worker thread does not inherit the loader of its parent in every runner (plain Node with tsx, vitest): it names its own.
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");

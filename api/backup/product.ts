import { readFileSync } from "node:fs";

/** Version of Jingwei, of its package.json. */
export const PRODUCT_VERSION = String(
  (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version,
);

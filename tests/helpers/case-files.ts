import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { StatementEvent } from "../../db/driver.ts";

/** Cases of the API: the operation, its answer and the SQL it sent. `UPDATE_CASES=1` writes the last two anew. */
const UPDATE = process.env["UPDATE_CASES"] === "1";

/** Statements in an order that does not depend on which connection answered first. */
export const sqlText = (statements: readonly StatementEvent[]): string =>
  statements
    .map(({ sql, scope }) => `-- ${scope.kind}\n${sql.replaceAll(/\s+/g, " ").trim()};\n`)
    .sort()
    .join("\n");

export function expectFile(path: string, actual: string): void {
  if (UPDATE) writeFileSync(path, actual);
  expect(existsSync(path), `${path} is missing: run with UPDATE_CASES=1`).toBe(true);
  expect(actual).toBe(readFileSync(path, "utf8"));
}

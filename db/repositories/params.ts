import type { Param } from "../driver.ts";

/** Collects the values of a statement that is put together from parts; `add` answers the placeholder. */
export class Params {
  readonly values: Param[] = [];

  /** @returns `$n` for the value, with n counted from 1 */
  add(value: Param): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** Groups rows by a key that each row carries. */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Rows by their key; a later row of the same key wins. */
export const indexBy = <Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row> =>
  new Map(rows.map((row) => [keyOf(row), row]));

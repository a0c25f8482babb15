import { userError } from "../../data/model/errors.ts";

/** Most nodes of one page. */
export const MAX_PAGE = 1000;

/** A Relay connection before it is asked which of its parts are wanted. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly cursorOf: (row: Row) => string;
  /** Counted only when `totalCount` is asked for. */
  readonly count: () => Promise<number>;
}

type CursorValue = string | number;

/** Opaque cursor: which list it belongs to and the sort key of its row. */
export const encodeCursor = (list: string, key: readonly CursorValue[]): string =>
  Buffer.from(JSON.stringify([list, ...key])).toString("base64url");

/**
 * Sort key of a cursor; undefined when there is none.
 *
 * @param width number of values that the list's sort key has
 */
export function decodeCursor(
  list: string,
  cursor: string | null | undefined,
  width: number,
): CursorValue[] | undefined {
  if (cursor == null) return undefined;
  try {
    const [of, ...key] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    const valid = key.every((value) => typeof value === "string" || typeof value === "number");
    if (of === list && key.length === width && valid) return key as CursorValue[];
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw userError("the cursor does not belong to this list", {
    at: "after",
    hint: "Pass `endCursor` of a page of the same field with the same order, unchanged.",
  });
}

/** As `decodeCursor`, for sort keys of texts only. */
export const decodeTextCursor = (
  list: string,
  cursor: string | null | undefined,
  width: number,
): string[] | undefined => decodeCursor(list, cursor, width)?.map(String);

/** A page size between 1 and 1000. */
export function pageSize(first: number | null | undefined, otherwise = 100): number {
  const size = first ?? otherwise;
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE) return size;
  throw userError(`a page of ${size} is not possible`, {
    at: "first",
    hint: `Ask for 1 to ${MAX_PAGE} and read on with \`after\`.`,
  });
}

/**
 * Makes a page from rows that were read one beyond its size.
 *
 * @param rows at most `size + 1` rows in order
 * @param keyOf sort key of a row
 */
export function makePage<Row>(
  list: string,
  rows: readonly Row[],
  size: number,
  keyOf: (row: Row) => readonly CursorValue[],
  count: () => Promise<number>,
): Page<Row> {
  return {
    rows: rows.length > size ? rows.slice(0, size) : rows,
    hasNextPage: rows.length > size,
    cursorOf: (row) => encodeCursor(list, keyOf(row)),
    count,
  };
}

/** Field resolvers that every connection type shares. */
export const connectionResolvers = <Row>() => ({
  edges: (page: Page<Row>) => page.rows.map((node) => ({ node, cursor: page.cursorOf(node) })),
  nodes: (page: Page<Row>) => [...page.rows],
  pageInfo: (page: Page<Row>) => {
    const last = page.rows.at(-1);
    return { endCursor: last ? page.cursorOf(last) : null, hasNextPage: page.hasNextPage };
  },
  totalCount: (page: Page<Row>) => page.count(),
});

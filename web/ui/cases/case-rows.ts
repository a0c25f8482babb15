import type { CaseListQuery, CaseRowFragment } from "../../gql/generated.ts";

/** A list of cases as far as it was read. */
export interface CaseRows {
  readonly rows: readonly CaseRowFragment[];
  /** How many there are in all. */
  readonly total: number;
  /** Where the next page starts; undefined when all are here. */
  readonly after: string | undefined;
  /** Cases that came or changed with the last refresh, by id: a glance tells what is new. */
  readonly fresh: ReadonlySet<string>;
}

export const NO_ROWS: CaseRows = { rows: [], total: 0, after: undefined, fresh: new Set() };

type Page = CaseListQuery["incidents"];
const next = ({ pageInfo }: Page): string | undefined =>
  pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;

/** The list with its next page. A case that moved between pages meanwhile stands once, as it was read last. */
export function appendPage(list: CaseRows, page: Page): CaseRows {
  const read = new Map(page.nodes.map((node) => [node.id, node]));
  const kept = list.rows.filter(({ id }) => !read.has(id));
  return { rows: [...kept, ...page.nodes], total: page.totalCount, after: next(page), fresh: list.fresh };
}

/** The list read anew from its top. */
export function refreshRows(list: CaseRows, page: Page): CaseRows {
  const before = new Map(list.rows.map((row) => [row.id, row.version]));
  const fresh = page.nodes.filter(({ id, version }) => before.get(id) !== version).map(({ id }) => id);
  return { rows: page.nodes, total: page.totalCount, after: next(page), fresh: new Set(list.rows.length ? fresh : []) };
}

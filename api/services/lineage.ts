import type { RequestContext } from "../context.ts";
import type { AreaLineageModel, AreaLineagePage, AreaRow } from "../mappers.ts";
import { areaById, predecessorsOf, successorsOf } from "./loaders.ts";
import { decodeTextCursor, makePage, pageSize } from "./page.ts";

/** What an area became, a page of it. */
export const successorsPage = async (
  context: RequestContext,
  area: AreaRow,
  first: number | null | undefined,
  after: string | null | undefined,
  since?: string | null,
): Promise<AreaLineagePage> =>
  page("successors", (await successorsOf(context, area.county).load(area.id)) ?? [], area, "to", first, after, since);

/** What an area came from, a page of it. */
export const predecessorsPage = async (
  context: RequestContext,
  area: AreaRow,
  first: number | null | undefined,
  after: string | null | undefined,
  since?: string | null,
): Promise<AreaLineagePage> =>
  page(
    "predecessors",
    (await predecessorsOf(context, area.county).load(area.id)) ?? [],
    area,
    "from",
    first,
    after,
    since,
  );

/** An area has few lines: they are read together and cut here. */
function page(
  list: string,
  all: readonly Omit<AreaLineageModel, "county" | "other">[],
  { county }: AreaRow,
  other: AreaLineageModel["other"],
  first: number | null | undefined,
  after: string | null | undefined,
  since: string | null | undefined,
): AreaLineagePage {
  const lines = since == null ? all : all.filter(({ at }) => Date.parse(at) >= Date.parse(since));
  const size = pageSize(first);
  const [key] = decodeTextCursor(list, after, 1) ?? [];
  const from = key === undefined ? 0 : lines.findIndex(({ id }) => id === key) + 1;
  const rows = lines.slice(from, from + size + 1).map((line): AreaLineageModel => ({ ...line, county, other }));
  return makePage(
    list,
    rows,
    size,
    ({ id }) => [id],
    async () => lines.length,
  );
}

/** The other area of a line: a successor as it began, a predecessor as it ended. */
export async function areaOfLine(context: RequestContext, line: AreaLineageModel): Promise<AreaRow | null> {
  const id = line.other === "to" ? line.toArea : line.fromArea;
  const at = new Date(Date.parse(line.at) - (line.other === "to" ? 0 : 1)).toISOString();
  return (await areaById(context, line.county, at).load(id)) ?? null;
}

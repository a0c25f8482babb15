import { userError } from "../../data/model/errors.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import { type SearchHitRow, searchCounty } from "../../db/repositories/search-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../context.ts";
import type { SearchHit } from "../generated/resolvers-types.ts";
import { pageSize } from "./page.ts";
import { requireCounty } from "./require.ts";

const GLOBAL_TYPE: Record<SearchHitRow["kind"], string> = {
  AREA: "Area",
  ORGANISATION: "Organisation",
  STAFF: "Staff",
};
const LONGEST_TEXT = 100;

/** Areas, units and staff of a county that match a text; nothing for an empty one. */
export async function search(
  context: RequestContext,
  code: string,
  text: string,
  first: number | null | undefined,
): Promise<SearchHit[]> {
  const { county } = await requireCounty(context, code);
  const limit = pageSize(first, 20);
  if (text.length > LONGEST_TEXT)
    throw userError(`a search of ${text.length} characters is too long`, {
      at: "text",
      hint: `At most ${LONGEST_TEXT} characters.`,
    });
  if (text.trim() === "") return [];
  const rows = await inCounty(context, county, (tx) => searchCounty(tx, county, text, nowIso(context), limit));
  return rows.map(({ kind, id, code: area, name, detail, lon, lat }) => ({
    kind,
    id: toGlobalId(GLOBAL_TYPE[kind], county, id),
    code: area,
    name,
    detail,
    point: lon === null || lat === null ? null : [lon, lat],
  }));
}

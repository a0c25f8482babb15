import { useViewer } from "../../../app/viewer.ts";
import { FieldAreaDocument, type FieldAreaQuery } from "../../../gql/generated.ts";
import { type QueryState, useQuery } from "../../../gql/use-query.ts";

export type FieldArea = NonNullable<FieldAreaQuery["area"]>;

/** The viewer's own area; a grant on every county has none of its own, then the county on screen stands in. */
export function useFieldArea(county: string): QueryState<FieldAreaQuery> {
  const viewer = useViewer();
  const own = viewer?.areaCode?.startsWith(county) ? viewer.areaCode : county;
  return useQuery(FieldAreaDocument, own ? { area: own } : undefined);
}

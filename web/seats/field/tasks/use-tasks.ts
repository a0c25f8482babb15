import { useLiveRefetch } from "../../../app/use-live.ts";
import { FieldTasksDocument, type FieldTasksQuery } from "../../../gql/generated.ts";
import { type QueryState, useQuery } from "../../../gql/use-query.ts";

const CASES = { kinds: ["INCIDENT"] } as const;

/** Cases that the viewer handles or that wait in the own inbox, first to breach first; current by the feed. */
export function useTasks(area: string | undefined): QueryState<FieldTasksQuery> {
  const tasks = useQuery(
    FieldTasksDocument,
    area === undefined ? undefined : { filter: { inside: area, mine: true, open: true } },
  );
  useLiveRefetch(area === undefined ? undefined : CASES, tasks.retry);
  return tasks;
}

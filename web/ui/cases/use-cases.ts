import { useCallback, useEffect, useRef, useState } from "react";
import { useLiveRefetch } from "../../app/use-live.ts";
import { may } from "../../app/viewer.ts";
import { CaseListDocument, type IncidentFilter, type IncidentOrder } from "../../gql/generated.ts";
import { request } from "../../gql/request.ts";
import { appendPage, type CaseRows, NO_ROWS, refreshRows } from "./case-rows.ts";

const PAGE = 60;
/** The longest list that is read anew as one; beyond, the rest comes again as one scrolls. */
const MOST_AT_ONCE = 240;
const CASES = { kinds: ["INCIDENT"] } as const;

export interface Cases extends CaseRows {
  /** True until the first page for these conditions is here. */
  readonly loading: boolean;
  readonly error: Error | undefined;
  /** Reads the next page, where there is one. */
  readonly more: () => void;
  /** Reads the list anew: after an own step, and to try again. */
  readonly refresh: () => void;
}

/**
 * A list of cases that keeps itself current: it is read page by page, and anew when cases of the county change.
 *
 * @param filter undefined = nothing to ask
 */
export function useCases(filter: IncidentFilter | undefined, order: IncidentOrder): Cases {
  const key = filter && JSON.stringify([filter, order]);
  const [state, setState] = useState<{ key: string | undefined; list: CaseRows; error?: Error | undefined }>({
    key: undefined,
    list: NO_ROWS,
  });
  const latest = useRef({ key, filter, state });
  latest.current = { key, filter, state };
  /** What is being read, and whether the list changed again meanwhile. */
  const reading = useRef<"top" | "more" | undefined>(undefined);
  const again = useRef(false);

  const read = useCallback(
    async (what: "top" | "more"): Promise<void> => {
      const { key, filter, state } = latest.current;
      if (key === undefined || !filter) return;
      if (reading.current) {
        again.current ||= what === "top";
        return;
      }
      const list = state.key === key ? state.list : NO_ROWS;
      if (what === "more" && list.after === undefined) return;
      reading.current = what;
      const first = what === "more" ? PAGE : Math.min(MOST_AT_ONCE, Math.max(PAGE, list.rows.length));
      const acts = may("incident_text");
      try {
        const after = what === "more" ? list.after : undefined;
        const { incidents } = await request(CaseListDocument, { filter, order, first, after, acts });
        if (latest.current.key === key)
          setState({ key, list: what === "more" ? appendPage(list, incidents) : refreshRows(list, incidents) });
      } catch (error) {
        if (latest.current.key === key) setState({ key, list, error: error as Error });
      } finally {
        reading.current = undefined;
      }
      if (again.current || latest.current.key !== key) {
        again.current = false;
        void read("top");
      }
    },
    [order],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: other conditions are another list
  useEffect(() => {
    void read("top");
  }, [key, read]);
  const refresh = useCallback(() => void read("top"), [read]);
  const more = useCallback(() => void read("more"), [read]);
  useLiveRefetch(key === undefined ? undefined : CASES, () => read("top"));
  const current = state.key === key && key !== undefined;
  return {
    ...(current ? state.list : NO_ROWS),
    loading: key !== undefined && !current,
    error: current ? state.error : undefined,
    more,
    refresh,
  };
}

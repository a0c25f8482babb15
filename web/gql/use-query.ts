import { useCallback, useEffect, useRef, useState } from "react";
import type { TypedDocumentNode } from "urql";
import { request } from "./request.ts";

export interface QueryState<Data> {
  /** Last good answer; kept while a newer one loads or fails. */
  readonly data: Data | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
  readonly retry: () => void;
}

/**
 * Runs a query when its variables change and, on request, again every `everyMs`. An answer that comes after newer
 * variables is dropped.
 *
 * @param variables undefined = nothing to ask
 */
export function useQuery<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | undefined,
  everyMs?: number,
): QueryState<Data> {
  const key = variables === undefined ? undefined : JSON.stringify(variables);
  const latest = useRef(variables);
  latest.current = variables;
  const [state, setState] = useState<{ key: string | undefined; data?: Data | undefined; error?: Error | undefined }>({
    key: undefined,
  });
  const [round, setRound] = useState(0);
  const retry = useCallback(() => setRound((n) => n + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again on purpose
  useEffect(() => {
    const wanted = latest.current;
    if (key === undefined || wanted === undefined) return;
    let stopped = false;
    const ask = async () => {
      try {
        const data = await request(document, wanted);
        if (!stopped) setState({ key, data });
      } catch (error) {
        if (!stopped) setState((old) => ({ key, data: old.key === key ? old.data : undefined, error: error as Error }));
      }
    };
    void ask();
    const timer = everyMs ? setInterval(() => void ask(), everyMs) : undefined;
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [document, key, everyMs, round]);
  const current = state.key === key;
  return {
    data: current ? state.data : undefined,
    error: current ? state.error : undefined,
    loading: key !== undefined && !current,
    retry,
  };
}

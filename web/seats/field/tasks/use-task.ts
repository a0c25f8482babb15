import { useEffect, useRef, useState } from "react";
import { useLiveRefetch } from "../../../app/use-live.ts";
import {
  type CaseNowFragment,
  FieldCaseDocument,
  type FieldCaseQuery,
  FieldStepDocument,
  FieldTakeDocument,
  type TransitionInput,
} from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { RequestError, request } from "../../../gql/request.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { keepTrying } from "../keep-trying.ts";

export type FieldCase = FieldCaseQuery["incidentByRef"];

export interface Task {
  readonly found: FieldCase | undefined;
  readonly error: Error | undefined;
  readonly retry: () => void;
  readonly busy: boolean;
  /** The network is away; tried again then, epoch ms of this page. */
  readonly waitsUntil: number | undefined;
  /** Why the last step was refused. */
  readonly refusal: RequestError | undefined;
  readonly take: (now: CaseNowFragment) => Promise<boolean>;
  readonly step: (input: Omit<TransitionInput, "key">) => Promise<boolean>;
}

/** A case, current by the feed, and what the viewer does with it: each step is sent until the server has answered, once. */
export function useTask(county: string, ref: number): Task {
  const { data, error, retry } = useQuery(FieldCaseDocument, { county, ref });
  useLiveRefetch({ kinds: ["INCIDENT"], refs: [ref] }, retry);
  const [busy, setBusy] = useState(false);
  const [waitsUntil, setWaitsUntil] = useState<number>();
  const [refusal, setRefusal] = useState<RequestError>();
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const run = async (work: (tries: number) => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await keepTrying(work, setWaitsUntil, () => gone.current);
      return true;
    } catch (cause) {
      setRefusal(cause instanceof RequestError ? cause : new RequestError(String(cause), undefined, false));
      return false;
    } finally {
      setBusy(false);
      setWaitsUntil(undefined);
      retry();
    }
  };
  return {
    found: data?.incidentByRef,
    error,
    retry,
    busy,
    waitsUntil,
    refusal,
    take: ({ id, version }) =>
      run(async (tries) => {
        try {
          await mutate(FieldTakeDocument, { id, version: version ?? 0 });
        } catch (cause) {
          // Taken by the try whose answer got lost: nobody else has it.
          if (tries === 0 || !(cause instanceof RequestError) || cause.code !== "CONFLICT") throw cause;
          const { incidentByRef } = await request(FieldCaseDocument, { county, ref });
          if (!incidentByRef?.handledByMe) throw cause;
        }
      }),
    step: (input) => {
      const key = crypto.randomUUID();
      return run(() => mutate(FieldStepDocument, { input: { ...input, key } }));
    },
  };
}

import { useRef, useState } from "react";
import { RequestError } from "../../../gql/request.ts";
import type { Refusal } from "./refusal.tsx";

export interface Write {
  readonly busy: boolean;
  /** Why the last try was refused; undefined = it was not. */
  readonly refusal: (Refusal & { readonly at?: string | undefined }) | undefined;
  /** Does one thing at a time. @returns whether it was done */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly forget: () => void;
}

/** One write of a form: busy while it runs, and why it was refused. What was filled in stays in any case. */
export function useWrite(): Write {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Write["refusal"]>();
  const running = useRef(false);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    // A state is set too late for the second click of a double click.
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
      return true;
    } catch (cause) {
      const { message } = cause as Error;
      const told = cause instanceof RequestError ? cause : undefined;
      setRefusal({ code: told?.code, message, hint: told?.hint, at: told?.at });
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, refusal, run, forget: () => setRefusal(undefined) };
}

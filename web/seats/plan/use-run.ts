import { useState } from "react";

/** One call to the server at a time; a refusal becomes the server's own words. */
export function useRun(): {
  readonly busy: boolean;
  readonly error: string | undefined;
  readonly run: (work: () => Promise<void>) => Promise<void>;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (refusal) {
      const { message, hint } = refusal as Error & { readonly hint?: string };
      setError([message, hint].filter(Boolean).join(" "));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run };
}

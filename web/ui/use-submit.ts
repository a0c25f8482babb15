import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { AuthError } from "../app/session.ts";

export interface Submit {
  readonly busy: boolean;
  /** What went wrong, in words that help; undefined = nothing. */
  readonly error: string | undefined;
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  /** The same for the `submit` of a form. */
  readonly onSubmit: (work: () => Promise<void>) => (event: FormEvent) => void;
}

/** Runs one call to `/auth/*` at a time and puts its refusal into words: wrong, locked for a while, server away. */
export function useSubmit(): Submit {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [cause, setCause] = useState<unknown>(undefined);
  // In words only when shown: the language may change meanwhile.
  const words = (): string | undefined => {
    if (cause === undefined) return undefined;
    if (!(cause instanceof AuthError)) return t("authError.away");
    if (cause.status === 401) return t("authError.wrong");
    if (cause.status === 429)
      return cause.retryAfter === undefined
        ? t("authError.locked")
        : t("authError.lockedFor", { minutes: Math.max(1, Math.ceil(cause.retryAfter / 60)) });
    return [cause.message, cause.hint].filter(Boolean).join(" ");
  };
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setCause(undefined);
    try {
      await work();
      return true;
    } catch (refusal) {
      setCause(refusal);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (work: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    void run(work);
  };
  return { busy, error: words(), run, onSubmit };
}

import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRowFragment } from "../../../gql/generated.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { ConflictNote, RefusalText } from "./refusal.tsx";

/** A case that a step was refused for. */
export interface Outcome {
  readonly row: CaseRowFragment;
  readonly code: string | null;
  readonly message: string | null;
}

/** What became of several steps: how many were taken, and each refusal with its reason. */
export function StepOutcomes({
  done,
  outcomes,
  fits,
  onNow,
}: {
  done: number;
  outcomes: readonly Outcome[];
  /** Whether the same can still be done to a case as it is now; it can where absent. */
  fits?: (row: CaseRowFragment) => boolean;
  onNow: (row: CaseRowFragment) => void;
}) {
  const { t } = useTranslation();
  const { named } = useCaseWords();
  const top = useRef<HTMLElement>(null);
  // Whoever pressed the button at the foot of a long form must not miss what became of it.
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    void top.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section ref={top} className="outcomes" role="alert" data-testid="outcomes">
      <p>
        {done > 0 && <strong>{t("step.done", { count: done })} </strong>}
        <strong className="tone-late">{t("step.refused", { count: outcomes.length })}</strong> {t("step.kept")}
      </p>
      <ul>
        {outcomes.map(({ row, code, message }) => (
          <li key={row.id}>
            <strong>
              {row.ref} {named(row.class)}
            </strong>{" "}
            <span className="tone-late">
              <RefusalText refusal={{ code, message }} />
            </span>
            {code === "CONFLICT" && <ConflictNote id={row.id} seen={row.version ?? 0} onNow={onNow} fits={fits} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useEffect } from "react";
import { RunImportDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { useWrite } from "../../desk/cases/use-write.ts";
import { JobView } from "./job-view.tsx";
import { IMPORT_TEXTS } from "./texts.ts";
import { runs, useJob } from "./use-jobs.ts";
import { editionOf, levelOf, mapOf } from "./use-preview.ts";
import { changeWizard, restartWizard, type Wizard } from "./wizard-state.ts";

/** The dry run, or the import itself: starts it and shows it to its end. */
export function StepRun({
  county,
  wizard,
  dryRun,
  hint,
  action,
  disabled = false,
  onDecide,
  onDone,
}: {
  county: string;
  wizard: Wizard;
  dryRun: boolean;
  /** What the step does and what its button says, where it is not the try itself. */
  hint?: string;
  action?: string;
  /** Something is missing yet. */
  disabled?: boolean;
  /** Proposals of an edition can be decided here. */
  onDecide?: (decisions: Readonly<Record<string, string>>) => void;
  /** The import is in: lists of what was imported are old. */
  onDone?: () => void;
}) {
  const t = useTexts(IMPORT_TEXTS);
  const write = useWrite();
  // While proposals are decided, those that were made stay in view.
  const id = dryRun ? wizard.tried || (onDecide ? wizard.compared : "") : wizard.job;
  const followed = useJob(county, id);
  const running = runs(followed.job);
  const done = !dryRun && followed.job?.state === "DONE";
  useEffect(() => {
    if (done) onDone?.();
  }, [done, onDone]);
  const start = () =>
    write.run(async () => {
      const { runImport } = await mutate(RunImportDocument, {
        input: {
          ...{ county, upload: wizard.upload, kind: wizard.kind, dryRun },
          ...{ level: levelOf(wizard), crs: wizard.crs || null, map: mapOf(wizard) },
          ...{ edition: editionOf(wizard), clientKey: crypto.randomUUID() },
        },
      });
      changeWizard(county, dryRun ? { tried: runImport.id, compared: runImport.id } : { job: runImport.id });
    });
  return (
    <div className="import-step">
      <p>{hint ?? (dryRun ? t.tryHint : t.importHint)}</p>
      {!dryRun && !wizard.tried && !done && <p className="note">{t.notTried}</p>}
      {!done && (
        <button
          type="button"
          className="button primary import-go"
          disabled={write.busy || running || disabled}
          onClick={() => void start()}
        >
          {action ?? (dryRun ? t.tryRun : t.importRun)}
        </button>
      )}
      {write.refusal && (
        <div className="note error" role="alert">
          <strong>{write.refusal.message}</strong>
          {write.refusal.hint && <span>{write.refusal.hint}</span>}
        </div>
      )}
      {id !== "" && <JobView followed={followed} decisions={wizard.decisions} onDecide={onDecide} />}
      {done && (
        <p className="admin-tools">
          <a className="button" href={`/desk?county=${county}`}>
            {t.toMap}
          </a>
          <button type="button" className="button primary" onClick={() => restartWizard(county)}>
            {t.again}
          </button>
        </p>
      )}
    </div>
  );
}

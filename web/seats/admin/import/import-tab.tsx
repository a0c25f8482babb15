import { useCallback, useState } from "react";
import { ROOT_COUNTY } from "../../../../data/policy/roles.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { useAreas } from "../use-areas.ts";
import { History } from "./history.tsx";
import { StepColumns } from "./step-columns.tsx";
import { StepDatum } from "./step-datum.tsx";
import { StepEdition } from "./step-edition.tsx";
import { StepFiles } from "./step-files.tsx";
import { StepLook } from "./step-look.tsx";
import { StepRun } from "./step-run.tsx";
import { IMPORT_TEXTS } from "./texts.ts";
import { useFiles } from "./use-files.ts";
import { usePreview } from "./use-preview.ts";
import { changeWizard, forgetTries, restartWizard, type Step, stepsOf, useWizard } from "./wizard-state.ts";
import "./import.css";

/** The import wizard of a county with its history. */
export function ImportTab({ county }: { county: string }) {
  const t = useTexts(IMPORT_TEXTS);
  if (county === ROOT_COUNTY) return <EmptyNote title={t.server} />;
  return <WizardOf key={county} county={county} />;
}

function WizardOf({ county }: { county: string }) {
  const t = useTexts(IMPORT_TEXTS);
  const wizard = useWizard(county);
  const onFiles = useCallback(() => forgetTries(county), [county]);
  const files = useFiles(county, wizard.upload, onFiles);
  const areas = useAreas(county);
  const [typed, setTyped] = useState("");
  const [layerAt, setLayerAt] = useState(0);
  const [ended, setEnded] = useState(0);
  const onDone = useCallback(() => setEnded((times) => times + 1), []);
  const { step } = wizard;
  const ready = files.files.length > 0 && files.files.every(({ complete }) => complete);
  const looks = step === "look" || step === "columns" || step === "datum";
  const preview = usePreview(county, wizard, typed, ready && looks);
  const layers = preview.data?.importPreview.layers ?? [];
  const layer = layers[layerAt] ?? layers[0];
  const levels = new Set(areas.map(({ level }) => level.toUpperCase()));
  const steps = stepsOf(wizard, levels);
  const at = steps.indexOf(step);
  const undated = wizard.mode === "edition" && wizard.effective === "";
  const open = (one: Step): boolean =>
    one === "files" ||
    (ready && !(undated && (one === "try" || one === "import"))) ||
    (one === step && wizard.job !== "");
  const go = (one: Step) => changeWizard(county, { step: one });
  const previous = steps[at - 1];
  const next = steps[at + 1];
  return (
    <div className="import">
      <nav aria-label={t.steps}>
        <ol className="import-steps">
          {steps.map((one, index) => (
            <li key={one}>
              <button
                type="button"
                aria-current={one === step ? "step" : undefined}
                disabled={!open(one)}
                onClick={() => go(one)}
              >
                {index + 1} {t[one]}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <section aria-label={t[step]}>
        {step === "files" && <StepFiles county={county} wizard={wizard} files={files} />}
        {looks && files.loaded && !ready && !files.busy && <EmptyNote title={t.tooOld} />}
        {looks && preview.error && <ErrorNote error={preview.error} retry={preview.retry} />}
        {looks && preview.loading && !preview.data && <Skeleton />}
        {looks && layers.length > 1 && (
          <label className="import-form">
            {t.layer}
            <select
              className="select"
              value={layerAt}
              onChange={(event) => setLayerAt(Number(event.currentTarget.value))}
            >
              {layers.map(({ name, file }, index) => (
                <option key={`${file}/${name}`} value={index}>
                  {name} ({file})
                </option>
              ))}
            </select>
          </label>
        )}
        {layer && step === "look" && <StepLook layer={layer} areas={areas} crs={wizard.crs} />}
        {layer && step === "columns" && <StepColumns county={county} wizard={wizard} layer={layer} />}
        {layer && step === "datum" && (
          <StepDatum county={county} wizard={wizard} layer={layer} areas={areas} onTyped={setTyped} />
        )}
        {looks && (preview.data?.importPreview.notes.length ?? 0) > 0 && (
          <details>
            <summary>{t.notes}</summary>
            <ul>
              {preview.data?.importPreview.notes.map(({ kind, count, message }) => (
                <li key={kind}>
                  {count} × {message}
                </li>
              ))}
            </ul>
          </details>
        )}
        {step === "edition" && <StepEdition county={county} wizard={wizard} areas={areas} />}
        {step === "try" && <StepRun key="try" county={county} wizard={wizard} dryRun />}
        {step === "import" && <StepRun key="import" county={county} wizard={wizard} dryRun={false} onDone={onDone} />}
      </section>
      <div className="import-nav">
        {previous && wizard.job === "" && (
          <button type="button" className="button" onClick={() => go(previous)}>
            {t.back}
          </button>
        )}
        {next && (
          <button type="button" className="button primary" disabled={!open(next)} onClick={() => go(next)}>
            {fill("{next}: {step}", { next: t.next, step: t[next] })}
          </button>
        )}
        {files.files.length > 0 && (
          <button type="button" className="link" onClick={() => restartWizard(county)}>
            {t.discard}
          </button>
        )}
      </div>
      <History key={`${wizard.upload}/${ended}`} county={county} />
    </div>
  );
}

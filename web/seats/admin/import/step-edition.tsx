import type { AreaFeature } from "../../../data/county-data.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { EDITION_TEXTS } from "./edition-texts.ts";
import { StepRun } from "./step-run.tsx";
import { changeWizard, type Wizard } from "./wizard-state.ts";

/** Areas that the county has of what is to be imported. */
function standing({ kind, level }: Wizard, areas: readonly AreaFeature[]): number {
  const asked = kind === "grids" ? "GRID" : level;
  return areas.filter((area) => (asked === "" ? area.level !== "county" : area.level.toUpperCase() === asked)).length;
}

/** A correction of the areas that are there, or a new edition: what became of what, to be decided where it is not sure. */
export function StepEdition({
  county,
  wizard,
  areas,
}: {
  county: string;
  wizard: Wizard;
  areas: readonly AreaFeature[];
}) {
  const t = useTexts(EDITION_TEXTS);
  const choice = (mode: Wizard["mode"], name: string, hint: string) => (
    <label data-chosen={wizard.mode === mode || undefined}>
      <input
        type="radio"
        name="mode"
        checked={wizard.mode === mode}
        onChange={() => changeWizard(county, { mode, effective: "" })}
      />
      <span>
        <strong>{name}</strong>
        <br />
        <span className="tone-muted">{hint}</span>
      </span>
    </label>
  );
  return (
    <div className="import-step">
      <fieldset className="import-datums">
        <legend>{fill(t.question, { count: standing(wizard, areas) })}</legend>
        {choice("correction", t.correction, t.correctionHint)}
        {choice("edition", t.edition, t.editionHint)}
      </fieldset>
      {wizard.mode === "edition" && (
        <>
          <div className="import-form">
            <label>
              {t.effective}
              <input
                type="date"
                value={wizard.effective}
                onChange={(event) => changeWizard(county, { effective: event.currentTarget.value })}
              />
            </label>
          </div>
          <StepRun
            county={county}
            wizard={wizard}
            dryRun
            hint={wizard.effective === "" ? t.dayFirst : t.compareHint}
            action={wizard.compared === "" ? t.compare : t.compareAgain}
            disabled={wizard.effective === ""}
            onDecide={(decisions) => changeWizard(county, { decisions })}
          />
        </>
      )}
    </div>
  );
}

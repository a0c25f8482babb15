import { KIND_FIELDS } from "../../../../data/importers/kind-fields.ts";
import { isImportKind } from "../../../../data/importers/registry.ts";
import { useView } from "../../../app/view-state.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Badge } from "../../../ui/status.tsx";
import { fieldText } from "./finding-texts.ts";
import { kindText } from "./kind-texts.ts";
import { IMPORT_TEXTS } from "./texts.ts";
import type { PreviewLayer } from "./use-preview.ts";
import { changeWizard, type Wizard } from "./wizard-state.ts";

/** Required fields that no column holds; tables name their places by columns too. */
export function missingFields(kind: string, layer: PreviewLayer): readonly string[] {
  if (!isImportKind(kind)) return [];
  const held = new Set(layer.columns.map(({ field }) => field));
  // A layer brings its places with it.
  const placed = !["csv", "xlsx"].includes(layer.format);
  return KIND_FIELDS[kind].required.filter(
    (field) => !held.has(field) && !(placed && (field === "lon" || field === "lat")),
  );
}

/** Which column holds which field. */
export function StepColumns({ county, wizard, layer }: { county: string; wizard: Wizard; layer: PreviewLayer }) {
  const t = useTexts(IMPORT_TEXTS);
  const language = useView((view) => view.language);
  if (!isImportKind(wizard.kind)) return null;
  const { names, required, wanted } = KIND_FIELDS[wizard.kind];
  const text = kindText(language, wizard.kind);
  const isTable = ["csv", "xlsx"].includes(layer.format);
  const fields = [...new Set([...Object.keys(names), ...(isTable ? ["lon", "lat"] : [])])].filter(
    (field) => isTable || (field !== "lon" && field !== "lat"),
  );
  const columnOf = new Map(layer.columns.flatMap((column) => (column.field ? [[column.field, column]] : [])));
  const label = (field: string): string => text.fields[field] ?? fieldText(language, field);
  const listed = (given: readonly string[]): string => given.map(label).join("、");
  const missing = missingFields(wizard.kind, layer);
  const lacking = wanted.filter((field) => fields.includes(field) && !columnOf.has(field));
  const unused = layer.columns.filter(({ field }) => !field).map(({ name }) => name);
  const choose = (field: string, column: string): void => {
    // A column serves one field: whichever had it lets go of it.
    const others = Object.entries(wizard.map).filter(
      ([other, one]) => other !== field && (column === "" || one !== column),
    );
    const guessedElsewhere = layer.columns.find(({ name }) => name === column)?.field;
    const freed = column !== "" && guessedElsewhere && guessedElsewhere !== field ? { [guessedElsewhere]: "" } : {};
    changeWizard(county, { map: { ...Object.fromEntries(others), ...freed, [field]: column } });
  };
  return (
    <div className="import-step">
      {missing.length > 0 && (
        <p role="alert" className="note error">
          {fill(t.missing, { fields: listed(missing) })}
        </p>
      )}
      {lacking.length > 0 && <p className="note">{fill(t.lacking, { fields: listed(lacking) })}</p>}
      <div className="import-scroll">
        <table className="data-table import-columns" data-testid="import-columns">
          <caption className="sr-only">{t.columns}</caption>
          <thead>
            <tr>
              <th scope="col">{t.field}</th>
              <th scope="col">{t.column}</th>
              <th scope="col">{t.samples}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const column = columnOf.get(field);
              const guessed = column && wizard.map[field] === undefined;
              return (
                <tr key={field}>
                  <th scope="row">
                    {label(field)}{" "}
                    {required.includes(field) && (
                      <Badge tone={column ? "idle" : "late"} sign="*">
                        {t.required}
                      </Badge>
                    )}
                    {wanted.includes(field) && <span className="tone-muted">{t.wanted}</span>}
                  </th>
                  <td>
                    <select
                      className="select"
                      aria-label={label(field)}
                      value={column?.name ?? ""}
                      onChange={(event) => choose(field, event.currentTarget.value)}
                    >
                      <option value="">{t.unmapped}</option>
                      {layer.columns.map(({ name }) => (
                        <option key={name} value={name}>
                          {name}
                        </option>
                      ))}
                    </select>{" "}
                    {guessed && <span className="tone-muted">{t.guessed}</span>}
                  </td>
                  <td>{column?.samples.join(" · ")}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {unused.length > 0 && <p className="tone-muted">{fill(t.unused, { columns: unused.join("、") })}</p>}
    </div>
  );
}

import { type DragEvent, useRef, useState } from "react";
import { IMPORT_KINDS } from "../../../../data/importers/registry.ts";
import { AREA_LEVELS } from "../../../../data/model/codes.ts";
import { useView } from "../../../app/view-state.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { ErrorNote } from "../../../ui/notes.tsx";
import { kindText } from "./kind-texts.ts";
import { saveTemplate, templateOf } from "./template.ts";
import { IMPORT_TEXTS } from "./texts.ts";
import type { Files, ShownFile } from "./use-files.ts";
import { changeWizard, type Wizard } from "./wizard-state.ts";

const UNITS = ["B", "KB", "MB", "GB"] as const;

/** 1,234,567 → 1.2 MB. */
export function byteText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

/** What is imported, and its files: dropped or picked, several. */
export function StepFiles({ county, wizard, files }: { county: string; wizard: Wizard; files: Files }) {
  const t = useTexts(IMPORT_TEXTS);
  const language = useView((view) => view.language);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const text = kindText(language, wizard.kind);
  const template = templateOf(language, wizard.kind);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    files.add([...event.dataTransfer.files]);
  };
  return (
    <div className="import-step">
      <div className="import-form">
        <label>
          {t.kind}
          <select
            className="select"
            value={wizard.kind}
            onChange={(event) => changeWizard(county, { kind: event.currentTarget.value, map: {} })}
          >
            {IMPORT_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {kindText(language, kind).name}
              </option>
            ))}
          </select>
        </label>
        {wizard.kind === "areas" && (
          <label>
            {t.level}
            <select
              className="select"
              value={wizard.level}
              onChange={(event) => changeWizard(county, { level: event.currentTarget.value })}
            >
              <option value="">{t.levelAuto}</option>
              {AREA_LEVELS.map((level) => (
                <option key={level} value={level.toUpperCase()}>
                  {t[level]}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p>
        {text.about} <span className="tone-muted">{text.files}</span>
      </p>
      {template && (
        <div className="import-template">
          <div className="import-scroll">
            <table className="data-table">
              <caption>{t.header}</caption>
              <thead>
                <tr>
                  {template.header.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                <tr>
                  {template.line.map((value, column) => (
                    <td key={template.header[column]}>{value}</td>
                  ))}
                </tr>
              </tbody>
            </table>
          </div>
          <button type="button" className="button" onClick={() => void saveTemplate(language, wizard.kind, "csv")}>
            {t.template} CSV
          </button>
          <button type="button" className="button" onClick={() => void saveTemplate(language, wizard.kind, "xlsx")}>
            {t.template} XLSX
          </button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped anywhere on it; the button in it does the same by keyboard */}
      <div
        className="import-drop"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>
          {t.drop}{" "}
          <button type="button" className="button primary" onClick={() => input.current?.click()}>
            {t.choose}
          </button>
        </p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          data-testid="import-files"
          onChange={(event) => {
            files.add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <p className="tone-muted">{t.dropHint}</p>
      </div>
      {files.error && <ErrorNote error={files.error} />}
      {files.files.length > 0 && (
        <ul className="import-files">
          {files.files.map((file) => (
            <FileLine key={file.name} file={file} onRemove={() => files.remove(file.name)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function FileLine({ file, onRemove }: { file: ShownFile; onRemove: () => void }) {
  const t = useTexts(IMPORT_TEXTS);
  const percent = file.size === 0 ? 100 : Math.floor((100 * file.sent) / file.size);
  const state = file.complete ? `✓ ${t.sent}` : file.sending ? fill(t.sending, { percent }) : t.resume;
  return (
    <li>
      <span className="import-file-name">{file.name}</span>
      <span className="tone-muted">{byteText(file.size)}</span>
      {file.sending && <progress max={100} value={percent} aria-label={file.name} />}
      <span className={file.complete ? "tone-good" : "tone-muted"}>{file.error ? "" : state}</span>
      {file.error && (
        <span role="alert" className="tone-late">
          {file.error.message}
        </span>
      )}
      <button type="button" className="link" aria-label={fill(t.remove, { name: file.name })} onClick={onRemove}>
        ✕
      </button>
    </li>
  );
}

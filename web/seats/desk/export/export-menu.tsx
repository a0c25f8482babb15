import { useEffect, useId, useRef, useState } from "react";
import {
  EXPORT_FORMATS,
  EXPORT_KINDS,
  type ExportFormat,
  type ExportKind,
  exportOf,
} from "../../../../data/exporters/registry.ts";
import { useView } from "../../../app/view-state.ts";
import { mayDo, mayIn } from "../../../app/viewer.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { Popover } from "../../../ui/popover.tsx";
import { saveFile } from "./save-file.ts";
import { EXPORT_TEXTS } from "./texts.ts";
import { exportAddress } from "./wish.ts";
import "./export.css";

type Run =
  | { readonly state: "idle" }
  | { readonly state: "running"; readonly bytes: number }
  | { readonly state: "done"; readonly name: string }
  | { readonly state: "stopped" }
  | { readonly state: "failed"; readonly reason: string };

const megabytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

interface ExportMenuProps {
  /** What the list beside it shows; the choice begins there. */
  readonly first: ExportKind;
  readonly area: string;
  readonly place: string;
  /** Level of the areas listed, where they are of one. */
  readonly level?: string | undefined;
  /** Epoch seconds that the screen is of. */
  readonly asOf: number;
}

/** Files of what the screen shows, in the formats of other programs. Nothing for who may not export. */
export function ExportMenu({ first, area, place, level, asOf }: ExportMenuProps) {
  const t = useTexts(EXPORT_TEXTS);
  const format = useFormat();
  const id = useId();
  const county = useView((view) => view.county);
  const language = useView((view) => view.language);
  const filters = useView((view) => view.filters);
  const [kind, setKind] = useState<ExportKind>(first);
  const [fileFormat, setFileFormat] = useState<ExportFormat>("xlsx");
  const [run, setRun] = useState<Run>({ state: "idle" });
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  if (!mayDo("export")) return null;
  const kinds = EXPORT_KINDS.filter((one) => mayIn(exportOf(one).resource, area));
  const chosen = kinds.includes(kind) ? kind : (kinds[0] ?? first);
  const { time } = exportOf(chosen);
  const start = async () => {
    const abort = new AbortController();
    stop.current = abort;
    setRun({ state: "running", bytes: 0 });
    try {
      const address = exportAddress({ kind: chosen, format: fileFormat, county, area, level, filters });
      const name = await saveFile(address, (bytes) => setRun({ state: "running", bytes }), abort.signal);
      setRun({ state: "done", name });
    } catch (cause) {
      setRun(
        abort.signal.aborted
          ? { state: "stopped" }
          : { state: "failed", reason: cause instanceof Error ? cause.message : String(cause) },
      );
    }
  };
  const running = run.state === "running";
  return (
    <Popover title={t.title} align="end">
      <form
        className="export-menu"
        data-testid="export-menu"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <label htmlFor={`${id}-kind`}>{t.kind}</label>
        <select
          className="select"
          id={`${id}-kind`}
          value={chosen}
          disabled={running}
          onChange={(event) => setKind(event.currentTarget.value as ExportKind)}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {exportOf(one).label[language === "en" ? "en" : "zh"]}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}-format`}>{t.format}</label>
        <select
          className="select"
          id={`${id}-format`}
          value={fileFormat}
          disabled={running}
          onChange={(event) => setFileFormat(event.currentTarget.value as ExportFormat)}
        >
          {EXPORT_FORMATS.map((one) => (
            <option key={one} value={one}>
              {t[one]}
            </option>
          ))}
        </select>
        <ul className="export-notes">
          <li>{fill(t.place, { place })}</li>
          {time === "none" ? (
            filters.to !== undefined && <li>{t.present}</li>
          ) : (
            <li>{fill(t.asOf, { time: format.instant(asOf) })}</li>
          )}
          {chosen === "incidents" && <li>{t.window}</li>}
          <li>{t.audited}</li>
        </ul>
        <div className="export-acts">
          {running ? (
            <button type="button" className="button" onClick={() => stop.current?.abort()}>
              {t.stop}
            </button>
          ) : (
            <button type="submit" className="button primary">
              {t.start}
            </button>
          )}
          <span
            role={run.state === "failed" ? "alert" : "status"}
            className={run.state === "failed" ? "tone-late" : ""}
          >
            {run.state === "running" && (run.bytes === 0 ? t.waiting : fill(t.coming, { size: megabytes(run.bytes) }))}
            {run.state === "done" && fill(t.done, { name: run.name })}
            {run.state === "stopped" && t.stopped}
            {run.state === "failed" && fill(t.failed, { reason: run.reason })}
          </span>
        </div>
      </form>
    </Popover>
  );
}

import { CancelImportDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { ErrorNote } from "../../../ui/notes.tsx";
import { useWrite } from "../../desk/cases/use-write.ts";
import { EditionView } from "./edition-view.tsx";
import { ReportView } from "./report-view.tsx";
import { IMPORT_TEXTS, type ImportTexts } from "./texts.ts";
import { type FollowedJob, runs } from "./use-jobs.ts";

/** How far an import is, how it ended, and the way to end it. */
export function JobView({
  followed,
  decisions,
  onDecide,
}: {
  followed: FollowedJob;
  /** What was decided of the proposals of an edition, by their ids. */
  decisions: Readonly<Record<string, string>>;
  /** Takes another decision; undefined = they are only shown. */
  onDecide: ((decisions: Readonly<Record<string, string>>) => void) | undefined;
}) {
  const t = useTexts(IMPORT_TEXTS);
  const format = useFormat();
  const cancel = useWrite();
  const { job, connected, error, refresh } = followed;
  if (!job) return error ? <ErrorNote error={error} retry={refresh} /> : null;
  const part = job.bytes !== null && job.totalBytes ? job.bytes / job.totalBytes : undefined;
  const phase = job.phase ? (t[job.phase as keyof ImportTexts] ?? job.phase) : "";
  return (
    <div className="import-job" data-testid="import-job" data-state={job.state}>
      <p role="status">
        <strong>{job.error?.code === "INTERRUPTED" ? t.INTERRUPTED : t[job.state]}</strong>{" "}
        {runs(job) && `${phase} ${job.rows > 0 ? fill(t.rowsDone, { count: format.number(job.rows) }) : ""}`}
      </p>
      {runs(job) && (
        <>
          <progress
            aria-label={t.RUNNING}
            {...(part === undefined ? {} : { max: 100, value: Math.floor(100 * part) })}
          />
          {!connected && <p className="tone-late">{t.lost}</p>}
          <button
            type="button"
            className="button"
            disabled={cancel.busy}
            onClick={() => void cancel.run(async () => void (await mutate(CancelImportDocument, { id: job.id })))}
          >
            {t.cancel}
          </button>
        </>
      )}
      {job.state === "FAILED" && job.error && job.error.code !== "INTERRUPTED" && (
        <div className="note error" role="alert">
          <strong>{job.error.message}</strong>
          {job.error.hint && <span>{job.error.hint}</span>}
        </div>
      )}
      {job.report?.edition && (
        <EditionView edition={job.report.edition} decisions={decisions} onDecide={onDecide} dryRun={job.dryRun} />
      )}
      {job.report && <ReportView report={job.report} dryRun={job.dryRun} rejectedPath={job.rejectedPath} />}
    </div>
  );
}

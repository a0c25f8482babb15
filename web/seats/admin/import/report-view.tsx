import { useView } from "../../../app/view-state.ts";
import type { ImportReportPartsFragment } from "../../../gql/generated.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { Finding } from "./finding.tsx";
import { findingText } from "./finding-texts.ts";
import { IMPORT_TEXTS } from "./texts.ts";

/** What an import did or would do. */
export function ReportView({
  report,
  dryRun,
  rejectedPath,
}: {
  report: ImportReportPartsFragment;
  dryRun: boolean;
  rejectedPath: string | null;
}) {
  const t = useTexts(IMPORT_TEXTS);
  const format = useFormat();
  const language = useView((view) => view.language);
  const skipped = report.skipped.reduce((sum, { count }) => sum + count, 0);
  const figures = [
    [t.reportRead, report.read],
    [t.loaded, report.loaded],
    [t.updated, report.updated],
    [t.unchanged, report.unchanged],
    [t.skippedAll, skipped],
  ] as const;
  return (
    <section className="import-report" data-testid="import-report">
      {dryRun && <p className="tone-muted">{t.nothingWritten}</p>}
      <dl>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{format.number(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="tone-muted">
        {t.crs} {report.crs} · {fill(t.seconds, { count: report.seconds })}
      </p>
      {report.skipped.length > 0 && (
        <>
          <h2>{t.skipped}</h2>
          <ul>
            {report.skipped.map(({ reason, count, samples }) => (
              <li key={reason}>
                <strong>
                  {format.number(count)} × {findingText(language, reason) ?? reason}
                </strong>
                <ul>
                  {samples.map(({ at, message, value }) => (
                    <li key={at}>
                      <code>{at}</code> {message} {value !== "" && <q>{value}</q>}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </>
      )}
      {rejectedPath && (
        <p>
          <a className="button" href={rejectedPath} download>
            {t.rejected}
          </a>{" "}
          <span className="tone-muted">{t.rejectedHint}</span>
        </p>
      )}
      {report.flags.length > 0 && (
        <>
          <h2>{t.flags}</h2>
          <ul>
            {report.flags.map(({ kind, count, message }) => (
              <li key={kind}>
                {format.number(count)} × <Finding kind={kind} message={message} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

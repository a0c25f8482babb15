import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../../../app/county-info.ts";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { may, mayDo } from "../../../app/viewer.ts";
import { CaseAdviceDocument, CaseFileDocument, CaseOwnershipDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { CaseSketch } from "../../../map/case-sketch.tsx";
import { CaseClockBadge, CaseLine, SeverityBadge } from "../../../ui/cases/case-line.tsx";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { linkedStaff } from "../../../ui/linked-staff.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { DutyList } from "../duty-list.tsx";
import { closeCase, openCase } from "../select-case.ts";
import { CaseActions } from "./case-actions.tsx";
import { CaseClocks } from "./case-clocks.tsx";
import { CaseFacts } from "./case-facts.tsx";
import type { CaseFile } from "./case-file.ts";
import { CASE_SECTIONS } from "./case-sections.tsx";
import { CaseTimeline } from "./case-timeline.tsx";
import { SealedControls } from "./sealed-controls.tsx";
import "./case-page.css";

const CLOCK_MS = 15_000;

/** Where it lies: grids and their units, posts that suit it and cameras whose nominal view covers it. */
function Surroundings({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(CaseAdviceDocument, mayDo("supervise") ? { id: file.id } : undefined);
  const [lon, lat] = file.point;
  const point = useMemo(() => [lon ?? 0, lat ?? 0] as const, [lon, lat]);
  const cameras = (data?.dispatchAdvice.cameras ?? []).map(({ camera }) => ({
    id: camera.id,
    name: camera.name,
    point: [camera.point[0] ?? 0, camera.point[1] ?? 0] as const,
    azimuthDeg: camera.azimuthDeg ?? undefined,
    angleDeg: camera.angleDeg ?? undefined,
    rangeM: camera.rangeM ?? undefined,
  }));
  const posts = (data?.dispatchAdvice.suggestions ?? []).map(({ post, staff }) => ({
    id: post.id,
    name: staff?.name ?? post.place,
    point: [post.point[0] ?? 0, post.point[1] ?? 0] as const,
  }));
  return (
    <section aria-label={t("caseFile.around")}>
      <h3>{t("caseFile.around")}</h3>
      <CaseSketch
        point={point}
        title={t("caseFile.sketch", { place: file.area?.name ?? t("story.noPlace") })}
        cameras={cameras}
        posts={posts}
      />
      <p className="tone-muted field-note">
        {file.class.sensitive ? t("caseFile.centre") : t("caseFile.nominal", { count: cameras.length })}
      </p>
      {cameras.length > 0 && (
        <ul className="advice-cameras">
          {(data?.dispatchAdvice.cameras ?? []).map(({ camera, distanceM, bearingDeg }) => (
            <li key={camera.id}>
              {camera.name} · {t("advice.metres", { value: format.number(Math.round(distanceM)) })} ·{" "}
              {t("advice.bearing", { value: Math.round(bearingDeg) })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Open cases that may be the same matter. */
function Similar({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const now = useNow(CLOCK_MS);
  const county = useView((view) => view.county);
  const [lon, lat] = file.point;
  const { data, error, retry } = useQuery(
    CaseOwnershipDocument,
    lon !== undefined && lat !== undefined && may("incident_text")
      ? { county, lon, lat, class: file.class.code, at: file.openedAt, acts: true }
      : undefined,
  );
  if (error) return <ErrorNote error={error} retry={retry} />;
  const similar = (data?.ownership.similar ?? []).filter(({ incident }) => incident.id !== file.id);
  if (!similar.length) return null;
  return (
    <section aria-label={t("caseFile.similar")} data-testid="similar">
      <h3>{t("caseFile.similar")}</h3>
      <ul className="similar">
        {similar.map(({ incident, distanceM, score }) => (
          <li key={incident.id}>
            <button type="button" className="similar-open" onClick={() => openCase(incident.ref)}>
              <CaseLine row={incident} now={now} />
            </button>
            <span className="tone-muted field-note">
              {t("advice.metres", { value: Math.round(distanceM) })} ·{" "}
              {t("caseFile.alike", { score: Math.round(score * 100) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Posts that stand open; the others are one click away. */
const CALLED_FIRST = 3;

/** Whom to call: those who answer now first. */
function WhoToCall({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const duties = linkedStaff(file);
  const others = duties.slice(CALLED_FIRST);
  return (
    <>
      <DutyList duties={duties.slice(0, CALLED_FIRST)} />
      {others.length > 0 && (
        <details>
          <summary>{t("caseFile.others", { count: others.length })}</summary>
          <DutyList duties={others} />
        </details>
      )}
    </>
  );
}

/** The head of the page: what it is, how grave, at which step, how its deadline stands. */
function Head({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const { named, owner } = useCaseWords();
  const now = useNow(CLOCK_MS);
  return (
    <p className="detail-line">
      <SeverityBadge severity={file.severity} />
      <strong data-testid="case-step">{named(file.step)}</strong>
      <CaseClockBadge row={file} now={now} />
      <span>{t(`source.${file.source.toLowerCase()}`)}</span>
      {may("incident_text") && <span className="tone-muted">{owner(file)}</span>}
    </p>
  );
}

/** The page of a case: what, whose, how late, what can be done, and all that happened. @param incident its number */
export function CasePage({ incident }: { incident: number }) {
  const { t } = useTranslation();
  const { named } = useCaseWords();
  const format = useFormat();
  const county = useCurrentCounty();
  const variables = county && { county: county.code, ref: incident, acts: may("incident_text") };
  const { data, error, loading, retry } = useQuery(CaseFileDocument, variables);
  const refetch = useCallback(() => retry(), [retry]);
  useLiveRefetch({ kinds: ["INCIDENT"], refs: [incident] }, refetch);
  const file = data?.incidentByRef;
  const title = file ? `${named(file.class)} · ${file.ref}` : t("case.title");
  return (
    <section className="card case-page" aria-label={title} data-testid="case-page">
      <header>
        <h2>{title}</h2>
        <span className="case-page-tools">
          <button type="button" className="button" onClick={() => print()}>
            {t("export.print")}
          </button>
          <button type="button" className="button" onClick={closeCase}>
            {t("caseFile.back")}
          </button>
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="body" tabIndex={0} aria-label={t("desk.details")}>
        {error && <ErrorNote error={error} retry={retry} />}
        {!file &&
          !error &&
          (loading || !data ? <Skeleton /> : <EmptyNote title={t("story.gone")}>{t("caseFile.goneHint")}</EmptyNote>)}
        {file && (
          <div className="detail">
            <p className="print-only">
              {county && t("card.asOf", { time: format.instant(Date.parse(county.asOf) / 1000) })} ·{" "}
              {t("card.source", { source: county?.demo ? t("demo.mark") : county?.source || t("card.imported") })}
            </p>
            <Head file={file} />
            {file.title && <p className="case-title">{file.title}</p>}
            {file.mergedInto && (
              <p className="tone-soon">
                {t("caseFile.mergedInto")}{" "}
                <button type="button" className="link" onClick={() => openCase(file.mergedInto?.ref ?? file.ref)}>
                  {file.mergedInto.ref}
                </button>
              </p>
            )}
            <CaseActions file={file} onChanged={retry} />
            <div className="case-columns">
              <div>
                <h3>{t("caseFile.clocks")}</h3>
                <CaseClocks clocks={file.clocks} />
                <h3>{t("case.call")}</h3>
                <WhoToCall file={file} />
                <CaseFacts file={file} />
                <SealedControls file={file} />
              </div>
              <div>
                <h3>{t("case.steps")}</h3>
                <CaseTimeline events={file.events} />
                {CASE_SECTIONS.map(({ id, title: heading, show }) => {
                  const content = show(file, retry);
                  return (
                    content !== undefined && (
                      <section key={id} aria-label={t(heading)}>
                        <h3>{t(heading)}</h3>
                        {content}
                      </section>
                    )
                  );
                })}
                <Surroundings file={file} />
                <Similar file={file} />
              </div>
            </div>
          </div>
        )}
      </section>
    </section>
  );
}

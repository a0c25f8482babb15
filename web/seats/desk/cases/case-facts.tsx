import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { useFormat } from "../../../ui/format.ts";
import { shortPath } from "../../../ui/short-path.ts";
import { Withheld } from "../../../ui/withheld.tsx";
import { openCase } from "../select-case.ts";
import type { CaseFile } from "./case-file.ts";

function Phone({ number }: { number: string | null }) {
  return number ? <a href={`tel:${number}`}> {number}</a> : null;
}

/** Where a case lies, whose it is, and when it came. */
export function CaseFacts({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { named } = useCaseWords();
  const drillTo = useView((view) => view.drillTo);
  const { area, responsible, organisation, post } = file;
  const instant = (iso: string): string => format.instant(Date.parse(iso) / 1000);
  return (
    <dl className="facts">
      <dt>{t("list.place")}</dt>
      <dd>
        {area ? (
          <button type="button" className="link" onClick={() => drillTo(area.code)}>
            {shortPath([
              ...area.ancestors.filter(({ level }) => level !== "COUNTY").map(({ name }) => name),
              area.name,
            ]).join(" › ")}
          </button>
        ) : (
          t("story.noPlace")
        )}
        {file.border && <span className="tone-soon"> {t("caseFile.border")}</span>}
      </dd>
      <dt>{t("ownership.unit")}</dt>
      <dd>
        {responsible ? (
          <>
            {responsible.organisation.name}
            {responsible.expired && <span className="tone-soon"> {t("ownership.expired")}</span>}
            <Phone number={responsible.organisation.dutyPhone} />
          </>
        ) : (
          t("ownership.unowned")
        )}
      </dd>
      {organisation && (
        <>
          <dt>{t("case.handler")}</dt>
          <dd>
            {organisation.name}
            <Phone number={organisation.dutyPhone} />
          </dd>
        </>
      )}
      {post && (
        <>
          <dt>{t("caseFile.post")}</dt>
          <dd>{post.place}</dd>
        </>
      )}
      <dt>{t("caseFile.workflow")}</dt>
      <dd>{named(file.workflow)}</dd>
      <dt>{t("list.opened")}</dt>
      <dd>{instant(file.openedAt)}</dd>
      {file.firstAnswerAt && (
        <>
          <dt>{t("caseFile.answered")}</dt>
          <dd>{instant(file.firstAnswerAt)}</dd>
        </>
      )}
      {file.closedAt && (
        <>
          <dt>{t("caseFile.closed")}</dt>
          <dd>{instant(file.closedAt)}</dd>
        </>
      )}
      {file.title === null && (
        <>
          <dt>{t("case.what")}</dt>
          <dd>
            <Withheld resource="incident_text" />
          </dd>
        </>
      )}
      {file.suspicious && (
        <>
          <dt>{t("caseFile.note")}</dt>
          <dd className="tone-soon">{t("case.suspicious")}</dd>
        </>
      )}
      {(file.mergedCases?.length ?? 0) > 0 && (
        <>
          <dt>{t("caseFile.merged")}</dt>
          <dd>
            {file.mergedCases?.map(({ id, ref }) => (
              <button key={id} type="button" className="link" onClick={() => openCase(ref)}>
                {ref}{" "}
              </button>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

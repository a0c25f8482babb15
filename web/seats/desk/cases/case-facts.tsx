import { useTranslation } from "react-i18next";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { useFormat } from "../../../ui/format.ts";
import { Withheld } from "../../../ui/withheld.tsx";
import { openCase } from "../select-case.ts";
import type { CaseFile } from "./case-file.ts";
import { CasePlaceFacts } from "./case-place.tsx";

/** Where a case lies, whose it is, and when it came. */
export function CaseFacts({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { named } = useCaseWords();
  const { post } = file;
  const instant = (iso: string): string => format.instant(Date.parse(iso) / 1000);
  return (
    <dl className="facts">
      <CasePlaceFacts place={file} />
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

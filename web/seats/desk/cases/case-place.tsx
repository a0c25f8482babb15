import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { shortPath } from "../../../ui/short-path.ts";

interface Named {
  readonly name: string;
}

interface Unit extends Named {
  readonly dutyPhone: string | null;
}

/** What is shown of where a case lies and whose it is. */
export interface CasePlace {
  readonly border: boolean;
  readonly area: (Named & { readonly code: string; readonly ancestors: readonly (Named & { level: string })[] }) | null;
  readonly responsible: { readonly expired: boolean; readonly organisation: Unit } | null;
  readonly organisation: Unit | null;
}

function Phone({ number }: { number: string | null }) {
  return number ? <a href={`tel:${number}`}> {number}</a> : null;
}

/** Entries of a list of facts: the area that holds a case, the unit responsible for it, and the unit that handles it. */
export function CasePlaceFacts({ place: { area, border, responsible, organisation } }: { place: CasePlace }) {
  const { t } = useTranslation();
  const drillTo = useView((view) => view.drillTo);
  return (
    <>
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
        {border && <span className="tone-soon"> {t("caseFile.border")}</span>}
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
    </>
  );
}

import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isInside } from "../../../data/model/codes.ts";
import { useLiveRefetch } from "../../app/use-live.ts";
import { useView } from "../../app/view-state.ts";
import { may, mayDo, ownArea } from "../../app/viewer.ts";
import { useCountyData } from "../../data/county-store.ts";
import { DecideOwnerDocument, UndecidedDocument, type UndecidedLineFragment } from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { useQuery } from "../../gql/use-query.ts";
import { useFormat } from "../format.ts";
import "./alarm-bar.css";

interface LineProps {
  readonly one: UndecidedLineFragment;
  /** The viewer's own area. */
  readonly own: string;
  /** Something was decided, or somebody else was faster. */
  readonly onDecided: () => void;
}

function Line({ one, own, onDecided }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useView((view) => view.language);
  const areas = useCountyData((data) => data.areas);
  const nameOf = (code: string): string => areas.find((area) => area.code === code)?.name ?? code;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  // One key for one decision: sent again after a lost answer, it is made once.
  const keys = useRef(new Map<string, string>());
  const decide = async (area: string) => {
    const key = keys.current.get(area) ?? crypto.randomUUID();
    keys.current.set(area, key);
    setBusy(true);
    setError(undefined);
    try {
      await mutate(DecideOwnerDocument, { input: { id: one.incidentId, version: one.version, area, key } });
    } catch (refusal) {
      setError((refusal as Error).message);
    } finally {
      setBusy(false);
      onDecided();
    }
  };
  return (
    <li>
      <span className="alarm-case">
        <strong>{language === "en" ? one.class.nameEn : one.class.name}</strong>
        <span>{one.candidates.map(nameOf).join(" / ")}</span>
        <time dateTime={one.openedAt}>{format.instant(Date.parse(one.openedAt) / 1000)}</time>
      </span>
      {one.candidates
        .filter((code) => isInside(code, own))
        .map((code) => (
          <button key={code} type="button" className="button" disabled={busy} onClick={() => void decide(code)}>
            {t("undecided.give", { area: nameOf(code) })}
          </button>
        ))}
      {error && <span role="alert">{error}</span>}
    </li>
  );
}

/**
 * Cases near a border of the viewer's area whose owner nobody has decided yet, for who may decide it: also those that a
 * neighbour holds meanwhile, which no list of cases shows here.
 */
export function UndecidedBar({ shown }: { readonly shown: number }) {
  const { t } = useTranslation();
  const county = useView((view) => view.county);
  const own = county && may("incident") && mayDo("supervise") ? (ownArea(county) ?? county) : undefined;
  const { data, retry } = useQuery(UndecidedDocument, own ? { inside: own } : undefined);
  useLiveRefetch(own ? { kinds: ["INCIDENT", "UNDECIDED"] } : undefined, retry);
  const waiting = data?.undecidedCases ?? [];
  if (!own || waiting.length === 0) return null;
  return (
    <section
      className="alarm-bar undecided-bar"
      role="status"
      aria-label={t("undecided.title")}
      data-testid="undecided"
    >
      <strong className="alarm-head">
        <span aria-hidden="true">◆</span> {t("undecided.waiting", { count: waiting.length })}
      </strong>
      <ol>
        {waiting.slice(0, shown).map((one) => (
          <Line key={one.incidentId} one={one} own={own} onDecided={retry} />
        ))}
      </ol>
      {waiting.length > shown && (
        <span className="alarm-more">{t("alarm.more", { count: waiting.length - shown })}</span>
      )}
    </section>
  );
}

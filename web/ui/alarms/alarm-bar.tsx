import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LonLat } from "../../../data/model/geometry.ts";
import { useMarkedCases } from "../../app/marked-cases.ts";
import { useView } from "../../app/view-state.ts";
import { AcknowledgeAlarmDocument, type AlarmCaseFragment } from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { casePlace } from "../case-place.ts";
import { useFormat } from "../format.ts";
import { Badge } from "../status.tsx";
import { type Alarms, mayAcknowledge } from "./use-alarms.ts";
import "./alarm-bar.css";

interface Props {
  readonly alarms: Alarms;
  /** How many are named; the others are counted. */
  readonly shown: number;
  /** Opens a case. */
  readonly onPick: (ref: number) => void;
}

function AlarmItem({
  alarm,
  refresh,
  onPick,
}: { alarm: AlarmCaseFragment } & Pick<Props, "onPick"> & Pick<Alarms, "refresh">) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useView((view) => view.language);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const { incident } = alarm;
  const acknowledge = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await mutate(AcknowledgeAlarmDocument, { incident: incident.id });
      refresh();
    } catch (refusal) {
      setError((refusal as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li data-ref={incident.ref}>
      <button type="button" className="alarm-case" onClick={() => onPick(incident.ref)}>
        <Badge tone="severe" sign="■">
          {t(`severity.${incident.severity.toLowerCase()}`)}
        </Badge>
        <strong>{language === "en" ? incident.class.nameEn : incident.class.name}</strong>
        <span>{casePlace(incident.area)}</span>
        <time dateTime={alarm.raisedAt}>{format.instant(Date.parse(alarm.raisedAt) / 1000)}</time>
      </button>
      {mayAcknowledge() && (
        <button type="button" className="button" disabled={busy} onClick={() => void acknowledge()}>
          {t("alarm.acknowledge")}
        </button>
      )}
      {error && <span role="alert">{error}</span>}
    </li>
  );
}

/** Severe cases that nobody has acknowledged: stays until somebody does. Nothing where there is none. */
export function AlarmBar({ alarms: { waiting, refresh }, shown, onPick }: Props) {
  const { t } = useTranslation();
  // The map marks them too.
  useEffect(() => {
    const places = waiting.flatMap(({ incident: { point } }): LonLat[] => {
      const [lon, lat] = point;
      return lon === undefined || lat === undefined ? [] : [[lon, lat]];
    });
    useMarkedCases.setState({ places });
    return () => useMarkedCases.setState({ places: [] });
  }, [waiting]);
  if (waiting.length === 0) return null;
  const hidden = waiting.length - shown;
  return (
    <section className="alarm-bar" role="alert" aria-label={t("alarm.title")} data-testid="alarms">
      <strong className="alarm-head">
        <span aria-hidden="true">■</span> {t("alarm.waiting", { count: waiting.length })}
      </strong>
      <ol>
        {waiting.slice(0, shown).map((alarm) => (
          <AlarmItem key={alarm.incident.id} alarm={alarm} refresh={refresh} onPick={onPick} />
        ))}
      </ol>
      {hidden > 0 && <span className="alarm-more">{t("alarm.more", { count: hidden })}</span>}
    </section>
  );
}

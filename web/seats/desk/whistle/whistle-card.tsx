import { useMemo, useState } from "react";
import { useView } from "../../../app/view-state.ts";
import { mayDo } from "../../../app/viewer.ts";
import { DeskArrivalDocument, type WhistleLineFragment } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { Badge } from "../../../ui/status.tsx";
import { clientKeys } from "../cases/client-keys.ts";
import { RefusalText } from "../cases/refusal.tsx";
import { useWrite } from "../cases/use-write.ts";
import { EndDialog } from "./end-dialog.tsx";
import { WHISTLE_TEXTS } from "./texts.ts";

const CLOCK_MS = 15_000;
const seconds = (iso: string): number => Date.parse(iso) / 1000;

/** One whistle: item, departments with their arrivals and phones, and its end. @param onChanged reads it anew */
export function WhistleCard({
  whistle,
  onChanged,
  onOpenCase,
}: {
  whistle: WhistleLineFragment;
  onChanged: () => void;
  /** Shows the case; absent on the case's own page. */
  onOpenCase?: (ref: number) => void;
}) {
  const t = useTexts(WHISTLE_TEXTS);
  const format = useFormat();
  const language = useView((view) => view.language);
  const [ending, setEnding] = useState(false);
  const { item, area, blownAt, endedAt, incident, note, outcome, rating, calls } = whistle;
  const named = (thing: { readonly name: string; readonly nameEn: string }): string =>
    language === "en" ? thing.nameEn : thing.name;
  return (
    <li className="whistle-card" data-open={endedAt === null} data-testid="whistle">
      <div className="whistle-head">
        <Badge tone={item.class === "URGENT" ? "severe" : "muted"} sign={item.class === "URGENT" ? "■" : "□"}>
          {t[item.class]}
        </Badge>
        <strong>{named(item)}</strong>
        <Badge tone={endedAt === null ? "soon" : "idle"} sign={endedAt === null ? "◆" : "✓"}>
          {endedAt === null ? t.open : t.ended}
        </Badge>
        <span className="tone-muted">{fill(t.by, { area: area.name, at: format.instant(seconds(blownAt)) })}</span>
      </div>
      {incident && onOpenCase && (
        <button type="button" className="link" onClick={() => onOpenCase(incident.ref)}>
          {incident.title ?? named(incident.class)} · {incident.ref}
        </button>
      )}
      {note && <p>{note}</p>}
      <ul className="whistle-calls">
        {calls.map((call) => (
          <Call key={call.id} call={call} whistle={whistle} onChanged={onChanged} />
        ))}
      </ul>
      {endedAt !== null ? (
        <p>
          {outcome} {rating !== null && fill(t.stars, { n: rating })}
        </p>
      ) : (
        mayDo("supervise") && (
          <button type="button" className="button" onClick={() => setEnding(true)}>
            {t.end}
          </button>
        )
      )}
      {ending && (
        <EndDialog
          whistle={whistle}
          onClose={() => setEnding(false)}
          onDone={() => {
            setEnding(false);
            onChanged();
          }}
        />
      )}
    </li>
  );
}

type WhistleCall = WhistleLineFragment["calls"][number];

function Call({
  call: { id, organisation, arriveBy, arrivedAt, late, points },
  whistle,
  onChanged,
}: {
  call: WhistleCall;
  whistle: WhistleLineFragment;
  onChanged: () => void;
}) {
  const t = useTexts(WHISTLE_TEXTS);
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const { busy, refusal, run } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const overdue = arrivedAt === null && seconds(arriveBy) < now;
  const arrive = () =>
    void run(async () => {
      const input = { call: id, version: whistle.version };
      await mutate(DeskArrivalDocument, { input: { ...input, key: keyOf(input) } });
      onChanged();
    });
  return (
    <li>
      <span className="whistle-unit">{organisation.name}</span>
      {arrivedAt !== null ? (
        <Badge tone={late ? "late" : "good"} sign={late ? "▲" : "●"}>
          {fill(t.arrived, { time: format.instant(seconds(arrivedAt)) })} {late && t.late}
        </Badge>
      ) : (
        <Badge tone={overdue ? "late" : "soon"} sign={overdue ? "▲" : "◆"}>
          {overdue ? t.overdue : t.notYet} · {fill(t.arriveBy, { time: format.instant(seconds(arriveBy)) })}
        </Badge>
      )}
      <span className="tone-muted">{fill(t.points, { points: points.toFixed(1) })}</span>
      {arrivedAt === null && organisation.dutyPhone && (
        <a
          className="button"
          href={`tel:${organisation.dutyPhone}`}
          aria-label={`${fill(t.call, { who: organisation.name })} ${organisation.dutyPhone}`}
        >
          ☎ {organisation.dutyPhone}
        </a>
      )}
      {arrivedAt === null && whistle.endedAt === null && mayDo("move") && (
        <button type="button" className="button" disabled={busy} onClick={arrive}>
          {t.arrive}
        </button>
      )}
      {refusal && (
        <span role="alert" className="tone-late">
          <RefusalText refusal={refusal} />
        </span>
      )}
    </li>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { may } from "../../../app/viewer.ts";
import { DeskLateDocument, type DeskLateQuery } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { CaseLine } from "../../../ui/cases/case-line.tsx";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { openCase } from "../select-case.ts";
import { LATE_TEXTS } from "./texts.ts";
import "./late.css";

const PAGE = 30;
const MOST = 300;
const CLOCK_MS = 15_000;
const CASES = { kinds: ["INCIDENT"] } as const;

/** Open cases past their due time, each with a button that calls whoever is on duty for its place. */
export function LateList() {
  const t = useTexts(LATE_TEXTS);
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const inside = useView((view) => view.area);
  const [first, setFirst] = useState(PAGE);
  const { data, error, retry } = useQuery(
    DeskLateDocument,
    inside ? { filter: { inside, open: true, late: true }, first, acts: may("incident_text") } : undefined,
  );
  useLiveRefetch(CASES, retry);
  if (!data) return error ? <ErrorNote error={error} retry={retry} /> : <Skeleton />;
  const { nodes, totalCount } = data.incidents;
  if (totalCount === 0) return <EmptyNote title={t.none}>{t.noneHint}</EmptyNote>;
  return (
    <section className="late-list" data-testid="late-list" aria-label={fill(t.title, { count: totalCount })}>
      <p>{fill(t.title, { count: format.number(totalCount) })}</p>
      {error && <ErrorNote error={error} retry={retry} />}
      <ul>
        {nodes.map((row) => (
          <li key={row.id}>
            <button type="button" className="case-button" onClick={() => openCase(row.ref)}>
              <CaseLine row={row} now={now} />
            </button>
            <CallButton row={row} />
          </li>
        ))}
      </ul>
      {nodes.length < totalCount && first < MOST && (
        <button type="button" className="button" onClick={() => setFirst(first + PAGE)}>
          {t.more}
        </button>
      )}
    </section>
  );
}

type LateRow = DeskLateQuery["incidents"]["nodes"][number];

/** Calls the first on duty who has a phone, or else the unit that handles it. */
function CallButton({ row }: { row: LateRow }) {
  const t = useTexts(LATE_TEXTS);
  const { t: word } = useTranslation();
  const duty = row.dutyNow.find(({ onDuty, staff }) => onDuty && staff?.workPhone);
  const unit = row.organisation?.dutyPhone ? row.organisation : undefined;
  const phone = duty?.staff?.workPhone ?? unit?.dutyPhone;
  const who = duty?.staff?.name ?? unit?.name;
  if (!phone || !who) return <span className="tone-muted late-nobody">{t.nobody}</span>;
  return (
    <a className="button late-call" href={`tel:${phone}`} aria-label={`${fill(t.call, { who })} ${phone}`}>
      <span>☎ {who}</span>
      <small>{duty ? word(`post.${duty.post.kind.toLowerCase()}`) : t.unit}</small>
      <small>{phone}</small>
    </a>
  );
}

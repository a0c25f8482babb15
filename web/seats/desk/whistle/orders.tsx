import { useEffect, useState } from "react";
import { useCurrentCounty } from "../../../app/county-info.ts";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { may } from "../../../app/viewer.ts";
import {
  DeskOrderRatingsDocument,
  type DeskOrderRatingsQuery,
  DeskOrdersDocument,
  type IncidentFilter,
} from "../../../gql/generated.ts";
import { request } from "../../../gql/request.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { CaseLine } from "../../../ui/cases/case-line.tsx";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { periodOf } from "../evaluation/periods.ts";
import { openCase } from "../select-case.ts";
import { WHISTLE_TEXTS } from "./texts.ts";

const PAGE = 100;
/** Discontent orders that are looked for without being asked, and orders that are looked through for them. */
const ENOUGH = 20;
const MOST_LOOKED = 2000;
const CLOCK_MS = 15_000;
const CASES = { kinds: ["INCIDENT"] } as const;

/** The funnel of a year's orders, and those done that nobody has rated or whose residents are discontent. */
export function Orders() {
  const t = useTexts(WHISTLE_TEXTS);
  const format = useFormat();
  const language = useView((view) => view.language);
  const inside = useView((view) => view.area);
  const county = useCurrentCounty();
  const span = county && periodOf("year", Date.parse(county.asOf), county.timezone);
  const { data, error, retry } = useQuery(DeskOrdersDocument, span && inside ? { inside, ...span } : undefined);
  useLiveRefetch(CASES, retry);
  const funnel = data?.orderFunnel;
  const most = Math.max(1, ...(funnel?.stages.map(({ reached }) => reached) ?? []));
  return (
    <>
      {error && !data && <ErrorNote error={error} retry={retry} />}
      {!data && !error && <Skeleton />}
      {funnel && (
        <section data-testid="order-funnel">
          <h3>{t.funnel}</h3>
          <ol className="funnel">
            {funnel.stages.map(({ step, reached, now }) => (
              <li key={step.key}>
                <span>{language === "en" ? step.nameEn : step.name}</span>
                <meter min={0} max={most} value={reached} aria-hidden="true" />
                <span>
                  {fill(t.reached, { count: format.number(reached) })}{" "}
                  <span className="tone-muted">{fill(t.now, { count: format.number(now) })}</span>
                </span>
              </li>
            ))}
          </ol>
          <p>
            {funnel.satisfaction === null
              ? t.noRating
              : fill(t.satisfaction, {
                  rate: format.percent(funnel.satisfaction),
                  rated: format.number(funnel.rated),
                  satisfied: format.number(funnel.satisfied),
                })}
          </p>
        </section>
      )}
      {span && may("incident_text") && (
        <Discontent key={inside} filter={{ inside, sources: ["APP"], states: ["CLOSED", "EVALUATED"], ...span }} />
      )}
    </>
  );
}

type Order = DeskOrderRatingsQuery["incidents"]["nodes"][number];
const SHOWN = ["both", "onlyLow", "onlyUnrated"] as const;

/** Orders whose work is done and whose residents have said nothing or are not content. */
function Discontent({ filter }: { filter: IncidentFilter }) {
  const t = useTexts(WHISTLE_TEXTS);
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const [orders, setOrders] = useState<readonly Order[]>([]);
  const [page, setPage] = useState<{ readonly total: number; readonly after: string | null }>();
  const [error, setError] = useState<Error>();
  const [shown, setShown] = useState<(typeof SHOWN)[number]>("both");
  const read = async (after: string | null): Promise<void> => {
    try {
      const { incidents } = await request(DeskOrderRatingsDocument, {
        filter,
        first: PAGE,
        after,
        acts: may("incident_text"),
      });
      setOrders((before) => (after === null ? incidents.nodes : [...before, ...incidents.nodes]));
      setPage({
        total: incidents.totalCount,
        after: incidents.pageInfo.hasNextPage ? (incidents.pageInfo.endCursor ?? null) : null,
      });
      setError(undefined);
    } catch (cause) {
      setError(cause as Error);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place or year is another list (its key)
  useEffect(() => {
    void read(null);
  }, []);
  useLiveRefetch(CASES, () => read(null));
  const after = page?.after ?? null;
  const found = orders.filter(({ rating }) => rating !== null && !rating.satisfied).length;
  // Discontent ones are few: who looks for them is spared turning the pages.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that was read decides about the next
  useEffect(() => {
    if (shown === "onlyLow" && after !== null && found < ENOUGH && orders.length < MOST_LOOKED) void read(after);
  }, [shown, after, found, orders.length]);
  const unrated = orders.filter(({ rating }) => rating === null);
  const low = orders.filter(({ rating }) => rating !== null && !rating.satisfied);
  const listed = shown === "onlyLow" ? low : shown === "onlyUnrated" ? unrated : [...low, ...unrated];
  if (error) return <ErrorNote error={error} retry={() => void read(null)} />;
  if (!page) return <Skeleton />;
  return (
    <section data-testid="order-ratings">
      <h3>{fill(t.unratedTitle, { unrated: format.number(unrated.length), low: format.number(low.length) })}</h3>
      <fieldset className="choice">
        <legend className="sr-only">{t.orders}</legend>
        {SHOWN.map((one) => (
          <button key={one} type="button" className="button" aria-pressed={shown === one} onClick={() => setShown(one)}>
            {t[one]}
          </button>
        ))}
      </fieldset>
      {listed.length === 0 && <EmptyNote title={t.nothingHere} />}
      <ul className="case-buttons">
        {listed.map((row) => (
          <li key={row.id}>
            <button type="button" className="case-button" onClick={() => openCase(row.ref)}>
              <span className={row.rating ? "tone-late" : "tone-muted"}>
                {row.rating ? `${t.low} · ${fill(t.stars, { n: row.rating.rating })}` : t.unrated}
              </span>
              <CaseLine row={row} now={now} />
            </button>
          </li>
        ))}
      </ul>
      <p className="tone-muted">
        {fill(t.looked, { count: format.number(orders.length), total: format.number(page.total) })}{" "}
        {page.after !== null && (
          <button type="button" className="button" onClick={() => void read(page.after)}>
            {t.more}
          </button>
        )}
      </p>
    </section>
  );
}

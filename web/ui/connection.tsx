import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LOST_GRACE_MS, LOST_MS, useCurrentCounty } from "../app/county-info.ts";
import { ageOf, useFreshness } from "../app/freshness.ts";

/** When the server last looked for changes, as far as this page knows: epoch ms by the server's clock. */
const useFreshAt = (): number | undefined => useFreshness(({ fresh }) => fresh?.at);

/** True when nothing has been heard of the feed for too long. A quiet county is not a lost one: the feed is looked at. */
export function useLost(): boolean {
  const fresh = useFreshness((state) => state.fresh);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    setLost(false);
    if (fresh === undefined) return;
    let timer = setTimeout(
      () => {
        timer = setTimeout(() => setLost(true), LOST_GRACE_MS);
      },
      Math.max(0, LOST_MS - ageOf(fresh)),
    );
    return () => clearTimeout(timer);
  }, [fresh]);
  return lost;
}

/** Milliseconds → time of day to the second in the county's zone, as the clock beside it. */
function useClockTime(): (ms: number) => string {
  const { i18n } = useTranslation();
  const timeZone = useCurrentCounty()?.timezone;
  return (ms) =>
    new Intl.DateTimeFormat(i18n.language, {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    }).format(ms);
}

/** Says large that the connection is lost and since when, for as long as it is. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const clockTime = useClockTime();
  const freshAt = useFreshAt();
  const lost = useLost();
  if (!lost || freshAt === undefined) return null;
  return (
    <div className="lost-banner" role="alert">
      <strong>{t("lost.title")}</strong>
      <span>{t("lost.detail", { time: clockTime(freshAt) })}</span>
    </div>
  );
}

/** As of when the page is. */
export function Freshness() {
  const { t } = useTranslation();
  const clockTime = useClockTime();
  const freshAt = useFreshAt();
  const lost = useLost();
  if (freshAt === undefined) return <span className="tone-muted">{t("state.loading")}</span>;
  return (
    <span className={`badge tone-${lost ? "late" : "good"}`} data-sign={lost ? "▲" : "●"}>
      {t(lost ? "fresh.lost" : "fresh.ok", { time: clockTime(freshAt) })}
    </span>
  );
}

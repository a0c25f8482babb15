import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LOST_GRACE_MS, LOST_MS, useCountyInfo, useCurrentCounty } from "../app/county-info.ts";
import { useCountyData } from "../data/county-store.ts";

/** Last sign of life of the server, epoch milliseconds: a heartbeat or any data. */
function useHeardAt(): number | undefined {
  const pulse = useCountyInfo((state) => state.heardAt);
  const data = useCountyData((state) => state.receivedAt);
  return pulse === undefined ? data : Math.max(pulse, data ?? 0);
}

/** True when the server has been silent for too long. A quiet county is not a lost one: the pulse goes on. */
export function useLost(): boolean {
  const heardAt = useHeardAt();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    setLost(false);
    if (heardAt === undefined) return;
    let timer = setTimeout(
      () => {
        timer = setTimeout(() => setLost(true), LOST_GRACE_MS);
      },
      Math.max(0, heardAt + LOST_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [heardAt]);
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
  const heardAt = useHeardAt();
  const lost = useLost();
  if (!lost || heardAt === undefined) return null;
  return (
    <div className="lost-banner" role="alert">
      <strong>{t("lost.title")}</strong>
      <span>{t("lost.detail", { time: clockTime(heardAt) })}</span>
    </div>
  );
}

/** When the server last answered. */
export function Freshness() {
  const { t } = useTranslation();
  const clockTime = useClockTime();
  const heardAt = useHeardAt();
  const lost = useLost();
  if (heardAt === undefined) return <span className="tone-muted">{t("state.loading")}</span>;
  return (
    <span className={`badge tone-${lost ? "late" : "good"}`} data-sign={lost ? "▲" : "●"}>
      {t(lost ? "fresh.lost" : "fresh.ok", { time: clockTime(heardAt) })}
    </span>
  );
}

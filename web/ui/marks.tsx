import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../app/county-info.ts";
import { serverNow } from "../app/server-clock.ts";
import { useView } from "../app/view-state.ts";
import { useFormat } from "./format.ts";

/** On every screen of a county whose lines, people and cases are generated. */
export function DemoMark() {
  const { t } = useTranslation();
  const county = useCurrentCounty();
  if (!county?.demo) return null;
  return (
    <strong className="demo-mark" title={t("demo.hint")}>
      {t("demo.mark")}
    </strong>
  );
}

/** A county whose data has ended is shown at its last day, and says so. */
export function HistoricBanner() {
  const { t } = useTranslation();
  const county = useCurrentCounty();
  const format = useFormat();
  if (!county?.historic) return null;
  return (
    <p className="historic-banner" role="note">
      <strong>{t("historic.title", { time: format.instant(Date.parse(county.asOf) / 1000) })}</strong>{" "}
      <span>{t("historic.hint")}</span>
    </p>
  );
}

/** Date and time in the county's zone, by the server's clock. */
export function Clock() {
  const language = useView((view) => view.language);
  const timeZone = useCurrentCounty()?.timezone;
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000);
    return () => clearInterval(timer);
  }, []);
  const time = new Intl.DateTimeFormat(language, { timeZone, timeStyle: "medium", hourCycle: "h23" }).format(now);
  const date = new Intl.DateTimeFormat(language, {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    weekday: "short",
  }).format(now);
  return (
    <time className="clock" dateTime={new Date(now).toISOString()}>
      <strong>{time}</strong> <span>{date}</span>
    </time>
  );
}

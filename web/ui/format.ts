import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCountyInfo, useCurrentCounty } from "../app/county-info.ts";
import { serverNow } from "../app/server-clock.ts";
import { useView } from "../app/view-state.ts";

export interface Format {
  /** Whole number with separators. */
  readonly number: (value: number) => string;
  /** Whole number; with ≈ before it where it is no count but a figure to be read as about. */
  readonly count: (value: number, exact: boolean) => string;
  /** Share 0 … 1 with one decimal, rounded down so that 99.96 % never reads 100 %. */
  readonly percent: (share: number) => string;
  /** Epoch seconds → month, day and minute in the county's zone; with the year when it is not this one. */
  readonly instant: (seconds: number) => string;
  readonly date: (seconds: number) => string;
  readonly time: (seconds: number) => string;
  /** Seconds → the largest one or two units, e.g. 3天4小时. */
  readonly duration: (seconds: number) => string;
  /** The same to the second within a day, e.g. 3:04:05; without its sign. */
  readonly countdown: (seconds: number) => string;
  /** Name of a five-digit class or two-digit major. */
  readonly className: (code: string) => string;
}

const DEFAULT_ZONE = "Asia/Shanghai";

/** Numbers, times and class names in the language of the screen and the zone of the county. */
export function useFormat(): Format {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const timezone = useCurrentCounty()?.timezone ?? DEFAULT_ZONE;
  const classes = useCountyInfo((state) => state.classes);
  return useMemo(() => {
    const whole = new Intl.NumberFormat(language);
    const zone = { timeZone: timezone, hourCycle: "h23" } as const;
    const minute = { hour: "2-digit", minute: "2-digit" } as const;
    const day = { month: "2-digit", day: "2-digit" } as const;
    const year = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, year: "numeric" });
    const thisYear = year.format(serverNow());
    const short = new Intl.DateTimeFormat(language, { ...zone, ...day, ...minute });
    const long = new Intl.DateTimeFormat(language, { ...zone, year: "numeric", ...day, ...minute });
    const date = new Intl.DateTimeFormat(language, { ...zone, year: "numeric", ...day });
    const time = new Intl.DateTimeFormat(language, { ...zone, ...minute });
    const duration = (seconds: number): string => {
      const minutes = Math.floor(Math.abs(seconds) / 60);
      const days = Math.floor(minutes / 1440);
      const hours = Math.floor((minutes % 1440) / 60);
      if (days >= 10) return t("duration.days", { days });
      if (days) return t("duration.daysHours", { days, hours });
      if (hours) return t("duration.hoursMinutes", { hours, minutes: minutes % 60 });
      return t("duration.minutes", { minutes });
    };
    return {
      number: (value) => whole.format(value),
      count: (value, exact) => `${exact ? "" : "≈ "}${whole.format(value)}`,
      percent: (share) => `${(Math.floor(share * 1000) / 10).toFixed(1)}%`,
      instant: (seconds) => (year.format(seconds * 1000) === thisYear ? short : long).format(seconds * 1000),
      date: (seconds) => date.format(seconds * 1000),
      time: (seconds) => time.format(seconds * 1000),
      duration,
      countdown: (seconds) => {
        const whole = Math.floor(Math.abs(seconds));
        if (whole >= 86_400) return duration(whole);
        const two = (value: number): string => String(value).padStart(2, "0");
        return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
      },
      className: (code) => {
        const known = classes.get(code);
        if (known) return language === "en" ? known.nameEn : known.name;
        return code.length === 2 ? t(`major.${code}`, { defaultValue: t("major.other", { code }) }) : code;
      },
    };
  }, [t, language, timezone, classes]);
}

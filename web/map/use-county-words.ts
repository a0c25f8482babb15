import { useCountyInfo, useCurrentCounty } from "../app/county-info.ts";
import { useView } from "../app/view-state.ts";

/** IANA zone of the county on screen; that of China until the county is known. */
export const useTimezone = (): string => useCurrentCounty()?.timezone ?? "Asia/Shanghai";

/** Name of a five-digit class in the language of the page; the code itself when the table does not hold it. */
export function useClassName(): (code: string) => string {
  const classes = useCountyInfo((info) => info.classes);
  const language = useView((view) => view.language);
  return (code) => {
    const entry = classes.get(code);
    return (language === "en" ? entry?.nameEn : entry?.name) ?? code;
  };
}

import { useTranslation } from "react-i18next";
import { useCountyInfo } from "../app/county-info.ts";
import { useView } from "../app/view-state.ts";
import { ownArea } from "../app/viewer.ts";

export function CountySelect() {
  const { t } = useTranslation();
  const counties = useCountyInfo((state) => state.counties);
  const county = useView((view) => view.county);
  const language = useView((view) => view.language);
  const set = useView((view) => view.set);
  const open = (code: string) =>
    set({
      county: code,
      area: ownArea(code) ?? code,
      camera: undefined,
      incidentRef: undefined,
      cameraId: undefined,
      organisationId: undefined,
      filters: { withSuspicious: false },
    });
  // Nothing to choose.
  if (counties.length < 2) return null;
  return (
    <select
      className="select"
      aria-label={t("choose.county")}
      value={county}
      onChange={(event) => open(event.currentTarget.value)}
    >
      {counties.map(({ code, name, nameEn, demo }) => (
        <option key={code} value={code}>
          {language === "en" ? nameEn : name}
          {demo ? ` · ${t("demo.short")}` : ""}
        </option>
      ))}
    </select>
  );
}

export function LanguageButton() {
  const language = useView((view) => view.language);
  const set = useView((view) => view.set);
  const other = language === "en" ? "zh-CN" : "en";
  return (
    <button type="button" className="button" lang={other} onClick={() => set({ language: other })}>
      {other === "en" ? "English" : "中文"}
    </button>
  );
}

export function ThemeButton() {
  const { t } = useTranslation();
  const theme = useView((view) => view.theme);
  const set = useView((view) => view.set);
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" className="button" onClick={() => set({ theme: other })}>
      {t(`theme.${other}`)}
    </button>
  );
}

import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { useView } from "../app/view-state.ts";
import en from "./en.json" with { type: "json" };
import zhCN from "./zh-CN.json" with { type: "json" };

/** Starts translation in the language of the address. Chinese is the source; a test holds both files to the same keys. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: useView.getState().language,
    fallbackLng: "zh-CN",
    resources: { "zh-CN": { translation: zhCN }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

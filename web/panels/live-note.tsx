import { useTranslation } from "react-i18next";
import { EmptyNote } from "../ui/notes.tsx";

/** A card's figures could not be read: short, since cards are small; the next change of a case asks again. */
export function LiveFailed() {
  const { t } = useTranslation();
  return <EmptyNote title={t("panel.failed.title")}>{t("panel.failed.hint")}</EmptyNote>;
}

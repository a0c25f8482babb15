import { useTranslation } from "react-i18next";
import { useCountyInfo } from "../../../app/county-info.ts";
import { withLook } from "../../../app/destination.ts";
import { Link } from "../../../app/router.tsx";
import "./move.css";

/** Stays on every page of administration while a county's own data lies in the embedded database. */
export function StorageWarning({ mayMove }: { mayMove: boolean }) {
  const { t } = useTranslation();
  const { counties, database } = useCountyInfo();
  const own = counties.filter(({ demo }) => !demo);
  if (database !== "EMBEDDED" || own.length === 0) return null;
  return (
    <aside className="storage-warning" role="note" data-testid="storage-warning">
      <strong>▲ {t("admin.storage.title")}</strong>
      <span>{t("admin.storage.promise")}</span>
      {mayMove && <Link to={withLook("/admin/move")}>{t("admin.storage.move")}</Link>}
    </aside>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayDo } from "../app/viewer.ts";
import { exportXlsx } from "./export-xlsx.ts";
import type { TableModel } from "./table-model.ts";

/** Print and Excel of the list on screen. */
export function ListTools({ model }: { model: TableModel }) {
  const { t } = useTranslation();
  const [error, setError] = useState<string | undefined>(undefined);
  const save = () => {
    setError(undefined);
    exportXlsx(model, `${model.title}.xlsx`).catch((cause: Error) => setError(cause.message));
  };
  return (
    <div className="list-tools">
      {error && (
        <span role="alert" className="tone-late">
          {t("export.failed", { reason: error })}
        </span>
      )}
      <button type="button" className="button" onClick={() => print()}>
        {t("export.print")}
      </button>
      {mayDo("export") && (
        <button type="button" className="button" onClick={save}>
          {t("export.excel")}
        </button>
      )}
    </div>
  );
}

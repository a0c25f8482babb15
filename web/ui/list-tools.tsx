import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { mayDo } from "../app/viewer.ts";
import { RecordExportDocument } from "../gql/generated.ts";
import { mutate } from "../gql/mutate.ts";
import { exportXlsx } from "./export-xlsx.ts";
import type { TableModel } from "./table-model.ts";

interface ListToolsProps {
  readonly model: TableModel;
  /** Code of the area of the list. */
  readonly area: string;
  /** What else can be done with it. */
  readonly children?: ReactNode;
}

/** Print and Excel of the list on screen. A file is written only after the audit log knows of it. */
export function ListTools({ model, area, children }: ListToolsProps) {
  const { t } = useTranslation();
  const [error, setError] = useState<string | undefined>(undefined);
  const save = () => {
    setError(undefined);
    mutate(RecordExportDocument, { areaCode: area, list: model.title.slice(0, 100), rows: model.rows.length })
      .then(() => exportXlsx(model, `${model.title}.xlsx`))
      .catch((cause: Error) => setError(cause.message));
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
      {children}
    </div>
  );
}

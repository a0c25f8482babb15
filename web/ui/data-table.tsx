import type { ReactNode } from "react";
import { useFormat } from "./format.ts";
import type { TableCell, TableModel } from "./table-model.ts";
import "./data-table.css";

interface Props {
  readonly model: TableModel;
  /** How a cell is shown when not as its plain text; must show the same text. */
  readonly show?: Readonly<Record<string, (value: TableCell, row: number) => ReactNode>>;
  readonly selected?: number | undefined;
  readonly testId: string;
}

/** A list: what it shows is what is printed and exported. */
export function DataTable({ model, show = {}, selected, testId }: Props) {
  const format = useFormat();
  return (
    <table className="data-table" data-testid={testId}>
      <caption className="sr-only">{model.title}</caption>
      <thead>
        <tr>
          {model.columns.map(({ key, title, align }) => (
            <th key={key} scope="col" data-align={align}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {model.rows.map((row, index) => (
          <tr key={String(row["key"] ?? index)} data-selected={index === selected || undefined}>
            {model.columns.map(({ key, align }, column) => {
              const value = row[key] ?? "";
              const content = show[key]?.(value, index) ?? (typeof value === "number" ? format.number(value) : value);
              return column === 0 ? (
                <th key={key} scope="row" data-key={key}>
                  {content}
                </th>
              ) : (
                <td key={key} data-key={key} data-align={align}>
                  {content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

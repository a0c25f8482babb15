/** One column of a list: the same model is shown, printed and written to Excel, so that they cannot differ. */
export interface TableColumn {
  readonly key: string;
  readonly title: string;
  readonly align?: "start" | "end";
}

export type TableCell = string | number;

export interface TableModel {
  readonly title: string;
  /** Lines above the table: place, filters, as of. */
  readonly notes: readonly string[];
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Readonly<Record<string, TableCell>>[];
}

import { type ColumnType, column, type ExportColumn, type ExportKindDescription, type ExportRow } from "./column.ts";
import { plainValue } from "./values.ts";
import { wktOf } from "./wkt.ts";

/** A column of a table, with how it is taken from a row. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly label: { readonly zh: string; readonly en: string };
  readonly value: (row: ExportRow) => string | number | boolean | null;
}

const LON = column("lon", "number", "经度", "Longitude, degrees WGS 84");
const LAT = column("lat", "number", "纬度", "Latitude, degrees WGS 84");
const WKT = column("wkt", "text", "几何（WKT）", "Geometry as well-known text");

const coordinate = (row: ExportRow, axis: 0 | 1): number | null => {
  const { geometry } = row;
  return geometry?.type === "Point" ? ((geometry.coordinates as readonly number[])[axis] ?? null) : null;
};

/**
 * Columns of a kind as a table: the id first where no other column names the row, places last. Points are `lon` and `lat`;
 * lines and surfaces are well-known text, where the format has room for it.
 *
 * @param zone the county's, for instants as text; undefined leaves them as the database gave them
 */
export function tableColumns(
  kind: Pick<ExportKindDescription, "geometry" | "idColumn">,
  columns: readonly ExportColumn[],
  zone: string | undefined,
  surfaces: boolean,
): TableColumn[] {
  const table: TableColumn[] = columns.map((one) => ({
    ...one,
    value: (row) => {
      const value = row.values[one.name] ?? null;
      return zone === undefined ? value : plainValue(one, value, zone);
    },
  }));
  if (kind.idColumn) table.unshift({ ...column("id", "code", "标识", "Id"), value: (row) => row.id });
  if (kind.geometry === "Point")
    table.push({ ...LON, value: (row) => coordinate(row, 0) }, { ...LAT, value: (row) => coordinate(row, 1) });
  else if (kind.geometry !== "none" && surfaces)
    table.push({ ...WKT, value: (row) => (row.geometry ? wktOf(row.geometry) : null) });
  return table;
}

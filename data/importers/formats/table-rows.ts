import { NOTE_COLUMN } from "../../exporters/export-note.ts";
import { unguardText } from "../../exporters/formula-text.ts";
import type { RawFeature, RawGeometry } from "../raw-layer.ts";
import type { ImportLog } from "../report.ts";
import { GeometryFault } from "./wkb.ts";
import { looksLikeWkt, readWkt } from "./wkt.ts";

/** Columns in front of rows that were rejected: importing them again passes them over. */
export const REJECTION_COLUMNS: readonly string[] = ["_at", "_reason", "_message", "_value"];
/** Column in which a rejected feature's geometry stands. */
export const WKT_COLUMN = "geometry_wkt";

const WKT_NAMES: readonly string[] = [
  WKT_COLUMN,
  "wkt",
  "geom",
  "geometry",
  "the_geom",
  "wkt_geom",
  "shape",
  "几何",
  "图形",
];

/** True for the header of a file of rejected rows. */
export const isOfRejected = (header: readonly unknown[]): boolean =>
  REJECTION_COLUMNS.every((name, index) => String(header[index] ?? "").replace(/^\uFEFF/, "") === name);

/** A header made usable: blank names numbered, equal ones too; `undefined` for a column that is not data. */
export function tableHeader(cells: readonly unknown[]): (string | undefined)[] {
  const seen = new Map<string, number>();
  const rejected = isOfRejected(cells);
  return Array.from(cells, (cell, index) => {
    if (rejected && index < REJECTION_COLUMNS.length) return undefined;
    const name =
      String(cell ?? "")
        .replace(/^\uFEFF/, "")
        .replace(/\s+/g, " ")
        .trim() || `column_${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

/** Rows of a table as features: a column of well-known text, where there is one, becomes the geometry. */
export class TableRows {
  readonly fields: readonly string[];
  readonly #columns: readonly (readonly [name: string, index: number])[];
  readonly #wkt: number | undefined;
  readonly #declared: string | undefined;

  /**
   * @param header of `tableHeader`
   * @param firstRow tells a column of geometry from one that merely has its name
   */
  constructor(header: readonly (string | undefined)[], firstRow: readonly unknown[]) {
    const columns = header.flatMap((name, index) => (name === undefined ? [] : [[name, index] as const]));
    this.#wkt = columns.find(([name, index]) => {
      const value = firstRow[index];
      return WKT_NAMES.includes(name.toLowerCase()) && typeof value === "string" && looksLikeWkt(value);
    })?.[1];
    this.#columns = columns.filter(([, index]) => index !== this.#wkt);
    this.fields = this.#columns.map(([name]) => name);
    const first = this.#wkt === undefined ? undefined : firstRow[this.#wkt];
    const srid = typeof first === "string" ? /^\s*SRID\s*=\s*(\d+)/i.exec(first)?.[1] : undefined;
    const told = srid === undefined || srid === "0" ? undefined : `EPSG:${srid}`;
    this.#declared = told ?? (header.includes(NOTE_COLUMN) ? "EPSG:4326" : undefined);
  }

  /** From `SRID=4490;…` of the first geometry, or because the table is an export of ours. */
  get declaredCrs(): string | undefined {
    return this.#declared;
  }

  get hasGeometry(): boolean {
    return this.#wkt !== undefined;
  }

  /** `undefined` when the row was skipped into the log. */
  feature(cells: readonly unknown[], at: string, number: number, log: ImportLog): RawFeature | undefined {
    const properties: Record<string, unknown> = {};
    for (const [name, index] of this.#columns) {
      const cell = cells[index] ?? "";
      // Exports put an apostrophe before what a spreadsheet would run.
      properties[name] = typeof cell === "string" ? unguardText(cell) : cell;
    }
    const text = this.#wkt === undefined ? undefined : cells[this.#wkt];
    let geometry: RawGeometry | null = null;
    if (typeof text === "string" && text.trim() !== "") {
      try {
        ({ geometry } = readWkt(text));
      } catch (error) {
        if (!(error instanceof GeometryFault)) throw error;
        log.skip("bad_wkt", { at, value: text, message: error.message });
        return undefined;
      }
    }
    return { at, number, id: undefined, properties, geometry };
  }
}

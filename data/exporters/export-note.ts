import type { ExportKind } from "./registry.ts";

/** What every file says of itself: where it is from, who took it, and what it holds. */
export interface ExportNote {
  readonly kind: ExportKind;
  readonly label: { readonly zh: string; readonly en: string };
  readonly county: { readonly code: string; readonly name: string };
  /** Code of the area that was asked for. */
  readonly area: string;
  /** Where the county's data comes from. */
  readonly source: string;
  /** ISO 8601 with the county's offset. */
  readonly exportedAt: string;
  readonly asOf: string;
  /** Name and global id of whoever took it; `cli` at the command line. */
  readonly exportedBy: string;
  /** What was asked for beside the area, as the query had it; empty for everything. */
  readonly filter: Readonly<Record<string, string>>;
}

/**
 * Name of the last column of tables: what the file says of itself, beside its first row. No field goes by that name; a table
 * that has the column is one of ours, in WGS 84.
 */
export const NOTE_COLUMN = "export_note";

/** The note line by line, Chinese first: `[label, value]`. */
export function noteLines(note: ExportNote): [label: string, value: string][] {
  const filter = Object.entries(note.filter)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");
  return [
    ["内容 Contents", `${note.label.zh} ${note.label.en}`],
    ["区县 County", `${note.county.name} ${note.county.code}`],
    ["范围 Area", note.area],
    ["数据来源 Source", note.source],
    ["数据时点 As of", note.asOf],
    ["导出时间 Exported at", note.exportedAt],
    ["导出人 Exported by", note.exportedBy],
    ["条件 Filter", filter === "" ? "—" : filter],
    ["坐标系 Coordinates", "WGS 84 (EPSG:4326), degrees; CGCS2000 is taken as equal at map accuracy"],
    ["水印 Watermark", watermark(note)],
  ];
}

/** One line that says whose copy a file is. */
export const watermark = (note: ExportNote): string =>
  `经纬 Jingwei · ${note.county.name} ${note.county.code} · ${note.label.zh} ${note.label.en} · ${note.exportedBy} · ${note.exportedAt} · 数据时点 as of ${note.asOf} · 来源 source: ${note.source}`;

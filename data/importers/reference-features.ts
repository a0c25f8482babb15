import { areaM2, lengthM } from "../geo/measure.ts";
import type { ContextKind, ContextRecord } from "../model/area.ts";
import type { LonLat } from "../model/geometry.ts";
import { fromLattice, toLattice } from "../model/geometry.ts";
import { readDay } from "./day.ts";
import type { FieldMap } from "./field-map.ts";
import { isFault, repairPolygon } from "./polygon-rings.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature, RawGeometry } from "./raw-layer.ts";
import type { ReferenceKind } from "./reference-fields.ts";
import type { ImportLog } from "./report.ts";
import { placeKey } from "./stand-in.ts";

/** A feature of a reference layer as read. */
export interface ReferenceDraft {
  /** Where it stands in the file. */
  readonly at: string;
  /** What tells it from others of its kind on the next import. */
  readonly key: string;
  /** Its id in the source; null where it has none. */
  readonly sourceRef: string | null;
  readonly kind: ContextKind;
  readonly rank: string;
  /** The source's own word for what it is. */
  readonly class: string | null;
  readonly name: string | null;
  readonly geometry: ContextRecord["geometry"];
  /** Geodesic; length of lines, area of polygons. */
  readonly lengthM: number | null;
  readonly areaM2: number | null;
  /** Day of the source, yyyy-mm-dd. */
  readonly date: string | null;
}

interface ReferenceRule {
  readonly kind: ContextKind;
  readonly lines: boolean;
  readonly polygons: boolean;
  readonly rank: (text: string, polygon: boolean) => string;
}

const ARTERIAL = /^(motorway|trunk|primary)(_link)?$|高速|国道|省道|快速路|主干|一级|^G\d|^S\d/i;
const COLLECTOR = /^(secondary|tertiary)(_link)?$|次干|县道|乡道|二级|三级|^X\d|^Y\d/i;
const LAKE = /lake|pond|reservoir|basin|湖|水库|塘|池|库/i;

/** What each kind may be drawn as, and what it is drawn by (`ContextRecord.rank`). */
const RULES: Readonly<Record<ReferenceKind, ReferenceRule>> = {
  roads: {
    kind: "road",
    lines: true,
    polygons: true,
    // OpenStreetMap `highway`; Chinese classes by administration (国省县乡), by function (CJJ 37) and by technique (JTG B01).
    rank: (text) => (ARTERIAL.test(text) ? "arterial" : COLLECTOR.test(text) ? "collector" : "local"),
  },
  water: {
    kind: "water",
    lines: true,
    polygons: true,
    rank: (text, polygon) => (polygon && LAKE.test(text) ? "lake" : "river"),
  },
  railways: { kind: "rail", lines: true, polygons: false, rank: () => "rail" },
  blocks: { kind: "block", lines: false, polygons: true, rank: () => "block" },
};

/** Reads a layer of a reference kind; features that cannot be one are skipped into the log with their place. */
export async function readReferenceDrafts(
  features: AsyncIterable<RawFeature>,
  kind: ReferenceKind,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<ReferenceDraft[]> {
  const rule = RULES[kind];
  const drafts: ReferenceDraft[] = [];
  for await (const { at, id, properties, geometry: raw } of features) {
    const geometry = shapeOf(raw, rule, kind);
    if ("reason" in geometry) {
      log.skip(geometry.reason, { at, value: geometry.value, message: geometry.message });
      continue;
    }
    const polygon = geometry.type === "MultiPolygon";
    const sourceRef = propertyText(properties, fields["id"]) ?? id ?? null;
    const name = propertyText(properties, fields["name"]) ?? null;
    const cls = propertyText(properties, fields["class"]) ?? null;
    const key = sourceRef ?? placeKey(geometry.coordinates);
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: key, message: `${first} has the same id` });
      continue;
    }
    seen.set(key, at);
    drafts.push({
      at,
      key,
      sourceRef,
      kind: rule.kind,
      rank: rule.rank(`${cls ?? ""}`.trim() || (kind === "water" ? (name ?? "") : ""), polygon),
      class: cls,
      name,
      geometry,
      lengthM: polygon ? null : geometry.coordinates.reduce((sum, line) => sum + lengthM(line), 0),
      areaM2: polygon ? areaM2(geometry.coordinates) : null,
      date: readDay(properties, fields["date"], at, log),
    });
  }
  return drafts;
}

interface ShapeFault {
  readonly reason: string;
  readonly message: string;
  readonly value: string;
}

function shapeOf(
  raw: RawGeometry | null,
  rule: ReferenceRule,
  kind: ReferenceKind,
): ContextRecord["geometry"] | ShapeFault {
  if (!raw) return { reason: "no_geometry", message: "the feature has no geometry", value: "null" };
  if (rule.lines && (raw.type === "LineString" || raw.type === "MultiLineString")) return linesOf(raw);
  if (rule.polygons && (raw.type === "Polygon" || raw.type === "MultiPolygon")) {
    const repaired = repairPolygon(raw);
    return isFault(repaired) ? repaired : { type: "MultiPolygon", coordinates: repaired.geometry };
  }
  const wanted = [rule.lines ? "lines" : "", rule.polygons ? "polygons" : ""].filter(Boolean).join(" or ");
  return { reason: "wrong_shape", message: `${kind} are ${wanted}, not a ${raw.type}`, value: raw.type };
}

/** Lines on the lattice; repeated positions dropped, parts without length left out. */
function linesOf({ type, coordinates }: RawGeometry): ContextRecord["geometry"] | ShapeFault {
  const parts = type === "LineString" ? [coordinates] : coordinates;
  const fault = (reason: string, message: string): ShapeFault => ({
    reason,
    message,
    value: JSON.stringify(coordinates) ?? "",
  });
  const bad = (): ShapeFault =>
    fault("bad_coordinates", "a position must be two numbers, longitude −180…180 then latitude −90…90");
  if (!Array.isArray(parts)) return bad();
  const lines: LonLat[][] = [];
  for (const part of parts) {
    if (!Array.isArray(part)) return bad();
    const line: LonLat[] = [];
    for (const position of part) {
      const [lon, lat] = Array.isArray(position) ? (position as unknown[]) : [];
      if (typeof lon !== "number" || typeof lat !== "number" || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
        return bad();
      const next: LonLat = [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))];
      const last = line[line.length - 1];
      if (!last || last[0] !== next[0] || last[1] !== next[1]) line.push(next);
    }
    if (line.length > 1) lines.push(line);
  }
  return lines.length > 0
    ? { type: "MultiLineString", coordinates: lines }
    : fault("empty_line", "the line has no length");
}

import type { ColumnOf, ExportKind } from "../../data/exporters/registry.ts";
import type { ContextKind } from "../../data/model/area.ts";
import { readsSmallHomes } from "../../data/policy/small-households.ts";
import type { Transaction } from "../driver.ts";
import { type CutTable, columnOrNull } from "../policy/seat-columns.ts";

/** An expression; a function where the viewer's role decides which. */
type Expression = string | ((tx: Transaction) => string);

/** How a kind is read. In every expression `$1` is the county and `$2` the instant of the request. */
export interface FeatureSource<Name extends string = string> {
  /** Tables after FROM, with their aliases and conditions of joins. */
  readonly from: string;
  /** Conditions on the county of the first table, and whatever else makes it this kind. */
  readonly where: string;
  readonly id: string;
  /** What pages are ordered and continued by: unique, and never changed in a row. */
  readonly key: { readonly sql: string; readonly type: "text" | "uuid" };
  /** Code of the area that a row lies in; null where rows belong to the county as a whole. */
  readonly scope: string | null;
  /** Geometry; null where there is none. */
  readonly geometry: string | null;
  /** Alias of a table with a `cell`, or with `west … north`, so that boxes are found by an index (data rule 7). */
  readonly box: { readonly alias: string; readonly by: "cell" | "edges" | "none" };
  /** Columns of time: of versions, or of the moment that a thing began, with the id whose time bits say the same. */
  readonly time:
    | { readonly from: string; readonly to: string }
    | { readonly opened: string; readonly id: string }
    | null;
  readonly columns: Readonly<Record<Name, Expression>>;
}

const PARENT = `nullif(left(v.code, CASE v.level WHEN 'town' THEN 6 WHEN 'community' THEN 9 WHEN 'grid' THEN 12
  WHEN 'micro' THEN 15 ELSE 0 END), '')`;

/** What is told of households, and nothing where nobody knows them (the column then reads 0). */
const known = (alias: string, expression: string): string =>
  `CASE WHEN ${alias}.households_basis <> 'unknown' THEN ${expression} END`;

const areas = (where: string): FeatureSource<ColumnOf<"areas">> => ({
  from: "area_version v",
  where: `v.county = $1 AND ${where}`,
  id: "v.id",
  // The code of a version never changes; several versions may have had it.
  key: { sql: "(v.code || ' ' || v.id::text)", type: "text" },
  scope: "v.code",
  geometry: "v.geom",
  box: { alias: "v", by: "edges" },
  time: { from: "v.valid_from", to: "v.valid_to" },
  columns: {
    code: "v.code",
    name: "v.name",
    level: "v.level",
    parent: PARENT,
    kind: "v.kind",
    urban: "v.urban",
    households: known("v", "v.households"),
    estimated: known("v", "NOT v.households_exact"),
    area_m2: "v.area_m2",
    source_ref: "nullif(v.source_ref, v.code)",
    source_crs: "v.source_crs",
    valid_from: "lower(v.valid)",
    valid_to: "upper(v.valid)",
  },
});

const cut =
  (table: CutTable, name: string, type: string): Expression =>
  (tx) =>
    columnOrNull(tx, table, name, type);

/** Points of a table of their own. */
const point = <Name extends string>(table: string, columns: FeatureSource<Name>["columns"]): FeatureSource<Name> => ({
  from: `${table} p`,
  where: "p.county = $1",
  id: "p.id",
  key: { sql: "p.id", type: "uuid" },
  scope: "p.scope_code",
  geometry: "p.geom",
  box: { alias: "p", by: "none" },
  time: null,
  columns,
});

/** A reference layer: what stands in one table, by its kind. */
const reference = (kind: ContextKind): FeatureSource<ColumnOf<"roads">> => ({
  from: "context_feature f",
  where: `f.county = $1 AND f.kind = '${kind}'`,
  id: "f.id",
  key: { sql: "f.id", type: "uuid" },
  scope: null,
  geometry: "f.geom",
  box: { alias: "f", by: "edges" },
  time: null,
  columns: {
    name: "f.name",
    class: "f.class",
    rank: "f.rank",
    length_m: "f.length_m",
    area_m2: "f.area_m2",
    source: "f.source",
    source_ref: "f.source_ref",
    date: "f.source_date",
  },
});

/** Every kind of `data/exporters/registry.ts`. */
export const FEATURE_SOURCES: { readonly [Kind in ExportKind]: FeatureSource<ColumnOf<Kind>> } = {
  areas: areas("v.level IS NOT NULL"),
  grids: areas("v.level = 'grid'"),
  compounds: {
    from: "compound c",
    where: "c.county = $1",
    id: "c.id",
    key: { sql: "c.id", type: "uuid" },
    scope: "c.community_code",
    geometry: "c.geom",
    box: { alias: "c", by: "none" },
    time: null,
    columns: {
      name: "c.name",
      kind: "c.kind",
      community: "c.community_code",
      households: known("c", "c.households"),
      estimated: known("c", "NOT c.households_exact"),
    },
  },
  buildings: {
    from: "building b LEFT JOIN compound c ON c.county = $1 AND c.id = b.compound_id",
    where: "b.county = $1",
    id: "b.id",
    key: { sql: "b.id", type: "uuid" },
    scope: "b.scope_code",
    geometry: "b.geom",
    box: { alias: "b", by: "none" },
    time: null,
    columns: {
      floors: "b.floors",
      // One household's home: its number is told to those who draw boundaries and administer (`householdsOfBuilding`).
      households: ({ scope }) =>
        known("b", scope.kind !== "viewer" || readsSmallHomes(scope.role) ? "b.households" : "nullif(b.households, 1)"),
      estimated: known("b", "NOT b.households_exact"),
      area: "b.scope_code",
      compound: "c.name",
    },
  },
  organisations: {
    from: "organisation o",
    where: "o.county = $1",
    id: "o.id",
    key: { sql: "o.id", type: "uuid" },
    scope: null,
    geometry: null,
    box: { alias: "o", by: "none" },
    time: null,
    columns: {
      name: "o.name",
      kind: "o.kind",
      credit_code: "o.credit_code",
      unit_level: "o.unit_level",
      duty_phone: cut("organisation", "o.duty_phone", "text"),
    },
  },
  staff: {
    from: `duty_staff s LEFT JOIN organisation o ON o.county = $1 AND o.id = s.organisation_id
      LEFT JOIN post_holder h ON h.county = $1 AND h.staff_id = s.id AND h.valid_from <= $2::timestamptz AND h.valid_to > $2::timestamptz
      LEFT JOIN post t ON t.county = $1 AND t.id = h.post_id
      JOIN county_profile p ON p.county = $1`,
    where: "s.county = $1",
    id: "s.id",
    key: {
      sql: "(s.id::text || ' ' || coalesce(t.id::text, '') || ' ' || coalesce(h.slot, '') || ' ' || coalesce(h.valid_from::text, ''))",
      type: "text",
    },
    scope: "s.scope_code",
    geometry: null,
    box: { alias: "s", by: "none" },
    time: null,
    columns: {
      name: "s.name",
      title: "s.title",
      organisation: "o.name",
      kind: "t.kind",
      area: `(SELECT string_agg(a.scope_code, ';' ORDER BY a.scope_code) FROM post_area a WHERE a.county = $1 AND a.post_id = t.id)`,
      slot: "h.slot",
      place: "t.place",
      // Days of the county's calendar; the last one is served to its end.
      from: "(lower(h.valid) AT TIME ZONE p.timezone)::date",
      to: "((upper(h.valid) - interval '1 millisecond') AT TIME ZONE p.timezone)::date",
      work_phone: "(SELECT k.work_phone FROM duty_staff_contact k WHERE k.county = $1 AND k.staff_id = s.id)",
      scope: "s.scope_code",
    },
  },
  cameras: {
    from: "camera c",
    where: "c.county = $1",
    id: "c.id",
    key: { sql: "c.device_code", type: "text" },
    scope: "c.scope_code",
    geometry: "c.geom",
    box: { alias: "c", by: "cell" },
    time: null,
    columns: {
      device_code: "c.device_code",
      name: "c.name",
      network: "c.network",
      indoor: "c.indoor",
      area: "c.scope_code",
      status: cut("camera", "c.status", "text"),
      manufacturer: cut("camera", "c.manufacturer", "text"),
      model: cut("camera", "c.model", "text"),
      owner: (tx) =>
        `(SELECT o.name FROM organisation o WHERE o.county = $1
           AND o.id = ${columnOrNull(tx, "camera", "c.owner_organisation_id", "uuid")})`,
      ptz_type: cut("camera", "c.ptz_type", "smallint"),
      position_type: cut("camera", "c.position_type", "smallint"),
      azimuth_deg: cut("camera", "c.azimuth_deg", "real"),
      angle_deg: cut("camera", "c.angle_deg", "real"),
      range_m: cut("camera", "c.range_m", "real"),
      legal_basis: cut("camera", "c.legal_basis", "text"),
      sign: cut("camera", "c.sign", "boolean"),
      filing_no: cut("camera", "c.filing_no", "text"),
      in_use_since: cut("camera", "c.in_use_since", "date"),
      retention_days: cut("camera", "c.retention_days", "smallint"),
    },
  },
  incidents: {
    from: "incident i LEFT JOIN organisation o ON o.county = $1 AND o.id = i.organisation_id",
    where: "i.county = $1",
    id: "i.id",
    key: { sql: "i.id", type: "uuid" },
    scope: "i.scope_code",
    // Of sensitive cases the label point of their area: nothing else is in this column (docs/need-to-know.md).
    geometry: "i.geom",
    box: { alias: "i", by: "cell" },
    time: { opened: "i.opened_at", id: "i.id" },
    columns: {
      case_id: (tx) => `coalesce(${columnOrNull(tx, "incident", "i.source_ref", "text")}, i.id::text)`,
      ref: "i.ref",
      opened: "i.opened_at",
      due: "i.due_at",
      closed: "i.closed_at",
      state: "i.state",
      class: "i.class_code",
      severity: "i.severity",
      source: "i.source",
      title: cut("incident", "i.title", "text"),
      org: "o.name",
      // A blank says that the source judged nothing; this, that it was never asked.
      verdict: "coalesce(i.source_verdict, 'unjudged')",
      area_at: "i.grid_code_at",
      area: "i.scope_code",
      border: "i.border",
      suspicious: "i.suspicious",
      sensitive: "i.sensitive",
    },
  },
  roads: reference("road"),
  water: reference("water"),
  railways: reference("rail"),
  blocks: reference("block"),
  stations: point("station", {
    name: "p.name",
    kind: "p.kind",
    hours: "p.hours",
    duty_phone: cut("station", "p.duty_phone", "text"),
    area: "p.scope_code",
    source: "p.source",
    source_ref: "p.source_ref",
  }),
  gauges: point("gauge", {
    name: "p.name",
    kind: "p.kind",
    warn_level_m: "p.warn_level_m",
    area: "p.scope_code",
    source: "p.source",
    source_ref: "p.source_ref",
  }),
  boards: point("notice_board", {
    name: "p.name",
    state: "p.state",
    printed_on: "p.printed_on",
    area: "p.scope_code",
    source: "p.source",
    source_ref: "p.source_ref",
  }),
  layers: {
    from: "layer_area a JOIN grid_layer l ON l.county = $1 AND l.id = a.layer_id",
    where: "a.county = $1",
    id: "a.id",
    key: { sql: "a.id", type: "uuid" },
    scope: null,
    geometry: "a.geom",
    box: { alias: "a", by: "none" },
    time: null,
    columns: {
      layer: "l.name",
      code: "a.code",
      name: "a.name",
      unit: "a.unit",
      date: "a.source_date",
      area_m2: "a.area_m2",
      merged: "a.merged_at",
    },
  },
};

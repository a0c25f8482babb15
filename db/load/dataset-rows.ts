import { demoAlarms } from "../../data/demo/population/demo-alarms.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { type IncidentRecord, isOpenState } from "../../data/model/incident.ts";
import type { CopyValue } from "../driver.ts";
import { multiLineStringEwkb, multiPolygonEwkb, pointEwkb } from "../ewkb.ts";
import { CLOCK_COLUMNS, clockValues } from "../repositories/clock-repository.ts";
import type { TenantTable } from "../tenant-tables.ts";
import { caseClockRows } from "./clock-rows.ts";
import type { ScopeCodes } from "./scope-codes.ts";
import { coarsePoint } from "./sensitive-classes.ts";

/** Rows of one table, encoded one by one while they are sent. */
export interface TableRows {
  readonly table: TenantTable;
  readonly columns: readonly string[];
  readonly count: number;
  readonly rows: Iterable<readonly CopyValue[]>;
}

/** A half-open range of times in PostgreSQL's text form; null = without end. */
export const timeRange = (from: string, to: string | null): string => `[${from},${to ?? ""})`;

const none = <T>(value: T | undefined): T | null => value ?? null;

export function table<T>(
  name: TenantTable,
  columns: readonly string[],
  records: readonly T[],
  encode: (record: T) => readonly CopyValue[],
): TableRows {
  function* rows(): Generator<readonly CopyValue[]> {
    for (const record of records) yield encode(record);
  }
  return { table: name, columns, count: records.length, rows: rows() };
}

/** Tables of places and people, except areas, in the order in which they can be loaded. */
export function placeAndPeopleRows(data: CountyDataset, scopes: ScopeCodes): TableRows[] {
  const { county } = data.profile;
  return [
    table(
      "compound",
      ["county", "id", "community_code", "kind", "name", "name_sort", "households", "geom"],
      data.compounds,
      (c) => [county, c.id, c.communityCode, c.kind, c.name, c.nameSort, c.households, multiPolygonEwkb(c.geometry)],
    ),
    table("grid_compound", ["county", "grid_id", "compound_id", "share"], data.gridCompounds, (g) => [
      county,
      g.gridId,
      g.compoundId,
      g.share,
    ]),
    table(
      "building",
      ["county", "id", "compound_id", "scope_code", "floors", "households", "geom", "label"],
      data.buildings,
      (b) => [
        county,
        b.id,
        b.compoundId,
        b.scopeCode,
        b.floors,
        b.households,
        multiPolygonEwkb(b.geometry),
        pointEwkb(b.label),
      ],
    ),
    table("context_feature", ["county", "id", "kind", "rank", "name", "geom"], data.context, (c) => [
      county,
      c.id,
      c.kind,
      c.rank,
      c.name,
      c.geometry.type === "MultiPolygon"
        ? multiPolygonEwkb(c.geometry.coordinates)
        : multiLineStringEwkb(c.geometry.coordinates),
    ]),
    table(
      "organisation",
      ["county", "id", "kind", "name", "name_sort", "credit_code", "unit_level", "duty_phone"],
      data.organisations,
      (o) => [county, o.id, o.kind, o.name, o.nameSort, o.creditCode, o.unitLevel, o.dutyPhone],
    ),
    table(
      "admission_item",
      ["county", "id", "department", "organisation_id", "item", "classes", "kind", "batch", "ordinal"],
      (data.admissionItems ?? []).map((record, i) => ({ ...record, ordinal: i + 1 })),
      // Class codes are digits: nothing in them needs quotes in an array's text.
      (a) => [
        county,
        a.id,
        a.department,
        a.organisationId,
        a.item,
        `{${a.classes.join(",")}}`,
        a.kind,
        a.batch,
        a.ordinal,
      ],
    ),
    table(
      "organisation_role",
      ["county", "id", "organisation_id", "area_id", "role", "contract_no", "valid", "scope_code"],
      data.organisationRoles,
      (r) => [
        county,
        r.id,
        r.organisationId,
        r.areaId,
        r.role,
        r.contractNo,
        timeRange(r.from, r.to),
        scopes.ofArea(r.areaId),
      ],
    ),
    table("post", ["county", "id", "kind", "organisation_id", "place", "geom", "scope_code"], data.posts, (p) => [
      county,
      p.id,
      p.kind,
      p.organisationId,
      p.place,
      pointEwkb(p.point),
      scopes.ofPost(p.id),
    ]),
    table("post_area", ["county", "post_id", "area_id", "lead", "scope_code"], data.postAreas, (p) => [
      county,
      p.postId,
      p.areaId,
      p.lead,
      scopes.ofArea(p.areaId),
    ]),
    table(
      "duty_staff",
      ["county", "id", "name", "name_sort", "title", "organisation_id", "scope_code"],
      data.staff,
      (s) => [county, s.id, s.name, s.nameSort, s.title, s.organisationId, scopes.ofStaff(s.id)],
    ),
    table("duty_staff_contact", ["county", "staff_id", "work_phone", "scope_code"], data.staff, (s) => [
      county,
      s.id,
      s.workPhone,
      scopes.ofStaff(s.id),
    ]),
    table("post_holder", ["county", "post_id", "staff_id", "slot", "valid", "scope_code"], data.postHolders, (h) => [
      county,
      h.postId,
      h.staffId,
      h.slot,
      timeRange(h.from, h.to),
      scopes.ofPost(h.postId),
    ]),
    table(
      "duty_shift",
      ["county", "id", "post_id", "slot", "weekdays", "start_minute", "end_minute", "scope_code"],
      data.shifts,
      (s) => [county, s.id, s.postId, s.slot, s.weekdays, s.startMinute, s.endMinute, scopes.ofPost(s.postId)],
    ),
    table("staff_absence", ["county", "id", "staff_id", "during", "scope_code"], data.absences, (a) => [
      county,
      a.id,
      a.staffId,
      timeRange(a.from, a.to),
      scopes.ofStaff(a.staffId),
    ]),
  ];
}

/** An open case that nobody has waits for the dispatcher of its deepest area where its source names no inbox. */
function inboxOf(one: IncidentRecord, county: string): readonly [role: CopyValue, area: CopyValue] {
  if (one.inbox) return [one.inbox.role, one.inbox.area];
  if (!isOpenState(one.state) || one.organisationId !== null) return [null, null];
  return ["dispatcher", one.scopeCode ?? county];
}

/**
 * Cameras and incidents with their events, in the order in which they can be loaded. A case of a sensitive class stands
 * at the label point of its deepest area (of the county outside all); its true place goes into a table of its own.
 *
 * @param sensitiveClasses five-digit codes
 */
export function eventRows(data: CountyDataset, sensitiveClasses: ReadonlySet<string>): TableRows[] {
  const { county } = data.profile;
  const labels = new Map(data.areas.map(({ code, label }) => [code, label]));
  const isSensitive = (i: IncidentRecord): boolean => sensitiveClasses.has(i.classCode);
  const drawnPoint = (i: IncidentRecord): LonLat =>
    isSensitive(i) ? (labels.get(i.scopeCode ?? county) ?? labels.get(county) ?? coarsePoint(i.point)) : i.point;
  const incidents = new Map(data.incidents.map((i) => [i.id, i]));
  const clocks = caseClockRows(data);
  return [
    table(
      "camera",
      [
        "county",
        "id",
        "device_code",
        "name",
        "network",
        "status",
        "manufacturer",
        "model",
        "owner_organisation_id",
        "ptz_type",
        "position_type",
        "indoor",
        "azimuth_deg",
        "angle_deg",
        "range_m",
        "geom",
        "scope_code",
        "legal_basis",
        "sign",
        "filing_no",
        "in_use_since",
        "retention_days",
      ],
      data.cameras,
      (c) => [
        county,
        c.id,
        c.deviceCode,
        c.name,
        c.network,
        c.status,
        c.manufacturer,
        c.model,
        c.ownerOrganisationId,
        c.ptzType,
        c.positionType,
        c.indoor,
        c.azimuthDeg,
        c.angleDeg,
        c.rangeM,
        pointEwkb(c.point),
        c.scopeCode,
        c.legalBasis,
        c.sign,
        c.filingNo,
        c.inUseSince,
        c.retentionDays,
      ],
    ),
    table(
      "incident",
      [
        "county",
        "id",
        "ref",
        "class_code",
        "severity",
        "source",
        "state",
        "title",
        "geom",
        "grid_id",
        "grid_code_at",
        "scope_code",
        "opened_at",
        "due_at",
        "first_answer_at",
        "closed_at",
        "source_verdict",
        "border",
        "suspicious",
        "source_ref",
        "organisation_id",
        "version",
        "sensitive",
        "workflow",
        "step",
        "inbox_role",
        "inbox_area",
      ],
      data.incidents,
      (i) => [
        county,
        i.id,
        i.ref,
        i.classCode,
        i.severity,
        i.source,
        i.state,
        i.title,
        pointEwkb(drawnPoint(i)),
        i.gridId,
        i.gridCodeAt,
        i.scopeCode,
        i.openedAt,
        clocks.get(i.id)?.dueAt ?? null,
        i.firstAnswerAt,
        i.closedAt,
        i.sourceVerdict,
        i.border,
        i.suspicious,
        none(i.sourceRef),
        i.organisationId,
        1,
        isSensitive(i),
        none(i.workflow),
        none(i.step),
        ...inboxOf(i, county),
      ],
    ),
    table("incident_sealed_place", ["county", "incident_id", "geom"], data.incidents.filter(isSensitive), (i) => [
      county,
      i.id,
      pointEwkb(i.point),
    ]),
    table(
      "alarm",
      ["county", "incident_id", "scope_code", "sensitive", "raised_at", "acknowledged_at", "acknowledged_name"],
      demoAlarms(data),
      (a) => [
        county,
        a.incidentId,
        a.scopeCode,
        sensitiveClasses.has(a.classCode),
        a.raisedAt,
        a.acknowledgedAt,
        a.acknowledgedName,
      ],
    ),
    table(
      "incident_clock",
      ["county", "incident_id", ...CLOCK_COLUMNS, "scope_code", "sensitive"],
      data.incidents.flatMap((i) => (clocks.get(i.id)?.clocks ?? []).map((clock) => ({ i, clock }))),
      ({ i, clock }) => [county, i.id, ...clockValues(clock), i.scopeCode, isSensitive(i)],
    ),
    table(
      "incident_event",
      [
        "county",
        "id",
        "incident_id",
        "seq",
        "from_state",
        "to_state",
        "actor",
        "at",
        "note",
        "scope_code",
        "sensitive",
        "kind",
        "step",
        "organisation_id",
      ],
      data.incidentEvents,
      (e) => {
        const incident = incidents.get(e.incidentId);
        return [
          county,
          e.id,
          e.incidentId,
          e.seq,
          e.fromState,
          e.toState,
          e.actor,
          e.at,
          e.note,
          incident?.scopeCode ?? null,
          // A step without its case fails the check of foreign keys; until then nobody sees it.
          incident === undefined || isSensitive(incident),
          e.kind ?? "step",
          none(e.step),
          none(e.organisationId),
        ];
      },
    ),
  ];
}

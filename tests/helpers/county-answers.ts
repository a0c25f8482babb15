import type { BaseMapDescription } from "../../data/basemap/base-map.ts";
import { type ColumnTable, encodeColumns, NULL_TIME } from "../../data/columns/format.ts";
import { FLAG, NO_GRID } from "../../data/columns/incident-columns.ts";
import { localPlane, toPlane } from "../../data/columns/local-plane.ts";
import { CAMERA_NETWORKS, CAMERA_STATUSES } from "../../data/model/camera.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import { type LonLat, type MultiPolygonRings, toLattice } from "../../data/model/geometry.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES, isLate } from "../../data/model/incident.ts";

const SENSITIVE = new Set(CLASS_CODES.flatMap(({ code, sensitive }) => (sensitive ? [code] : [])));

/** Answers of the data plane for a generated county, without a database: what the map's tests are fed with. */
export interface CountyAnswers {
  readonly county: string;
  areas(levels: readonly AreaLevel[]): FeatureCollection;
  readonly incidents: Uint8Array;
  readonly cameras: Uint8Array;
  readonly buildings: Uint8Array;
  readonly context: FeatureCollection;
  readonly footprints: FeatureCollection;
  readonly compounds: FeatureCollection;
  /** A base map whose tiles are all the same picture. */
  readonly basemap?: { readonly description: BaseMapDescription; readonly tile: Uint8Array };
}

/** Area in square metres by the shoelace formula on a local plane; holes are subtracted by their direction. */
function areaM2(polygons: MultiPolygonRings): number {
  let sum = 0;
  for (const ring of polygons.flat()) {
    const plane = localPlane(ring[0] as LonLat);
    const points = ring.map(([lon, lat]) => toPlane(plane, lon, lat));
    for (let i = 0; i + 1 < points.length; i++) {
      const [x0, y0] = points[i] as readonly [number, number];
      const [x1, y1] = points[i + 1] as readonly [number, number];
      sum += (x0 * y1 - x1 * y0) / 2;
    }
  }
  return sum;
}

const seconds = (iso: string | null): number => (iso === null ? NULL_TIME : Math.floor(Date.parse(iso) / 1000));

const dictionary = (values: readonly (string | null)[]): { list: string[]; of: (value: string | null) => number } => {
  const list = [...new Set(values.filter((value): value is string => value !== null))].sort();
  const index = new Map(list.map((value, i) => [value, i]));
  return { list, of: (value) => (value === null ? NO_GRID : (index.get(value) ?? NO_GRID)) };
};

function incidentTable(data: CountyDataset, asOfMs: number): ColumnTable {
  const rows = [...data.incidents].sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt) || a.ref - b.ref);
  const classes = dictionary(rows.map((row) => row.classCode));
  const grids = dictionary(rows.map((row) => row.scopeCode));
  return {
    layer: "incidents",
    county: data.profile.county,
    rows: rows.length,
    version: "fixture",
    asOf: Math.floor(asOfMs / 1000),
    columns: {
      lon: Int32Array.from(rows, (row) => toLattice(row.point[0])),
      lat: Int32Array.from(rows, (row) => toLattice(row.point[1])),
      opened: Int32Array.from(rows, (row) => seconds(row.openedAt)),
      closed: Int32Array.from(rows, (row) => seconds(row.closedAt)),
      due: Int32Array.from(rows, (row) => seconds(row.dueAt)),
      flags: Uint8Array.from(
        rows,
        (row) =>
          (row.state === "on_hold" ? FLAG.paused : 0) |
          (row.closedAt && isLate(row, asOfMs) ? FLAG.lateAtClose : 0) |
          (row.border ? FLAG.border : 0) |
          (row.suspicious ? FLAG.suspicious : 0) |
          (SENSITIVE.has(row.classCode) ? FLAG.sensitive : 0),
      ),
      class: Uint16Array.from(rows, (row) => classes.of(row.classCode)),
      state: Uint8Array.from(rows, (row) => INCIDENT_STATES.indexOf(row.state)),
      severity: Uint8Array.from(rows, (row) => INCIDENT_SEVERITIES.indexOf(row.severity)),
      source: Uint8Array.from(rows, (row) => INCIDENT_SOURCES.indexOf(row.source)),
      grid: Uint32Array.from(rows, (row) => grids.of(row.scopeCode)),
      ref: Uint32Array.from(rows, (row) => row.ref),
    },
    dictionaries: { classes: classes.list, grids: grids.list },
  };
}

function cameraTable(data: CountyDataset): ColumnTable {
  const rows = data.cameras;
  const grids = dictionary(rows.map((row) => row.scopeCode));
  return {
    layer: "cameras",
    county: data.profile.county,
    rows: rows.length,
    version: "fixture",
    asOf: 0,
    columns: {
      lon: Int32Array.from(rows, (row) => toLattice(row.point[0])),
      lat: Int32Array.from(rows, (row) => toLattice(row.point[1])),
      azimuth: Uint16Array.from(rows, (row) => (row.azimuthDeg === null ? 65_535 : Math.round(row.azimuthDeg * 10))),
      angle: Uint16Array.from(rows, (row) => row.angleDeg ?? 0),
      range: Uint16Array.from(rows, (row) => row.rangeM ?? 0),
      network: Uint8Array.from(rows, (row) => CAMERA_NETWORKS.indexOf(row.network)),
      status: Uint8Array.from(rows, (row) => CAMERA_STATUSES.indexOf(row.status)),
      grid: Uint32Array.from(rows, (row) => grids.of(row.scopeCode)),
    },
    dictionaries: {
      grids: grids.list,
      ids: rows.map((row) => toGlobalId("Camera", data.profile.county, row.id)),
      names: rows.map((row) => row.name),
    },
  };
}

function buildingTable(data: CountyDataset): ColumnTable {
  const rows = data.buildings;
  const grids = dictionary(rows.map((row) => row.scopeCode));
  return {
    layer: "buildings",
    county: data.profile.county,
    rows: rows.length,
    version: "fixture",
    asOf: 0,
    columns: {
      lon: Int32Array.from(rows, (row) => toLattice(row.label[0])),
      lat: Int32Array.from(rows, (row) => toLattice(row.label[1])),
      households: Uint16Array.from(rows, (row) => row.households),
      grid: Uint32Array.from(rows, (row) => grids.of(row.scopeCode)),
    },
    dictionaries: { grids: grids.list },
  };
}

/** Builds the answers once; `asOfMs` is the instant that ownership and lateness are judged at. */
export function countyAnswers(data: CountyDataset, asOfMs: number): CountyAnswers {
  const { county } = data.profile;
  const names = new Map(data.organisations.map((organisation) => [organisation.id, organisation.name]));
  const owners = new Map<string, { id: string; name: string; status: "owned" | "expired" }>();
  for (const role of data.organisationRoles) {
    if (role.role !== "responsible") continue;
    const expired = role.to !== null && Date.parse(role.to) <= asOfMs;
    if (expired && owners.has(role.areaId)) continue;
    owners.set(role.areaId, {
      id: toGlobalId("Organisation", county, role.organisationId),
      name: names.get(role.organisationId) ?? "",
      status: expired ? "expired" : "owned",
    });
  }
  const polygons = (rows: readonly { readonly geometry: MultiPolygonRings }[]): FeatureCollection => ({
    type: "FeatureCollection",
    features: rows.map(({ geometry }) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "MultiPolygon", coordinates: geometry },
    })),
  });
  return {
    county,
    areas: (levels) => ({
      type: "FeatureCollection",
      features: data.areas
        .filter((area) => levels.includes(area.level))
        .map((area) => ({
          type: "Feature",
          properties: {
            code: area.code,
            id: toGlobalId("Area", county, area.id),
            name: area.name,
            level: area.level,
            kind: area.kind,
            urban: area.urban,
            households: area.households,
            householdsExact: true,
            areaM2: areaM2(area.geometry),
            label: area.label,
            owner: owners.get(area.id) ?? null,
          },
          geometry: { type: "MultiPolygon", coordinates: area.geometry },
        })),
    }),
    incidents: encodeColumns(incidentTable(data, asOfMs)),
    cameras: encodeColumns(cameraTable(data)),
    buildings: encodeColumns(buildingTable(data)),
    context: {
      type: "FeatureCollection",
      features: data.context.map(({ kind, rank, name, geometry }) => ({
        type: "Feature",
        properties: { kind, rank, name },
        geometry,
      })),
    },
    footprints: polygons(data.buildings),
    compounds: polygons(data.compounds),
  };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterPoints, fromMercator, toMercator, WORLD_PX } from "../../data/columns/cluster.ts";
import { decodeColumns } from "../../data/columns/format.ts";
import { type HeatField, type HeatMode, type HeatPer, heatField } from "../../data/columns/heat-field.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { computeMarks, marksBuffers } from "../../data/columns/marks.ts";
import { INCIDENT_STATUSES, statusOfRow } from "../../data/columns/status.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Filters } from "../../web/app/view-state.ts";
import {
  type AreaFeature,
  type BuildingColumns,
  COUNTY_PARTS,
  type CountyPart,
  type LoadState,
} from "../../web/data/county-data.ts";
import { heatLack } from "../../web/layers/heat/heat-lack.ts";
import { homesFrom } from "../../web/layers/heat/homes.ts";
import { shortCount } from "../../web/layers/incidents/incident-marks.ts";
import { showsAllClosed } from "../../web/layers/incidents/shown-closed.ts";
import { type AreaIndex, areaIndex } from "../../web/map/area-index.ts";
import { type Selected, selectedRows } from "../../web/plane/selected.ts";
import { createSmallTown, SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import { countyAnswers } from "../helpers/county-answers.ts";

const answers = countyAnswers(createSmallTown(), SMALL_TOWN_AS_OF);
const columns = incidentColumns(decodeColumns(answers.incidents));
const areas = answers
  .areas(["county", "town", "community", "grid", "micro"])
  .features.map(({ properties, geometry }) => ({ ...properties, geometry }) as unknown as AreaFeature);
const index = areaIndex(areas);
const ready = Object.fromEntries(COUNTY_PARTS.map((part) => [part, "ready"])) as Record<CountyPart, LoadState>;
const select = (filters: Filters): Selected => selectedRows(columns, filters, SMALL_TOWN, columns.asOf);

function computeHeat(
  { shown, counted }: Pick<Selected, "shown" | "counted">,
  buildings: BuildingColumns | undefined,
  of: AreaIndex,
  mode: HeatMode,
  per: HeatPer,
): HeatField | undefined {
  const bbox = of.bboxes.get(SMALL_TOWN) as Bbox;
  const homes = buildings && homesFrom(buildings, of);
  const suspiciousLeftOut = counted.length - shown.length;
  return heatField({ lon: columns.lon, lat: columns.lat, rows: shown }, { bbox, mode, per, suspiciousLeftOut, homes });
}

describe("incident signs", () => {
  const { asOf } = columns;
  const all = select({ withSuspicious: true });

  it("leaves out doubtful positions unless switched on, and counts them all the same", () => {
    const shown = select({ withSuspicious: false });
    expect(all.shown.length).toBe(700);
    expect(shown.shown.length).toBe(700 - 8);
    expect(shown.counted.length).toBe(700);
  });

  it("tells late, due soon, on hold and closed apart", () => {
    const statuses = new Map<string, number>();
    for (const row of all.shown) {
      const status = statusOfRow(columns, row, asOf);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses.keys()].sort()).toEqual(["closed", "due_soon", "late", "on_hold", "open", "suspicious"]);
  });

  const ended = (row: number): boolean => statusOfRow(columns, row, asOf) === "closed";
  const request = { asOf, allEnded: true };
  const bounds: Bbox = [112, 39, 114, 41];

  it("loses and doubles no case that is not closed at any zoom, near or far", () => {
    const wanted = [...all.shown].filter((row) => !ended(row)).length;
    expect(wanted).toBeGreaterThan(50);
    for (const zoom of [9, 12, 14, 16, 19]) {
      const { points, clusters } = computeMarks(columns, all.shown, { ...request, zoom, bounds, chosen: undefined });
      expect(points.count + clusters.size.reduce((sum, size) => sum + size, 0)).toBe(wanted);
      for (let i = 0; i < points.count; i++) expect(columns.ref[points.row[i] as number]).toBe(points.ref[i]);
      const open = [...all.shown].filter((row) => !ended(row) && statusOfRow(columns, row, asOf) !== "suspicious");
      const asks = [...points.status].filter((status) => INCIDENT_STATUSES[status] !== "suspicious").length;
      expect(asks + clusters.open.reduce((sum, n) => sum + n, 0)).toBe(open.length);
    }
  });

  it("gives a closed case a sign only when it is chosen, and cuts what is far from the screen", () => {
    const [closed] = [...all.shown].filter(ended);
    const ref = columns.ref[closed as number] as number;
    const near = { ...request, zoom: 19, bounds };
    expect(computeMarks(columns, all.shown, { ...near, chosen: undefined }).points.ref).not.toContain(ref);
    const chosen = computeMarks(columns, all.shown, { ...near, zoom: 24, chosen: ref });
    expect(chosen.points.ref).toContain(ref);
    const nowhere = computeMarks(columns, all.shown, { ...near, bounds: [0, 0, 1, 1], chosen: undefined });
    expect([nowhere.points.count, nowhere.clusters.count]).toEqual([0, 0]);
  });

  it("hands its signs to another thread whole", () => {
    const marks = computeMarks(columns, all.shown, { ...request, zoom: 12, bounds, chosen: undefined });
    const sizes = marks.clusters.size.slice();
    const arrived = structuredClone(marks, { transfer: marksBuffers(marks) });
    expect(arrived.clusters.size).toEqual(sizes);
    expect(marks.clusters.size.length).toBe(0);
  });

  it("shows all closed cases only when asked to", () => {
    const asked = [{ from: 1 }, { to: asOf }, { states: [0] }, { withClosed: true }].map((filters) =>
      showsAllClosed({ withSuspicious: true, ...filters }),
    );
    expect(asked).toEqual([true, true, true, true]);
  });

  it("is the same in every run and for every order of equal points", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 9000 }))),
        (places) => {
          const lon = Int32Array.from(places, ([x]) => 1_127_000_000 + x * 10);
          const lat = Int32Array.from(places, ([, y]) => 400_000_000 + y * 10);
          const rows = places.map((_, i) => i);
          const clusters = clusterPoints(lon, lat, rows, 14, 50);
          expect(clusters.flatMap((cluster) => cluster.rows).sort((a, b) => a - b)).toEqual(rows);
          expect(clusterPoints(lon, lat, rows, 14, 50)).toEqual(clusters);
        },
      ),
    );
  });

  it("says counts briefly", () => {
    expect([7, 999, 1420, 12_345].map((n) => shortCount(n, false))).toEqual(["7", "999", "1.4k", "12k"]);
    expect([9999, 12_345, 123_456].map((n) => shortCount(n, true))).toEqual(["9999", "1.2万", "12万"]);
  });

  it("agrees with Web Mercator both ways", () => {
    const [x, y] = toMercator(112.7, 40.01);
    expect(x * WORLD_PX).toBeCloseTo(((112.7 + 180) / 360) * 512, 9);
    const [lon, lat] = fromMercator(x, y);
    expect([lon, lat]).toEqual([expect.closeTo(112.7, 9), expect.closeTo(40.01, 9)]);
  });
});

describe("heat of a county", () => {
  const selection = select({ withSuspicious: false });
  const none = { lon: new Int32Array(0), lat: new Int32Array(0), grid: new Uint32Array(0), grids: [] };
  const noBuildings = { ...none, rows: 0, households: new Uint16Array(0) };

  it("says what it left out and in which unit it counts", () => {
    const field = computeHeat(selection, undefined, index, "cells", "km2");
    expect(field).toMatchObject({ incidents: 692, suspiciousLeftOut: 8, metres: 250 });
    expect(field?.cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(692);
  });

  it("waits for buildings, and takes the areas' households where a county has none", () => {
    expect(computeHeat(selection, undefined, index, "smooth", "households")).toBeUndefined();
    const field = computeHeat(selection, noBuildings, index, "cells", "households");
    expect(field?.cells.length).toBeGreaterThan(5);
    expect(Math.min(...(field?.cells ?? []).map((cell) => cell.households))).toBeGreaterThanOrEqual(20);
    expect(field?.homes).toBe("areas");
    expect(heatLack(field, ready)).toBeUndefined();
  });
});

describe("heat that cannot be drawn", () => {
  const selection = select({ withSuspicious: false });
  const none = { lon: new Int32Array(0), lat: new Int32Array(0), grid: new Uint32Array(0), grids: [] };
  const noBuildings = { ...none, rows: 0, households: new Uint16Array(0) };
  const bare = areaIndex(areas.map((area) => ({ ...area, households: null }) as unknown as AreaFeature));

  it("says that a county without buildings and households cannot be counted per household", () => {
    for (const mode of ["cells", "smooth"] as const) {
      const field = computeHeat(selection, noBuildings, bare, mode, "households");
      expect(heatLack(field, ready)).toBe("noHouseholds");
      expect(field?.cells).toEqual([]);
      expect([...(field?.values ?? [])].every(Number.isNaN)).toBe(true);
      expect(heatLack(computeHeat(selection, noBuildings, bare, mode, "km2"), ready)).toBe(undefined);
    }
  });

  it("tells loading, failed and empty apart", () => {
    expect(heatLack(undefined, ready)).toBe("waiting");
    expect(heatLack(undefined, { ...ready, buildings: "error" })).toBe("failed");
    const empty = { counted: selection.counted, shown: new Uint32Array(0) };
    expect(heatLack(computeHeat(empty, undefined, index, "smooth", "km2"), ready)).toBe("empty");
  });
});

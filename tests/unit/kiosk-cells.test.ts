import { describe, expect, it } from "vitest";
import { CELL_LATTICE, cellsBefore, dayStarts, openedBetween, pointsFrom } from "../../data/columns/cells.ts";
import { type ColumnTable, NULL_TIME } from "../../data/columns/format.ts";
import { FLAG, incidentColumns, isLateRow } from "../../data/columns/incident-columns.ts";
import { Prng } from "../../data/demo/prng.ts";
import { ENDED_STATES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { incidentFigures } from "../../web/panels/figures.ts";
import { figureInput } from "../helpers/synthetic-columns.ts";

const ZONE = "Asia/Shanghai";
const DAY = 86_400;
const seconds = (iso: string): number => Date.parse(iso) / 1000;
const AS_OF = seconds("2026-01-15T14:30:00+08:00");
const POINT_DAYS = 30;
const FROM = pointsFrom(AS_OF, POINT_DAYS, ZONE);

/** 3,000 cases of a year with every state, clock, verdict and flag. */
function table(): ColumnTable {
  const prng = new Prng("kiosk-cells");
  const opened = Array.from({ length: 3000 }, () => AS_OF - prng.int(0, 365 * DAY)).sort((a, b) => a - b);
  const states = opened.map(() => prng.int(0, INCIDENT_STATES.length - 1));
  const ended = (i: number) => ENDED_STATES.includes(INCIDENT_STATES[states[i] as number] ?? "found");
  const i32 = (toValue: (at: number, i: number) => number) => Int32Array.from(opened, toValue);
  return {
    layer: "incidents",
    county: "140226",
    rows: opened.length,
    version: "1",
    asOf: AS_OF,
    columns: {
      lon: i32(() => prng.int(1_120_000_000, 1_121_000_000)),
      lat: i32(() => prng.int(400_000_000, 401_000_000)),
      opened: i32((at) => at),
      closed: i32((at, i) => (ended(i) ? at + prng.int(0, 9 * DAY) : NULL_TIME)),
      due: i32((at) => (prng.float() < 0.2 ? NULL_TIME : at + prng.int(1, 9 * DAY))),
      flags: Uint8Array.from(opened, () =>
        prng.float() < 0.1 ? FLAG.verdict | prng.pick([0, FLAG.lateAtClose]) : prng.pick([0, FLAG.suspicious]),
      ),
      class: Uint16Array.from(opened, () => 0),
      state: Uint8Array.from(states),
      severity: Uint8Array.from(opened, () => 1),
      source: Uint8Array.from(opened, () => 0),
      grid: Uint32Array.from(opened, () => prng.int(0, 2)),
      ref: Uint32Array.from(opened, (_, i) => i + 1),
    },
    dictionaries: { classes: ["01001"], grids: ["140226001001001", "140226001001002", "140226002001001"] },
  };
}

describe("cells instead of points", () => {
  const before = incidentColumns(table());
  const after = incidentColumns(cellsBefore(table(), FROM, ZONE));
  const rows = Uint32Array.from({ length: before.rows }, (_, i) => i);
  const old = [...rows].filter((i) => (before.opened[i] as number) < FROM);

  it("start at a midnight of the county", () => {
    expect(new Date(FROM * 1000).toISOString()).toBe("2025-12-15T16:00:00.000Z");
    expect(old.length).toBeGreaterThan(2000);
    expect(old.length).toBeLessThan(before.rows - 100);
  });

  it("leave newer cases as they are", () => {
    for (const i of rows.filter((row) => (before.opened[row] as number) >= FROM))
      for (const name of ["lon", "lat", "opened", "closed", "due", "flags", "ref"] as const)
        expect(after[name][i], `${name} of ${i}`).toBe(before[name][i]);
  });

  it("take place, hour and number of older ones", () => {
    const local = (at: number) => (at + 8 * 3600) % DAY;
    for (const i of old) {
      expect((after.lon[i] as number) % CELL_LATTICE).toBe(CELL_LATTICE / 2);
      expect((after.lat[i] as number) % CELL_LATTICE).toBe(CELL_LATTICE / 2);
      expect(Math.abs((after.lon[i] as number) - (before.lon[i] as number))).toBeLessThanOrEqual(CELL_LATTICE / 2);
      expect(local(after.opened[i] as number)).toBe(0);
      expect((before.opened[i] as number) - (after.opened[i] as number)).toBeLessThan(DAY);
      if (after.closed[i] !== NULL_TIME) expect(local(after.closed[i] as number)).toBe(0);
      if (after.due[i] !== NULL_TIME) expect([0, DAY - 1]).toContain(local(after.due[i] as number));
      expect(after.ref[i]).toBe(0);
      expect((after.flags[i] as number) & FLAG.cell).toBe(FLAG.cell);
    }
  });

  it("keep the order, and every case as late as it was", () => {
    expect([...after.opened]).toEqual([...after.opened].sort((a, b) => a - b));
    for (const i of rows) expect(isLateRow(after, i, AS_OF), `row ${i}`).toBe(isLateRow(before, i, AS_OF));
  });

  it("keep the figures of the strip", () => {
    const figures = (columns: typeof before) => {
      const { clocks, ...sums } = incidentFigures(
        figureInput({ ...columns, asOf: AS_OF }, Uint32Array.from(rows), ZONE),
      );
      // A due time that became a day moves cases between "due soon" and "on time" only.
      return { ...sums, clocks: { ...clocks, onTime: clocks.onTime + clocks.dueSoon, dueSoon: 0 } };
    };
    expect(figures(after)).toEqual(figures(before));
    expect(figures(before).clocks.overdueOpen).toBeGreaterThan(100);
  });

  it("cannot be closed in on by the bounds of a request", () => {
    const cells = cellsBefore(table(), FROM, ZONE);
    const [row] = old as [number];
    const truth = before.opened[row] as number;
    const midnight = dayStarts(ZONE)(truth);
    // Bounds within its day hold all of the day's cases or none.
    const sameDay = [...after.opened].filter((at) => at === midnight).length;
    expect(openedBetween(cells, midnight, truth).rows).toBe(sameDay);
    expect(openedBetween(cells, midnight + 1, truth + 1).rows).toBe(0);
    expect(openedBetween(cells, undefined, undefined).rows).toBe(before.rows);
    expect(openedBetween(cells, FROM, FROM).rows).toBe(0);
  });

  it("find the day across a change of summer time", () => {
    const startOf = dayStarts("America/New_York");
    for (const [at, start] of [
      ["2026-03-08T20:00:00Z", "2026-03-08T05:00:00Z"],
      ["2026-03-09T03:00:00Z", "2026-03-08T05:00:00Z"],
      ["2026-03-09T12:00:00Z", "2026-03-09T04:00:00Z"],
      ["2026-11-01T20:00:00Z", "2026-11-01T04:00:00Z"],
    ] as const)
      expect(new Date(startOf(seconds(at)) * 1000).toISOString()).toBe(new Date(start).toISOString());
    expect(new Date(pointsFrom(seconds("2026-03-20T12:00:00Z"), 30, "America/New_York") * 1000).toISOString()).toBe(
      "2026-02-18T05:00:00.000Z",
    );
  });
});

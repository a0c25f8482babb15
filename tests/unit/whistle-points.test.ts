import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callStanding, departmentPoints, type WhistleEntry } from "../../data/evaluation/whistle-points.ts";
import "../helpers/property-seed.ts";

const MINUTE = 60_000;
const call = (
  name: string,
  organisation: string,
  at: number,
  minutes: number,
  whistle = `w-${name}`,
): WhistleEntry => ({
  kind: "called",
  at,
  whistle,
  call: name,
  organisation,
  arriveBy: at + minutes * MINUTE,
});

/** A log as it could have been written: calls, then maybe an arrival each, then maybe the end of the whistle. */
const logs = fc
  .array(
    fc.record({
      organisation: fc.constantFrom("a", "b", "c"),
      at: fc.integer({ min: 0, max: 1000 }),
      minutes: fc.integer({ min: 1, max: 60 }),
      arrived: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
      ended: fc.option(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 5 })), { nil: undefined }),
    }),
    { maxLength: 30 },
  )
  .map((items) =>
    items.flatMap(({ organisation, at, minutes, arrived, ended }, n): WhistleEntry[] => {
      const start = at * MINUTE;
      return [
        call(`${n}`, organisation, start, minutes),
        ...(arrived === undefined ? [] : [{ kind: "arrived" as const, at: start + arrived * MINUTE, call: `${n}` }]),
        ...(ended === undefined
          ? []
          : [{ kind: "ended" as const, at: start + ended[0] * MINUTE, whistle: `w-${n}`, rating: ended[1] }]),
      ];
    }),
  );

describe("points for whistles", () => {
  it("an arrival in time keeps all points, to the very instant", () => {
    const times = { arriveBy: 1000, endedAt: null };
    expect(callStanding({ ...times, arrivedAt: 1000 }, 5000)).toEqual({ late: false, points: 100 });
    expect(callStanding({ ...times, arrivedAt: 1001 }, 5000)).toEqual({ late: true, points: 60 });
  });

  it("being late lowers points once: however late, waiting or there", () => {
    const arriveBy = 1000;
    const waiting = callStanding({ arriveBy, arrivedAt: null, endedAt: null }, 1001);
    const longWaiting = callStanding({ arriveBy, arrivedAt: null, endedAt: null }, 1e12);
    const came = callStanding({ arriveBy, arrivedAt: 1e11, endedAt: null }, 1e12);
    expect([waiting, longWaiting, came]).toEqual(Array(3).fill({ late: true, points: 60 }));
  });

  it("not having come when the whistle ends costs the rest; being called off before the time costs nothing", () => {
    expect(callStanding({ arriveBy: 1000, arrivedAt: null, endedAt: 1001 }, 2000)).toEqual({ late: true, points: 0 });
    expect(callStanding({ arriveBy: 1000, arrivedAt: null, endedAt: 999 }, 2000)).toEqual({ late: false, points: 100 });
  });

  it("a department's year part is the communities' third of its points", () => {
    const log: WhistleEntry[] = [
      call("1", "urban", 0, 30),
      call("2", "urban", 0, 30),
      { kind: "arrived", at: 10 * MINUTE, call: "1" },
      { kind: "arrived", at: 31 * MINUTE, call: "2" },
      { kind: "ended", at: 60 * MINUTE, whistle: "w-1", rating: 5 },
      { kind: "ended", at: 60 * MINUTE, whistle: "w-2", rating: 2 },
    ];
    expect(departmentPoints(log, 90 * MINUTE, 1 / 3)).toEqual([
      { organisation: "urban", calls: 2, inTime: 1, late: 1, rating: 3.5, points: 80, yearPart: 80 * (1 / 3) },
    ]);
  });

  it("the same log gives the same figures in any order, and with entries told twice", () => {
    fc.assert(
      fc.property(
        logs.chain((log) =>
          fc.tuple(fc.constant(log), fc.shuffledSubarray([...log, ...log], { minLength: log.length * 2 })),
        ),
        fc.integer({ min: 0, max: 1300 }),
        ([log, shuffled], minute) => {
          expect(departmentPoints(shuffled, minute * MINUTE, 1 / 3)).toEqual(
            departmentPoints(log, minute * MINUTE, 1 / 3),
          );
        },
      ),
    );
  });

  it("what was told until an instant gives what is said as of that instant", () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 0, max: 1300 }), (log, minute) => {
        const asOf = minute * MINUTE;
        const told = log.filter(({ at }) => at <= asOf);
        expect(departmentPoints(log, asOf, 1 / 3)).toEqual(departmentPoints(told, asOf, 1 / 3));
      }),
    );
  });

  it("points never rise while a call waits, and calls are in time, late or neither", () => {
    fc.assert(
      fc.property(logs, (log) => {
        for (const { calls, inTime, late, points, yearPart } of departmentPoints(log, 1300 * MINUTE, 1 / 3)) {
          expect(inTime + late).toBeLessThanOrEqual(calls);
          expect(points).toBeGreaterThanOrEqual(0);
          expect(points).toBeLessThanOrEqual(100 - (40 * late) / calls + 1e-9);
          expect(yearPart).toBeCloseTo(points / 3, 9);
        }
      }),
    );
  });
});

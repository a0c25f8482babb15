import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTimeZone, parseTime, ZoneClock } from "../../data/model/zoned-time.ts";

const iso = (text: string, clock: ZoneClock): string | undefined => {
  const time = parseTime(text, clock);
  return time && new Date(time.epochMs).toISOString();
};

describe("times without offset", () => {
  const boston = new ZoneClock("America/New_York");
  const china = new ZoneClock("Asia/Shanghai");

  test("are read in the county's zone, summer and winter", () => {
    expect(iso("2011-07-01 01:32:33", boston)).toBe("2011-07-01T05:32:33.000Z");
    expect(iso("2011-12-31 23:11:06", boston)).toBe("2012-01-01T04:11:06.000Z");
    expect(iso("2025/3/1 8:05", china)).toBe("2025-03-01T00:05:00.000Z");
    expect(iso("2025年3月1日8时5分", china)).toBe("2025-03-01T00:05:00.000Z");
    expect(iso("2025-03-01", china)).toBe("2025-02-28T16:00:00.000Z");
  });

  test("keep an offset that they state", () => {
    expect(iso("2011-07-01T01:32:33+08:00", boston)).toBe("2011-06-30T17:32:33.000Z");
    expect(iso("2011-07-01T01:32:33.25Z", boston)).toBe("2011-07-01T01:32:33.250Z");
    expect(iso("2011-07-01 01:32 -0430", boston)).toBe("2011-07-01T06:02:00.000Z");
  });

  test("say when the clock showed them twice or never", () => {
    // New York 2011: clocks went back on 6 November at 02:00, forward on 13 March at 02:00.
    expect(parseTime("2011-11-06 01:30:00", boston)).toEqual({
      epochMs: Date.parse("2011-11-06T05:30:00Z"),
      kind: "ambiguous",
    });
    expect(parseTime("2011-11-06 02:00:00", boston)).toEqual({
      epochMs: Date.parse("2011-11-06T07:00:00Z"),
      kind: "plain",
    });
    expect(parseTime("2011-03-13 02:30:00", boston)).toEqual({
      epochMs: Date.parse("2011-03-13T07:30:00Z"),
      kind: "skipped",
    });
    // Shanghai kept summer time until 1991-09-15.
    expect(iso("1991-07-01 12:00:00", china)).toBe("1991-07-01T03:00:00.000Z");
  });

  test("are refused when they name no moment or could mean two days", () => {
    for (const text of ["2011-02-30 00:00", "2011-01-01 25:00", "03/04/2011", "yesterday", "", "2011-13-01"]) {
      expect(parseTime(text, boston), text).toBeUndefined();
    }
  });

  test("come back when shown in the zone again", () => {
    const zones = [
      "America/New_York",
      "Asia/Shanghai",
      "Europe/Dublin",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "America/St_Johns",
      "Africa/Casablanca",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2_000_000_000 }), (zone, seconds) => {
        const clock = new ZoneClock(zone);
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone: zone,
          dateStyle: "short",
          timeStyle: "medium",
        }).format(seconds * 1000);
        const time = parseTime(shown, clock);
        // A time shown twice gives the first of its two instants.
        if (time?.kind === "ambiguous") expect([0, 1_800_000, 3_600_000]).toContain(seconds * 1000 - time.epochMs);
        else expect(time).toEqual({ epochMs: seconds * 1000, kind: "plain" });
      }),
      { numRuns: 400 },
    );
  });

  test("zones are checked by name", () => {
    expect(isTimeZone("America/New_York")).toBe(true);
    expect(isTimeZone("Mars/Olympus")).toBe(false);
    expect(isTimeZone("+08:00")).toBe(false);
  });

  test("a version of a boundary begins at local midnight", () => {
    expect(new Date(china.startOfDay(Date.parse("2026-01-14T20:00:00Z"))).toISOString()).toBe(
      "2026-01-14T16:00:00.000Z",
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantOfLocal, localTime } from "../../data/model/zoned-time.ts";

const ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

describe("wall-clock time", () => {
  it("reads day, minute and weekday in the zone", () => {
    // 2026-01-15 was a Thursday; in Shanghai it is Friday 00:30.
    expect(localTime(Date.parse("2026-01-15T16:30:00Z"), "Asia/Shanghai")).toEqual({
      day: Date.UTC(2026, 0, 16) / 86_400_000,
      minute: 30,
      weekday: 4,
    });
  });

  it("comes back to an instant that reads the same, never later than the one it came from", () => {
    const minute = fc.integer({ min: 0, max: 60 * 24 * 366 * 40 });
    fc.assert(
      fc.property(minute, fc.constantFrom(...ZONES), (minutes, zone) => {
        const instant = minutes * 60_000;
        const local = localTime(instant, zone);
        const back = instantOfLocal(local.day, local.minute, zone);
        expect(localTime(back, zone)).toEqual(local);
        expect(back).toBeLessThanOrEqual(instant);
        expect(instant - back).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  it("answers the change itself for a reading that the change skips", () => {
    const day = Date.UTC(2011, 2, 13) / 86_400_000;
    expect(instantOfLocal(day, 150, "America/New_York")).toBe(Date.parse("2011-03-13T07:00:00Z"));
    expect(instantOfLocal(day - 1, 1440 + 150, "America/New_York")).toBe(Date.parse("2011-03-13T07:00:00Z"));
  });

  it("names a zone that does not exist", () => {
    expect(() => localTime(0, "Asia/Nowhere")).toThrow(/not a time zone/);
  });
});

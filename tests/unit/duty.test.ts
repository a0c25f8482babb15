import { describe, expect, it } from "vitest";
import { type DutyPost, dutyAssignments, standsFor } from "../../data/model/duty.ts";

const ZONE = "Asia/Shanghai";
const ALL_DAYS = 0b1111111;
/** Wall-clock time of Asia/Shanghai (UTC+8, no change of clocks). 2026-01-15 is a Thursday. */
const at = (local: string): number => Date.parse(`${local}+08:00`);

const post = (over: Partial<DutyPost> = {}): DutyPost => ({
  postId: "p1",
  kind: "full_time",
  areaCode: "990100001001001",
  lead: false,
  holders: [
    { staffId: "a", slot: "A", to: null, absences: [] },
    { staffId: "b", slot: "B", to: null, absences: [] },
  ],
  shifts: [{ slot: "A", weekdays: 0b0011111, startMinute: 480, endMinute: 1080 }],
  ...over,
});

describe("standsFor", () => {
  it("names A in A's shift, with the end of the shift", () => {
    expect(standsFor(post(), at("2026-01-15T10:00"), ZONE)).toMatchObject({
      staffId: "a",
      slot: "A",
      onDuty: true,
      until: "2026-01-15T10:00:00.000Z",
    });
  });

  it("counts the first minute of a shift in and the last out", () => {
    expect(standsFor(post(), at("2026-01-15T08:00"), ZONE).onDuty).toBe(true);
    expect(standsFor(post(), at("2026-01-15T07:59"), ZONE).onDuty).toBe(false);
    expect(standsFor(post(), at("2026-01-15T18:00"), ZONE).onDuty).toBe(false);
  });

  it("reads weekdays in the county's zone: Saturday morning in China is still Friday in UTC", () => {
    const friday = post({ shifts: [{ slot: "A", weekdays: 0b0010000, startMinute: 0, endMinute: 1440 }] });
    expect(standsFor(friday, at("2026-01-17T07:00"), ZONE).onDuty).toBe(false);
    expect(standsFor(friday, at("2026-01-16T07:00"), ZONE).onDuty).toBe(true);
  });

  it("carries a shift over midnight, also from Sunday to Monday", () => {
    const night = post({ shifts: [{ slot: "A", weekdays: 0b1000000, startMinute: 1200, endMinute: 1200 + 720 }] });
    const monday = standsFor(night, at("2026-01-19T07:59"), ZONE);
    expect(monday).toMatchObject({ staffId: "a", onDuty: true, until: "2026-01-19T00:00:00.000Z" });
    expect(standsFor(night, at("2026-01-19T08:00"), ZONE).onDuty).toBe(false);
    expect(standsFor(night, at("2026-01-18T07:00"), ZONE).onDuty).toBe(false);
  });

  it("lets B answer while A is away, and A again at the minute the absence ends", () => {
    const away = { from: "2026-01-15T00:00:00Z", to: "2026-01-15T04:00:00Z" };
    const absent = post({
      holders: [
        { staffId: "a", slot: "A", to: null, absences: [away] },
        { staffId: "b", slot: "B", to: null, absences: [] },
      ],
    });
    expect(standsFor(absent, at("2026-01-15T10:00"), ZONE)).toMatchObject({ staffId: "b", slot: "B", onDuty: true });
    expect(standsFor(absent, at("2026-01-15T12:00"), ZONE)).toMatchObject({ staffId: "a", slot: "A", onDuty: true });
  });

  it("ends a duty where an absence or the holding ends it before the shift does", () => {
    const leaving = post({
      holders: [
        {
          staffId: "a",
          slot: "A",
          to: "2026-01-15T09:00:00.000Z",
          absences: [{ from: "2026-01-15T05:00:00Z", to: "2026-01-15T06:00:00Z" }],
        },
      ],
    });
    expect(standsFor(leaving, at("2026-01-15T10:00"), ZONE).until).toBe("2026-01-15T05:00:00.000Z");
    expect(standsFor(leaving, at("2026-01-15T15:00"), ZONE).until).toBe("2026-01-15T09:00:00.000Z");
  });

  it("gives B shifts of B's own", () => {
    const two = post({
      shifts: [
        { slot: "A", weekdays: ALL_DAYS, startMinute: 480, endMinute: 1080 },
        { slot: "B", weekdays: ALL_DAYS, startMinute: 1080, endMinute: 1440 },
      ],
    });
    expect(standsFor(two, at("2026-01-15T20:00"), ZONE)).toMatchObject({ staffId: "b", slot: "B", onDuty: true });
  });

  it("names A off duty, and nobody when both are away", () => {
    expect(standsFor(post(), at("2026-01-15T22:00"), ZONE)).toMatchObject({ staffId: "a", onDuty: false, until: null });
    const away = [{ from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" }];
    const both = post({
      holders: [
        { staffId: "a", slot: "A", to: null, absences: away },
        { staffId: "b", slot: "B", to: null, absences: away },
      ],
    });
    expect(standsFor(both, at("2026-01-15T10:00"), ZONE)).toMatchObject({ staffId: null, slot: null, onDuty: false });
  });

  it("ends a shift by the wall clock on the night that clocks change", () => {
    // Boston, 2011-03-13: 02:00 becomes 03:00. A shift 22:00–06:00 lasts seven hours and ends at 06:00 EDT.
    const night = post({ shifts: [{ slot: "A", weekdays: ALL_DAYS, startMinute: 1320, endMinute: 1800 }] });
    const duty = standsFor(night, Date.parse("2011-03-13T04:00:00Z"), "America/New_York");
    expect(duty).toMatchObject({ onDuty: true, until: "2011-03-13T10:00:00.000Z" });
  });
});

describe("dutyAssignments", () => {
  it("sorts who answers now first, then the lead, then the closer area, then the kind", () => {
    const day = { slot: "A" as const, weekdays: ALL_DAYS, startMinute: 0, endMinute: 1440 };
    const ordered = dutyAssignments(
      [
        post({ postId: "off-lead", lead: true, shifts: [] }),
        post({ postId: "community", areaCode: "990100001001", shifts: [day] }),
        post({ postId: "police", kind: "police", shifts: [day] }),
        post({ postId: "leader", kind: "grid_leader", shifts: [day] }),
        post({ postId: "lead", kind: "mediator", lead: true, areaCode: "990100001001", shifts: [day] }),
      ],
      at("2026-01-15T10:00"),
      ZONE,
    );
    expect(ordered.map(({ postId }) => postId)).toEqual(["lead", "leader", "police", "community", "off-lead"]);
  });

  it("counts a post that is linked twice once, through the closer area", () => {
    const linked = [post({ areaCode: "990100001001" }), post({ areaCode: "990100001001001" })];
    const assignments = dutyAssignments(linked, at("2026-01-15T10:00"), ZONE);
    expect(assignments.map(({ areaCode }) => areaCode)).toEqual(["990100001001001"]);
  });
});

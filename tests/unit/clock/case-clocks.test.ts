import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ClockContext,
  caseDueAt,
  dueAt,
  extendClocks,
  isPaused,
  judge,
  stepClocks,
  usedAt,
} from "../../../data/clock/case-clocks.ts";
import { clockEffects } from "../../../data/clock/effects.ts";
import { nextRise } from "../../../data/clock/escalation.ts";
import type { Clock } from "../../../data/clock/model.ts";
import { CHINA_WORK, URBAN_MANAGEMENT_RULES } from "../../../data/clock/standard-settings.ts";
import { countedTime } from "../../../data/clock/working-time.ts";
import type { IncidentState } from "../../../data/model/incident.ts";
import { countyWorkflows } from "../../../data/workflow/county-workflows.ts";
import { DEFAULT_PROCESS } from "../../../data/workflow/processes/default.ts";
import { SHIPPED_WORKFLOWS } from "../../../data/workflow/workflows/registry.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const START = Date.parse("2026-01-15T00:00:00+08:00");

const context = (classCode: string, settings: ClockContext["settings"] = DEFAULT_PROCESS): ClockContext => ({
  settings,
  timezone: "Asia/Shanghai",
  one: { classCode, severity: "normal", source: "patrol" },
});

/** Walks states at instants after the opening; the first is where the case begins. */
function walked(read: ClockContext, ...steps: readonly (readonly [IncidentState, number])[]): readonly Clock[] {
  let clocks: readonly Clock[] = [];
  let from: IncidentState | null = null;
  for (const [to, after] of steps) {
    clocks = stepClocks(clocks, clockEffects(from, to), { to, atMs: START + after, reason: null }, read);
    from = to;
  }
  return clocks;
}
const of = (clocks: readonly Clock[], target: Clock["target"]): Clock => {
  const clock = clocks.find((one) => one.target === target);
  if (!clock) throw new Error(`no clock towards ${target}`);
  return clock;
};

describe("the county's promises", () => {
  test("small at 2 h 0 m 0 s is in time, at 2 h 0 m 1 s late", () => {
    const read = context("06010");
    const handle = (after: number) => of(walked(read, ["found", 0], ["handling", HOUR], ["fed_back", after]), "handle");
    expect(handle(2 * HOUR).outcome).toBe("met");
    expect(handle(2 * HOUR + SECOND).outcome).toBe("missed");
    const open = of(walked(read, ["found", 0]), "handle");
    expect(judge(open, START + 2 * HOUR, read)).toBe("running");
    expect(judge(open, START + 2 * HOUR + SECOND, read)).toBe("late");
  });

  test("a complex matter answered on day 6 is met though nothing is solved", () => {
    const read = context("06001");
    const clocks = walked(read, ["found", 0], ["accepted", 6 * DAY]);
    expect(judge(of(clocks, "answer"), START + 30 * DAY, read)).toBe("met");
    expect(caseDueAt(clocks, read)).toBeNull();
    const late = walked(read, ["found", 0], ["accepted", 7 * DAY + SECOND]);
    expect(of(late, "answer").outcome).toBe("missed");
  });

  test("mediation is late on day 7 from the first opening, whatever its level", () => {
    const read = context("80001");
    const clocks = walked(read, ["found", 0], ["consulted", DAY], ["handling", 3 * DAY]);
    const close = of(clocks, "close");
    expect(dueAt(close, read)).toBe(START + 7 * DAY);
    const rise = (level: "community" | "town" | null, after: number) =>
      nextRise({ level, clocks, inboxSinceMs: null }, START + after, read);
    expect(rise(null, 2 * DAY)).toBeUndefined();
    expect(rise(null, 2 * DAY + SECOND)).toMatchObject({ because: "share", step: { level: "community" } });
    expect(rise("community", 4 * DAY)).toBeUndefined();
    expect(rise("community", 4 * DAY + SECOND)).toMatchObject({ because: "share", step: { level: "town" } });
    // Rising gave no second more.
    expect(judge(close, START + 7 * DAY, read)).toBe("running");
    expect(judge(close, START + 7 * DAY + SECOND, read)).toBe("late");
  });

  test("a pause shows as paused, never as on time, and gives back what was left", () => {
    const read = context("81001");
    const held = walked(read, ["found", 0], ["handling", HOUR], ["on_hold", 2 * HOUR]);
    for (const after of [2 * HOUR, 100 * DAY]) expect(judge(of(held, "close"), START + after, read)).toBe("paused");
    expect(isPaused(held)).toBe(true);
    expect(caseDueAt(held, read)).toBeNull();
    const back = stepClocks(
      held,
      clockEffects("on_hold", "handling"),
      { to: "handling", atMs: START + 10 * DAY, reason: null },
      read,
    );
    expect(caseDueAt(back, read)).toBe(START + 10 * DAY + 46 * HOUR);
  });

  test("urban management counts working hours: four of them over a weekend and a make-up day", () => {
    const settings = { ...DEFAULT_PROCESS, clockRules: [...URBAN_MANAGEMENT_RULES] };
    const read = context("06010", settings);
    const opened = (text: string): readonly Clock[] =>
      stepClocks([], clockEffects(null, "found"), { to: "found", atMs: Date.parse(text), reason: null }, read);
    const due = (text: string): string => new Date(dueAt(of(opened(text), "handle"), read) ?? 0).toISOString();
    // Friday 17:00, then Monday; before the Sunday of 2026-01-04, which was worked.
    expect(due("2026-01-16T17:00:00+08:00")).toBe("2026-01-19T03:00:00.000Z");
    expect(due("2026-01-03T12:00:00+08:00")).toBe("2026-01-04T04:00:00.000Z");
    expect(opened("2026-01-16T17:00:00+08:00").map(({ kind }) => kind)).toContain("state");
  });

  test("an extension is given once, in time, and as far as the rule allows", () => {
    const read = context("81001");
    const clocks = walked(read, ["found", 0]);
    const longer = extendClocks(clocks, 3600, START + HOUR, read);
    expect(caseDueAt(longer, read)).toBe(START + 49 * HOUR);
    expect(() => extendClocks(longer, 3600, START + HOUR, read)).toThrow("before");
    expect(() => extendClocks(clocks, 3600, START + 48 * HOUR + SECOND, read)).toThrow("passed");
    expect(() => extendClocks(clocks, 48 * 3600 + 1, START, read)).toThrow("not extended");
  });
});

describe("counted time", () => {
  const zones = fc.constantFrom("Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe");
  const calendars = fc.constantFrom(
    CHINA_WORK,
    { ...CHINA_WORK, key: "night", hours: [0, 180, 1350, 1440], weekdays: [1, 2, 3, 4, 5, 6, 7] },
    { ...CHINA_WORK, key: "odd", hours: [61, 62, 119, 1439], weekdays: [6, 7], holidays: ["2025-11-02"] },
  );
  const instants = fc.integer({ min: Date.parse("2024-01-01"), max: Date.parse("2027-12-31") });

  test("adding and measuring undo each other, and nothing counts twice", () => {
    fc.assert(
      fc.property(
        zones,
        calendars,
        instants,
        fc.integer({ min: 1, max: 40 * 86_400_000 }),
        (zone, calendar, at, length) => {
          const time = countedTime(calendar.key, [calendar], zone);
          const due = time.add(at, length);
          expect(time.between(at, due)).toBe(length);
          // The earliest such instant: a millisecond before, it was not there yet.
          expect(time.between(at, due - 1)).toBe(length - 1);
          expect(time.between(due, at)).toBe(-length);
          const back = time.add(due, -length);
          expect(time.between(back, due)).toBe(length);
          const middle = at + Math.floor((due - at) / 3);
          expect(time.between(at, middle) + time.between(middle, due)).toBe(length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("any legal walk", () => {
  const gaps = fc.array(
    fc.record({
      choice: fc.nat(1000),
      gap: fc.integer({ min: 0, max: 3 * 86_400 }),
      extend: fc.option(fc.integer({ min: 1, max: 7200 })),
    }),
    { minLength: 1, maxLength: 14 },
  );
  const classes = fc.constantFrom("06010", "81001", "06001", "80001", "06012");
  const shipped = fc.constantFrom(...SHIPPED_WORKFLOWS);
  const settings = { ...DEFAULT_PROCESS, clockRules: [...URBAN_MANAGEMENT_RULES, ...DEFAULT_PROCESS.clockRules] };

  test("loses no clock second and doubles none: what runs, is paused and has ended adds up to the time that passed", () => {
    fc.assert(
      fc.property(shipped, classes, gaps, (workflow, classCode, moves) => {
        const read = context(classCode, settings);
        const first = workflow.steps[0];
        if (!first) throw new Error(workflow.key);
        let [step, before, atMs] = [first, first, START];
        let clocks = stepClocks([], clockEffects(null, step.state), { to: step.state, atMs, reason: null }, read);
        // Counted by the second's own calendar, from outside: spans in which each clock ran.
        const ran = new Map<number, number>();
        const advance = (toMs: number): void => {
          for (const clock of clocks) {
            if (clock.kind === "state" || clock.runningSinceMs === null) continue;
            const time = countedTime(clock.calendar, settings.calendars, read.timezone);
            ran.set(clock.seq, (ran.get(clock.seq) ?? 0) + time.between(atMs, toMs));
          }
          atMs = toMs;
        };
        for (const { choice, gap, extend } of moves) {
          advance(atMs + gap * SECOND);
          if (extend !== null) {
            try {
              clocks = extendClocks(clocks, extend, atMs, read);
            } catch {
              // Not allowed now: then nothing has changed.
            }
          }
          const aside = step.state === "on_hold" || step.state === "inspection";
          const ways = workflow.transitions.filter(
            ({ from, to }) => from === step.key && (!aside || to === before.key || to === "void"),
          );
          const way = ways[choice % Math.max(ways.length, 1)];
          const to = workflow.steps.find(({ key }) => key === way?.to);
          if (!way || !to) break;
          const next = stepClocks(clocks, way.clocks, { to: to.state, atMs, reason: null }, read);
          // What the workflow says of its clocks is what follows from the states.
          expect(next).toEqual(
            stepClocks(clocks, clockEffects(step.state, to.state), { to: to.state, atMs, reason: null }, read),
          );
          clocks = next;
          [before, step] = [aside ? to : step, to];
          for (const clock of clocks) {
            if (clock.kind === "business") expect(usedAt(clock, atMs, read)).toBe(ran.get(clock.seq) ?? 0);
            // Exactly one of: runs, is paused, has ended.
            const signs = [
              clock.runningSinceMs !== null,
              clock.outcome === null && clock.pausedMs !== null,
              clock.outcome !== null,
            ];
            expect(signs.filter(Boolean)).toHaveLength(1);
            expect(clock.extendedSeconds).toBeLessThanOrEqual(7200);
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  test("every county's process knows the calendars of its rules", () => {
    const { process } = countyWorkflows(DEFAULT_PROCESS);
    for (const { calendar, levels, allowedSeconds } of process.clockRules) {
      expect(() => countedTime(calendar, process.calendars, "Asia/Shanghai")).not.toThrow();
      if (levels) expect(levels.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(allowedSeconds);
    }
  });
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { type ClockContext, caseDueAt, dueAt, judge, usedAt } from "../../../data/clock/case-clocks.ts";
import { clocksOf } from "../../../data/clock/clocks-of.ts";
import { nextRise } from "../../../data/clock/escalation.ts";
import type { ClockRule, ClockSettings, WorkCalendar } from "../../../data/clock/model.ts";
import { CHINA_WORK } from "../../../data/clock/standard-settings.ts";
import { INCIDENT_SEVERITIES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { CLOCK_TARGETS, ESCALATION_LEVELS, type EscalationLevel } from "../../../data/workflow/definition.ts";

/** Timelines that a program in another language made by another method: see the README beside them. */
const target = z.enum(CLOCK_TARGETS).nullable();
const seconds = z.number().int();
const fixture = z.strictObject({
  calendars: z.record(
    z.string(),
    z.strictObject({
      hours: z.array(seconds),
      weekdays: z.array(seconds),
      rest: z.array(z.string()),
      work: z.array(z.string()),
    }),
  ),
  rules: z.array(
    z.strictObject({
      key: z.string(),
      target,
      classes: z.array(z.string()),
      severities: z.array(z.enum(INCIDENT_SEVERITIES)).default([]),
      states: z.array(z.enum(INCIDENT_STATES)).default([]),
      allowed: seconds,
      extend: seconds,
      calendar: z.string(),
      levels: z.array(z.tuple([z.enum(ESCALATION_LEVELS), seconds])).optional(),
    }),
  ),
  chain: z.array(z.tuple([z.enum(ESCALATION_LEVELS), seconds])),
  inboxSeconds: seconds,
  timelines: z.array(
    z.strictObject({
      kind: z.string(),
      zone: z.string(),
      calendar: z.string(),
      class: z.string(),
      severity: z.enum(INCIDENT_SEVERITIES),
      opened: seconds,
      judge: seconds,
      // Times of entries and expectations are seconds after the opening.
      log: z.array(z.tuple([z.enum(INCIDENT_STATES), seconds, z.string()]).rest(seconds)),
      clocks: z.array(z.tuple([target, z.string(), z.string(), seconds.nullable(), seconds, seconds.nullable()])),
      due: seconds.nullable(),
      inbox: seconds.nullable(),
      rises: z.array(z.tuple([z.enum(ESCALATION_LEVELS), seconds])),
    }),
  ),
});
type Golden = z.output<typeof fixture>;
type Timeline = Golden["timelines"][number];

const golden = fixture.parse(
  JSON.parse(readFileSync(new URL("../../fixtures/clock/timelines.json", import.meta.url), "utf8")),
);

const calendars: readonly WorkCalendar[] = [
  CHINA_WORK,
  ...Object.entries(golden.calendars).map(([key, { hours, weekdays, rest, work }]) => ({
    key,
    name: key,
    nameEn: key,
    hours,
    weekdays,
    holidays: rest,
    makeUpDays: work,
  })),
];

/** The rules of the fixture, whose calendar WORK is the one of the timeline. */
const rulesWith = (calendar: string): readonly ClockRule[] =>
  golden.rules.map((rule) => ({
    key: rule.key,
    name: rule.key,
    nameEn: rule.key,
    kind: rule.target === null ? "state" : "business",
    target: rule.target,
    states: rule.states,
    classes: rule.classes,
    severities: rule.severities,
    sources: [],
    allowedSeconds: rule.allowed,
    extendSeconds: rule.extend,
    calendar: rule.calendar === "WORK" ? calendar : rule.calendar,
    levels: rule.levels?.map(([level, share]) => ({ level, seconds: share })),
  }));

const settingsOf = new Map<string, ClockSettings>(
  calendars.map(({ key }) => [
    key,
    {
      clockRules: rulesWith(key),
      calendars,
      escalation: golden.chain.map(([level, afterSeconds]) => ({ level, role: "dispatcher", afterSeconds })),
      inboxSeconds: golden.inboxSeconds,
    },
  ]),
);

function contextOf(line: Timeline): ClockContext {
  const settings = settingsOf.get(line.calendar);
  if (!settings) throw new Error(line.calendar);
  const one = { classCode: line.class, severity: line.severity, source: "patrol" } as const;
  return { settings, timezone: line.zone, one };
}

const ORDER = [null, ...CLOCK_TARGETS];

function replayed(line: Timeline) {
  const context = contextOf(line);
  const ms = (after: number): number => (line.opened + after) * 1000;
  const after = (epochMs: number | null): number | null => (epochMs === null ? null : epochMs / 1000 - line.opened);
  const clocks = clocksOf(
    line.log.map(([state, at, kind, extended], k) => ({
      fromState: line.log[k - 1]?.[0] ?? null,
      toState: state,
      atMs: ms(at),
      note: null,
      extendedSeconds: kind === "extended" ? (extended ?? null) : null,
    })),
    context,
  );
  const at = ms(line.judge);
  return {
    clocks,
    context,
    ms,
    found: {
      clocks: clocks
        .toSorted((a, b) => ORDER.indexOf(a.target) - ORDER.indexOf(b.target) || a.seq - b.seq)
        .map((clock) => [
          clock.target,
          clock.rule,
          judge(clock, at, context),
          after(dueAt(clock, context)),
          usedAt(clock, at, context) / 1000,
          after(clock.endedMs),
        ]),
      due: after(caseDueAt(clocks, context)),
    },
  };
}

test("500 golden timelines match to the second", () => {
  expect(golden.timelines).toHaveLength(500);
  for (const [k, line] of golden.timelines.entries())
    expect({ k, kind: line.kind, ...replayed(line).found }, `timeline ${k}`).toEqual({
      k,
      kind: line.kind,
      clocks: line.clocks,
      due: line.due,
    });
});

test("a case rises through the levels at the golden instants, unclaimed inboxes too, and not a second before", () => {
  let rises = 0;
  for (const [k, line] of golden.timelines.entries()) {
    const { clocks, context, ms } = replayed(line);
    const inboxSinceMs = line.inbox === null ? null : ms(line.inbox);
    const last = line.log.at(-1)?.[1] ?? 0;
    let level: EscalationLevel | null = null;
    for (const [next, at] of line.rises) {
      rises++;
      if (at > last)
        expect(nextRise({ level, clocks, inboxSinceMs }, ms(at - 1), context)?.step.level, `${k} ${at}`).not.toBe(next);
      expect(nextRise({ level, clocks, inboxSinceMs }, ms(at), context)?.step.level, `${k} ${at}`).toBe(next);
      level = next;
    }
    if (line.rises.length === 0)
      expect(nextRise({ level, clocks, inboxSinceMs }, ms(last + 9_000_000), context), `${k}`).toBeUndefined();
  }
  expect(rises).toBeGreaterThan(500);
});

test("the timelines hold what they are there for", () => {
  const count = (has: (line: Timeline) => boolean): number => golden.timelines.filter(has).length;
  for (const kind of ["weekend", "make-up", "holiday", "midnight", "month-end", "spring", "autumn", "shanghai-dst"])
    expect(
      count((line) => line.kind === kind),
      kind,
    ).toBeGreaterThanOrEqual(25);
  expect(count((line) => line.log.some(([state]) => state === "on_hold"))).toBeGreaterThan(80);
  expect(count((line) => line.log.some(([, , kind]) => kind === "extended"))).toBeGreaterThanOrEqual(60);
  expect(count((line) => line.log.some(([, , kind]) => kind === "assigned"))).toBeGreaterThan(60);
  expect(count((line) => line.log.some(([state]) => state === "rework"))).toBeGreaterThan(20);
  expect(count((line) => line.inbox !== null)).toBeGreaterThan(30);
  for (const state of ["running", "paused", "met", "late", "missed", "dropped"])
    expect(
      count((line) => line.clocks.some((clock) => clock[2] === state)),
      state,
    ).toBeGreaterThan(20);
});

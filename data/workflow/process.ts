import { z } from "zod";
import type { ClockRule } from "../clock/model.ts";
import { CHINA_WORK, STANDARD_ESCALATION, STANDARD_RULES } from "../clock/standard-settings.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../model/incident.ts";
import { ROLES } from "../policy/roles.ts";
import { CLOCK_EFFECTS, CLOCK_KINDS, CLOCK_TARGETS, ESCALATION_LEVELS, STEP_REQUIREMENTS } from "./definition.ts";

const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, "small letters, digits, - and _");
const words = z.string().trim().min(1).max(80);
/** A class (five digits), or its first digits: 80 for all disputes. */
const classPrefix = z.string().regex(/^\d{2,5}$/);
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Which cases walk a workflow: all conditions must hold; the first choice that fits wins. Empty = every one. */
const workflowChoice = z.strictObject({
  workflow: key,
  sources: z.array(z.enum(INCIDENT_SOURCES)).default([]),
  classes: z.array(classPrefix).default([]),
});

/** A rule of clocks: class → target → time allowed → calendar (domain.md section 2.5). */
const clockRule = z.strictObject({
  key,
  name: words,
  nameEn: words,
  kind: z.enum(CLOCK_KINDS),
  /** Target of a business clock; null for clocks of states. */
  target: z.enum(CLOCK_TARGETS).nullable(),
  /** Class codes that start so; empty for all. Among rules that fit, the longest class prefix wins, then the first. */
  classes: z.array(classPrefix).default([]),
  severities: z.array(z.enum(INCIDENT_SEVERITIES)).default([]),
  sources: z.array(z.enum(INCIDENT_SOURCES)).default([]),
  /** For clocks of states: the states that they limit; empty for all open ones. */
  states: z.array(z.enum(INCIDENT_STATES)).default([]),
  /** Time allowed, counted seconds of the calendar. */
  allowedSeconds: z.number().int().positive(),
  /** The most that the one extension may add, counted seconds; 0 = none. */
  extendSeconds: z.number().int().nonnegative().default(0),
  /** `always` or the key of a calendar of the process. */
  calendar: key,
  /** Split of the time over levels, lowest first: a case rises when its level has used its part (三级七天). */
  levels: z
    .array(z.strictObject({ level: z.enum(ESCALATION_LEVELS), seconds: z.number().int().positive() }))
    .optional(),
});

/** Shipped rules as a process holds them. */
export const writtenRules = (rules: readonly ClockRule[]): z.output<typeof clockRule>[] =>
  rules.map((rule) => clockRule.parse(rule));

/** A calendar of working time in the county's zone. */
const workCalendar = z.strictObject({
  key,
  name: words,
  nameEn: words,
  /** Hours of a working day, minutes since midnight in pairs from, to; ascending. */
  hours: z.array(z.number().int().min(0).max(1440)).min(2),
  /** Days of the week that are worked: 1 Monday … 7 Sunday. */
  weekdays: z.array(z.number().int().min(1).max(7)).default([1, 2, 3, 4, 5]),
  /** Dates on which nobody works though it is such a day. */
  holidays: z.array(date).default([]),
  /** Dates on which people work though it is not (调休). */
  makeUpDays: z.array(date).default([]),
});

/** One step of the chain: who hears of a late case at a level, so many counted seconds after it became due. */
const escalationStep = z.strictObject({
  level: z.enum(ESCALATION_LEVELS),
  role: z.enum(ROLES),
  /** Seconds past the due time of the clock (of an inbox: past `inboxSeconds`); 0 = at once. */
  afterSeconds: z.number().int().nonnegative(),
});

/** What may be whistled for. */
const whistleItem = z.strictObject({
  key,
  class: z.enum(["routine", "joint", "urgent"]),
  name: words,
  nameEn: words,
  arriveMinutes: z.number().int().positive(),
});
export type WhistleItemDefinition = z.output<typeof whistleItem>;

const stepDefinition = z.strictObject({
  key,
  name: words,
  nameEn: words,
  state: z.enum(INCIDENT_STATES),
  side: z.boolean(),
});
const transitionDefinition = z.strictObject({
  from: key,
  to: key,
  name: words,
  nameEn: words,
  roles: z.array(z.enum(ROLES)),
  requires: z.array(z.enum(STEP_REQUIREMENTS)),
  clocks: z.array(z.strictObject({ target: z.enum(CLOCK_TARGETS).nullable(), effect: z.enum(CLOCK_EFFECTS) })),
  notByHandler: z.boolean(),
});
const workflowDefinition = z.strictObject({
  key,
  version: z.number().int().positive(),
  name: words,
  nameEn: words,
  steps: z.array(stepDefinition),
  transitions: z.array(transitionDefinition),
});

/** One step's own words in a county. */
const stepWords = z.strictObject({ name: words, nameEn: words });

/**
 * The process of a county: one JSON document (`county_process.process`), checked when it is written and when the server
 * starts. Workflows are named by key: the shipped ones (`workflows/registry.ts`) or the county's own.
 */
export const countyProcessSchema = z.strictObject({
  /** Choices in order; a case that none of them fits walks `defaultWorkflow`. */
  workflows: z.array(workflowChoice).default([]),
  defaultWorkflow: key.default("standard"),
  /** Whole workflows of the county's own, beside the shipped ones. */
  ownWorkflows: z.array(workflowDefinition).default([]),
  /** The county's own words: workflow → step → words. */
  words: z.record(key, z.record(key, stepWords)).default({}),
  clockRules: z.array(clockRule).default(() => writtenRules(STANDARD_RULES)),
  calendars: z.array(workCalendar).default(() => [workCalendar.parse(CHINA_WORK)]),
  /** Levels in the order in which a case rises. */
  escalation: z.array(escalationStep).default(() => [...STANDARD_ESCALATION]),
  /** Seconds that a case may wait in a role's inbox before it rises. */
  inboxSeconds: z.number().int().positive().default(1800),
  whistleItems: z.array(whistleItem).default([]),
  /** Share of a department's year score that communities give (Decheng: a third, domain.md DC6). */
  communityShare: z
    .number()
    .min(0)
    .max(1)
    .default(1 / 3),
});
export type CountyProcess = z.output<typeof countyProcessSchema>;

/** A process as it is written down, before defaults are filled in. */
export type CountyProcessInput = z.input<typeof countyProcessSchema>;

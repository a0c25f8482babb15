import { CHINA_DAYS_OFF, CHINA_MAKE_UP_DAYS } from "./china-holidays.ts";
import { ALWAYS, type ClockRule, type EscalationStep, type WorkCalendar } from "./model.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Office hours of China with the State Council's holidays and make-up days: 8:00–12:00, 14:00–18:00 [our default]. */
export const CHINA_WORK: WorkCalendar = {
  key: "china-work",
  name: "法定工作日（8:00–12:00，14:00–18:00）",
  nameEn: "Working days of China, 8:00–12:00 and 14:00–18:00",
  hours: [8 * 60, 12 * 60, 14 * 60, 18 * 60],
  weekdays: [1, 2, 3, 4, 5],
  holidays: CHINA_DAYS_OFF,
  makeUpDays: CHINA_MAKE_UP_DAYS,
};
/** Counted seconds of a working day of `CHINA_WORK`. */
const WORKDAY = 8 * HOUR;

const rule = (
  key: string,
  name: string,
  nameEn: string,
  rest: Pick<ClockRule, "target" | "classes" | "allowedSeconds"> & Partial<ClockRule>,
): ClockRule => ({
  key,
  name,
  nameEn,
  kind: "business",
  states: [],
  severities: [],
  sources: [],
  extendSeconds: rest.allowedSeconds,
  calendar: ALWAYS,
  ...rest,
});

/** Which classes are small and which take time is our choice; the seed names the three limits only. */
const SMALL_CLASSES = [
  "01001 06010 06012 06014 06020 06028 06029 06042 07001 08001 08004 09001 09005 09006 09009 09010 09012 09019 10001 10002",
  "81003 81008 82002 82004 82006",
].flatMap((line) => line.split(" "));
const SLOW_CLASSES = [
  "01054 01077 06011 06017 06025 06026 06027 06036 06040 07003 08003 81001 81002 81004 81005 81007",
  "82001 82003 82007 83001 83004",
].flatMap((line) => line.split(" "));

/**
 * Zoucheng's promise (domain.md ZC6): 小事2小时内完成, 费时事2天内解决, 复杂事7天内有回音: three limits towards three
 * targets, since an answer is no solution. The seed does not say working or plain time: plain time here.
 */
const PROMISE_RULES: readonly ClockRule[] = [
  rule("small", "小事2小时完成", "Small: done within 2 hours", {
    target: "handle",
    classes: SMALL_CLASSES,
    allowedSeconds: 2 * HOUR,
  }),
  rule("slow", "费时事2天解决", "Takes time: solved within 2 days", {
    target: "close",
    classes: SLOW_CLASSES,
    allowedSeconds: 2 * DAY,
  }),
  rule("complex", "复杂事7天有回音", "Complex: answered within 7 days", {
    target: "answer",
    classes: [],
    allowedSeconds: 7 * DAY,
  }),
];

/** 三级七天调解法 (ZY7): seven days from the first opening whatever the level; the split is ours (domain.md 2.5). */
const MEDIATION_RULE: ClockRule = rule("mediation", "纠纷三级七天调解", "Mediation: 7 days over three levels", {
  target: "close",
  classes: ["80"],
  allowedSeconds: 7 * DAY,
  levels: [
    { level: "grid", seconds: 2 * DAY },
    { level: "community", seconds: 2 * DAY },
    { level: "town", seconds: 3 * DAY },
  ],
});

/**
 * Limits of urban management in working time, as one manual has them (domain.md 4.2; cities differ): 暴露垃圾 4 working
 * hours, 道路不洁 2 hours, 私搭乱建 20 working days to remove. Filing and dispatch within 2 working hours each [our choice].
 */
export const URBAN_MANAGEMENT_RULES: readonly ClockRule[] = [
  rule("exposed-rubbish", "暴露垃圾4个工作时", "Exposed rubbish: 4 working hours", {
    target: "handle",
    classes: ["06010"],
    allowedSeconds: 4 * HOUR,
    calendar: CHINA_WORK.key,
  }),
  rule("dirty-road", "道路不洁2个工作时", "Dirty road: 2 working hours", {
    target: "handle",
    classes: ["06012"],
    allowedSeconds: 2 * HOUR,
    calendar: CHINA_WORK.key,
  }),
  rule("illegal-building", "私搭乱建20个工作日", "Illegal building: 20 working days", {
    target: "handle",
    classes: ["06001"],
    allowedSeconds: 20 * WORKDAY,
    calendar: CHINA_WORK.key,
  }),
  rule("filing", "立案派遣2个工作时", "Filing and dispatch: 2 working hours", {
    kind: "state",
    target: null,
    classes: [],
    states: ["found", "accepted"],
    allowedSeconds: 2 * HOUR,
    extendSeconds: 0,
    calendar: CHINA_WORK.key,
  }),
];

/** What counties have that say nothing else: the three limits, and mediation where a case is a dispute. */
export const STANDARD_RULES: readonly ClockRule[] = [...PROMISE_RULES, MEDIATION_RULE];

/** 网格 → 社区 → 镇街 → 县区; the waits between the levels are our choice. */
export const STANDARD_ESCALATION: readonly EscalationStep[] = [
  { level: "community", role: "dispatcher", afterSeconds: 0 },
  { level: "town", role: "dispatcher", afterSeconds: 4 * HOUR },
  { level: "county", role: "dispatcher", afterSeconds: DAY },
];

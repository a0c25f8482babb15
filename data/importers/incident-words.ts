import type { IncidentSource, IncidentState, SourceVerdict } from "../model/incident.ts";
import { INCIDENT_SOURCES, INCIDENT_STATES } from "../model/incident.ts";

type Rule<T> = readonly [pattern: RegExp, value: T];

const firstMatch = <T>(rules: readonly Rule<T>[], text: string): T | undefined =>
  rules.find(([pattern]) => pattern.test(text))?.[1];

/** Words for states in Chinese case systems and in English 311 exports; the more specific stand first. */
const STATE_RULES: readonly Rule<IncidentState>[] = [
  [/作废|cancel|void|invalid/i, "void"],
  [/不予受理|不立案|驳回|reject|declined/i, "rejected"],
  [/挂账|延期|暂停|on.?hold|suspend|pending customer/i, "on_hold"],
  [/返工|退回|整改|rework|reopen/i, "rework"],
  [/督查|督办|inspection/i, "inspection"],
  [/已评价|评价|evaluated/i, "evaluated"],
  [/办结|结案|已完成|已解决|销号|clos|complete|resolved|done/i, "closed"],
  [/核查|核实|verif/i, "verified"],
  [/反馈|fed.?back/i, "fed_back"],
  [/会商|consult/i, "consulted"],
  [/报到|到场|arriv/i, "arrived"],
  [/处理中|处置中|办理|in.?progress|handling|active|working/i, "handling"],
  [/派遣|派单|dispatch|assigned/i, "dispatched"],
  [/待受理|上报|发现|found|submitted|reported|^new$/i, "found"],
  [/受理|立案|open|accepted|received|acknowledged/i, "accepted"],
];

/** Channels in the words of their systems. */
const SOURCE_RULES: readonly Rule<IncidentSource>[] = [
  [/12345|热线|电话|来电|call|phone|hotline/i, "hotline"],
  [/走访|入户|visit/i, "visit"],
  [/视频|监控|video|camera/i, "video"],
  [/无人机|drone|uav/i, "drone"],
  [/窗口|来访|大厅|walk.?in|counter|in person/i, "walk_in"],
  [/巡查|网格员|采集员|自查|employee|staff|patrol|inspector|worker/i, "patrol"],
  [/小程序|公众号|微信|随手拍|网上|app\b|mobile|self.?service|web|online|internet|connect/i, "app"],
  [/系统|平台|接口|integration|system|interface|import/i, "system"],
];

/** Canonical state of a word; undefined when it is none of those known. */
export function stateOf(text: string): IncidentState | undefined {
  const own = text.toLowerCase() as IncidentState;
  return INCIDENT_STATES.includes(own) ? own : firstMatch(STATE_RULES, text);
}

/** Canonical source of a word; undefined when it is none of those known. */
export function sourceOf(text: string): IncidentSource | undefined {
  const own = text.toLowerCase() as IncidentSource;
  return INCIDENT_SOURCES.includes(own) ? own : firstMatch(SOURCE_RULES, text);
}

const ASKS_LATE = /超|逾|over|late|breach/i;
const LATE = /^(overdue|late|breached|超期|逾期|已超期|超时)$/i;
const ON_TIME = /^(on.?time|in time|met|按期|按时|未超期|正常)$/i;
const YES = /^(y|yes|true|1|是)$/i;
const NO = /^(n|no|false|0|否)$/i;

/**
 * What the source says of the deadline. A bare yes or no answers the column's own question: 是否超期 or 是否按期.
 *
 * @returns `none` for a blank; undefined for a word that says neither
 */
export function verdictOf(text: string, column: string): SourceVerdict | undefined {
  const word = text.trim();
  if (word === "") return "none";
  if (LATE.test(word)) return "overdue";
  if (ON_TIME.test(word)) return "on_time";
  const asksLate = ASKS_LATE.test(column) && !/未超|on.?time/i.test(column);
  if (YES.test(word)) return asksLate ? "overdue" : "on_time";
  if (NO.test(word)) return asksLate ? "on_time" : "overdue";
  return undefined;
}

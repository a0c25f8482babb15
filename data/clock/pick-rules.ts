import type { IncidentSeverity, IncidentSource, IncidentState } from "../model/incident.ts";
import type { ClockRule, ClockTarget } from "./model.ts";

/** What a rule asks of a case. */
export interface RuledCase {
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
}

/** The rule of a business clock; undefined where the county has none for this target and case. */
export const pickRule = (rules: readonly ClockRule[], target: ClockTarget, one: RuledCase): ClockRule | undefined =>
  best(
    rules.filter((rule) => rule.kind === "business" && rule.target === target),
    one,
  );

/** The rule of the clock of a state; undefined where a case may stay in it for as long as it likes. */
export const pickStateRule = (
  rules: readonly ClockRule[],
  state: IncidentState,
  one: RuledCase,
): ClockRule | undefined =>
  best(
    rules.filter((rule) => rule.kind === "state" && (rule.states.length === 0 || rule.states.includes(state))),
    one,
  );

/** Among the rules that fit, the one with the longest class prefix; then one that names severities; then the first. */
function best(rules: readonly ClockRule[], one: RuledCase): ClockRule | undefined {
  let found: ClockRule | undefined;
  let foundRank = -1;
  for (const rule of rules) {
    const prefix = prefixLength(rule.classes, one.classCode);
    if (prefix < 0) continue;
    if (rule.severities.length > 0 && !rule.severities.includes(one.severity)) continue;
    if (rule.sources.length > 0 && !rule.sources.includes(one.source)) continue;
    const rank = prefix * 2 + (rule.severities.length > 0 ? 1 : 0);
    if (rank > foundRank) [found, foundRank] = [rule, rank];
  }
  return found;
}

/** Length of the longest prefix that a class has; 0 where a rule is for all; −1 where none fits. */
function prefixLength(prefixes: readonly string[], classCode: string): number {
  if (prefixes.length === 0) return 0;
  return Math.max(-1, ...prefixes.filter((prefix) => classCode.startsWith(prefix)).map((prefix) => prefix.length));
}

import { raisesAlarm } from "../../model/alarm.ts";
import type { CountyDataset } from "../../model/dataset.ts";

/** An alarm of a demo county as it is loaded. */
export interface DemoAlarm {
  readonly incidentId: string;
  readonly scopeCode: string | null;
  readonly classCode: string;
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedName: string | null;
}

/** A server that had run through the day before the anchor would still show these. */
const DAY_MS = 86_400_000;

/** So many of the newest wait for somebody: whoever opens a demo sees what that looks like, and can acknowledge one. */
const WAITING = 2;

/**
 * Alarms of the severe cases of a demo's last day, raised when they were reported, newest first. All but the newest were
 * acknowledged when their case was answered first, as a desk would. Empty without an anchor: what was imported raises none.
 */
export function demoAlarms({ profile, incidents }: Pick<CountyDataset, "profile" | "incidents">): DemoAlarm[] {
  if (profile.anchorAt === undefined) return [];
  const from = Date.parse(profile.anchorAt) - DAY_MS;
  return incidents
    .filter(({ severity, openedAt }) => raisesAlarm(severity) && Date.parse(openedAt) >= from)
    .sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt))
    .map(({ id, scopeCode, classCode, openedAt, firstAnswerAt }, n) => {
      const acknowledgedAt = n < WAITING ? null : firstAnswerAt;
      return {
        incidentId: id,
        scopeCode,
        classCode,
        raisedAt: openedAt,
        acknowledgedAt,
        acknowledgedName: acknowledgedAt === null ? null : `${profile.name}值班员`,
      };
    });
}

import { raisesAlarm } from "../../../data/model/alarm.ts";
import type { IncidentSeverity } from "../../../data/model/incident.ts";
import type { Transaction } from "../../../db/driver.ts";
import { insertAlarm, type NewAlarm } from "../../../db/repositories/alarm-repository.ts";

/**
 * Raises the alarm of a new case where its severity asks for one, in the transaction that reports it: whoever opens a page
 * later finds it.
 */
export async function raiseAlarm(
  tx: Transaction,
  { severity, ...alarm }: NewAlarm & { readonly severity: IncidentSeverity },
): Promise<void> {
  if (raisesAlarm(severity)) await insertAlarm(tx, alarm);
}

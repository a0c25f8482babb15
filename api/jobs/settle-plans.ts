import { toGlobalId } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import { tellOfBulk } from "../../db/import/import-transaction.ts";
import { duePlans, settlePlan } from "../../db/plans/settle-plan.ts";
import { appendAudit, systemActor } from "../../db/repositories/audit-repository.ts";
import { listCounties } from "../../db/repositories/county-repository.ts";
import { lockPlan } from "../../db/repositories/plan-repository.ts";
import type { ErrorLog } from "../errors.ts";

/** How often the server looks for publications whose day has begun. */
const SETTLE_EVERY_MS = 60_000;

/**
 * Settles the publications of counties whose day has begun: what lies in their areas is given to those that hold it now. One
 * transaction each; a second process waits for the plan's row and finds it done.
 *
 * @param nowMs epoch milliseconds
 * @returns how many were settled
 */
export async function settleDuePlans(database: Database, counties: readonly string[], nowMs: number): Promise<number> {
  const now = new Date(nowMs).toISOString();
  let settled = 0;
  for (const county of counties) {
    const due = await database.transaction({ kind: "county", county }, (tx) => duePlans(tx, county, now));
    for (const plan of due)
      await database.transaction({ kind: "loader", county }, async (tx) => {
        await lockPlan(tx, county, plan.planId);
        const still = await duePlans(tx, county, now);
        if (!still.some(({ planId }) => planId === plan.planId)) return;
        const facts = { ...(await settlePlan(tx, county, plan, now)) };
        await appendAudit(tx, county, {
          ...systemActor(),
          action: "plan.settle",
          entity: { plan: toGlobalId("Plan", county, plan.planId), ...facts },
          at: now,
        });
        await tellOfBulk(tx, county, nowMs, "area", { plan: plan.planId });
        settled++;
      });
  }
  return settled;
}

/** Looks for due publications while the server runs, at once and then every minute; failures are logged and tried again. */
export function startSettlingPlans(
  database: Database,
  now: () => number,
  log: ErrorLog,
  everyMs = SETTLE_EVERY_MS,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const run = (): void => {
    if (busy) return;
    busy = true;
    running = database
      .transaction({ kind: "reviewed", name: "county-list" }, listCounties)
      .then((rows) =>
        settleDuePlans(
          database,
          rows.map(({ county }) => county),
          now(),
        ),
      )
      .catch((err: unknown) => log({ err }, "publications were not settled; it is tried again"))
      .finally(() => {
        busy = false;
      });
  };
  run();
  const timer = setInterval(run, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

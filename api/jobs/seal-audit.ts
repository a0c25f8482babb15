import { catchUpHeads, type SealReport, sealAudit } from "../../db/audit/sealer.ts";
import type { Database } from "../../db/driver.ts";
import { auditedCounties } from "../../db/repositories/audit-seal-repository.ts";
import type { ErrorLog } from "../errors.ts";

/** Pause between two looks for rows without a seal: every row is sealed within two seconds (data rule 8). */
export const SEAL_EVERY_MS = 1000;
/** How far back a look goes. A transaction that took longer before it committed is found by the next full look. */
const LOOK_BACK_MS = 15 * 60_000;
const FULL_LOOK_EVERY_MS = 3_600_000;

/**
 * Seals the audit log of every county while the server runs: all of it at once, for what a process that was killed left,
 * then every second what was just written. A failure is logged once and tried again; rows wait for their seal meanwhile.
 *
 * @param now the server's clock, epoch milliseconds
 * @returns stops it, after a last look
 */
export function startSealingAudit(
  database: Database,
  now: () => number,
  log: ErrorLog,
  everyMs = SEAL_EVERY_MS,
): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let lastFull = Number.NEGATIVE_INFINITY;
  let failing = false;
  const look = async (full: boolean): Promise<void> => {
    try {
      const first = lastFull === Number.NEGATIVE_INFINITY;
      if (first) await catchUpHeads(database, await auditedCounties(database));
      const nowMs = now();
      tellForged(await sealAudit(database, { nowMs, sinceMs: full ? undefined : nowMs - LOOK_BACK_MS }), log);
      if (full) lastFull = performance.now();
      failing = false;
    } catch (error) {
      if (!failing) log({ err: error }, "the audit log could not be sealed; it is tried again every second");
      failing = true;
    }
  };
  const run = async (): Promise<void> => {
    await look(performance.now() - lastFull > FULL_LOOK_EVERY_MS);
    if (!stopped) timer = setTimeout(next, everyMs).unref();
  };
  let running = Promise.resolve();
  const next = (): void => {
    running = run();
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
    await look(false);
  };
}

function tellForged({ forged }: SealReport, log: ErrorLog): void {
  for (const row of forged) log({ ...row }, "an audit row with a wrong mac was found: run jingwei audit verify");
}

import { ZoneClock } from "../../data/model/zoned-time.ts";
import { publishFinal, publishOrdinary, publishRunning } from "../../data/policy/suppression.ts";
import type { Database, Transaction } from "../driver.ts";
import {
  type BaseCountRow,
  baseCounts,
  frozenSensitive,
  lastStatisticRun,
  lockCountyForStatistics,
  type MonthCell,
  recordStatisticRun,
  replaceCells,
} from "../repositories/cube-repository.ts";
import { groupBy } from "../repositories/params.ts";
import { refreshRollups } from "./refresh-rollups.ts";

/**
 * Brings the published statistics of a county up to date: the cube through the end of yesterday in the county's zone, and
 * the roll-ups of its areas. Nothing is written when day and content are those of the last refresh.
 *
 * A day alone counts the months anew that were not over at the last refresh. A load or import counts all of them, since it
 * may bring old cases: ordinary cells follow it, sensitive cells of a month and major that were published when it was
 * over stay as they are for ever.
 *
 * @param nowMs the clock, epoch milliseconds
 * @returns false when there was nothing to do
 */
export const refreshStatistics = (database: Database, county: string, nowMs: number): Promise<boolean> =>
  database.transaction({ kind: "county", county }, (tx) => refreshIn(tx, county, nowMs));

async function refreshIn(tx: Transaction, county: string, nowMs: number): Promise<boolean> {
  const profile = await lockCountyForStatistics(tx, county);
  if (!profile) return false;
  const clock = new ZoneClock(profile.timezone);
  const through = new Date(clock.startOfDay(nowMs)).toISOString();
  const last = await lastStatisticRun(tx, county);
  const sameContent = last?.contentVersion === profile.contentVersion;
  const sameDay = last !== undefined && Date.parse(last.through) >= Date.parse(through);
  if (last && sameContent && sameDay) return false;
  // A clock that was set back takes nothing back that was published.
  const end = last && sameDay ? last.through : through;
  // The last refresh counted up to `last.through`: the month of the moment before was running then, or has just ended.
  const from = last && sameContent ? monthOf(clock, Date.parse(last.through) - 1) : undefined;
  await refreshCube(tx, county, clock, from, end);
  await refreshRollups(tx, county, new Date(nowMs).toISOString());
  const now = new Date(nowMs).toISOString();
  await recordStatisticRun(tx, county, { through: end, contentVersion: profile.contentVersion }, now);
  return true;
}

interface Month {
  /** yyyy-mm-01 */
  readonly firstDay: string;
  /** Instants, epoch milliseconds, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** The calendar month of the county's zone that an instant falls in. */
function monthOf(clock: ZoneClock, epochMs: number): Month {
  const local = new Date(epochMs + clock.offsetMs(epochMs));
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  return {
    firstDay: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10),
    start: clock.fromLocal(Date.UTC(year, month, 1)).epochMs,
    end: clock.fromLocal(Date.UTC(year, month + 1, 1)).epochMs,
  };
}

async function refreshCube(
  tx: Transaction,
  county: string,
  clock: ZoneClock,
  from: Month | undefined,
  through: string,
): Promise<void> {
  const start = from ? new Date(from.start).toISOString() : null;
  const counts = await baseCounts(tx, county, clock.zone, start, through);
  const frozen = new Set((await frozenSensitive(tx, county)).map(({ month, major }) => `${month} ${major}`));
  const cells: MonthCell[] = [];
  for (const rows of groupBy(counts, ({ month, major, sensitive }) => `${month} ${major} ${sensitive}`).values()) {
    const first = rows[0] as BaseCountRow;
    if (first.sensitive && frozen.has(`${first.month} ${first.major}`)) continue;
    const month = monthOf(clock, clock.fromLocal(Date.parse(`${first.month}T12:00:00Z`)).epochMs);
    const over = month.end <= Date.parse(through);
    const base = new Map(rows.map(({ area, count }) => [area, count]));
    const publish = !first.sensitive ? publishOrdinary : over ? publishFinal : publishRunning;
    for (const cell of publish(base))
      cells.push({
        ...cell,
        month: first.month.slice(0, 7),
        firstDay: first.month,
        major: first.major,
        sensitive: first.sensitive,
        through: over ? new Date(month.end).toISOString() : through,
        frozen: over,
      });
  }
  await replaceCells(tx, county, from?.firstDay ?? null, cells);
}

import { NULL_TIME } from "../../../data/columns/format.ts";
import { FLAG, type IncidentColumns, isLateRow, STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { INCIDENT_SEVERITIES } from "../../../data/model/incident.ts";
import { smallestRows } from "../../plane/smallest-rows.ts";

export type StoryReason = "severe" | "overdue" | "newest";

export interface StoryPick {
  /** Number of the case. */
  readonly ref: number;
  readonly reason: StoryReason;
}

const SEVERE = INCIDENT_SEVERITIES.indexOf("serious");

/**
 * What the wall shows by itself: the newest severe and the longest-overdue open cases in turn, and the newest open ones
 * where there is neither. Rows on default points and cells are left out: their place is not known.
 *
 * @param limit how many cases at most
 */
export function storyPicks(columns: IncidentColumns, rows: Uint32Array, asOf: number, limit: number): StoryPick[] {
  const told = (row: number): boolean =>
    !STATE_ENDED[columns.state[row] as number] && !((columns.flags[row] as number) & (FLAG.suspicious | FLAG.cell));
  const severe: number[] = [];
  const newest: number[] = [];
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as number;
    if (!told(row)) continue;
    if (newest.length < limit) newest.push(row);
    if ((columns.severity[row] as number) >= SEVERE && severe.length < limit) severe.push(row);
  }
  // Where the source gives a verdict but no due time, the time of opening stands for it.
  const due = (row: number): number => {
    if (!told(row) || !isLateRow(columns, row, asOf)) return Number.NaN;
    const value = columns.due[row] as number;
    return value === NULL_TIME ? (columns.opened[row] as number) : value;
  };
  const overdue = smallestRows(rows, due, 2 * limit);
  const picks: StoryPick[] = [];
  const taken = new Set<number>();
  const take = (list: readonly number[], reason: StoryReason): void => {
    const row = list.find((candidate) => !taken.has(candidate));
    if (row === undefined || picks.length >= limit) return;
    taken.add(row);
    picks.push({ ref: columns.ref[row] as number, reason });
  };
  for (let i = 0; i < limit; i++) {
    take(severe, "severe");
    take(overdue, "overdue");
  }
  for (let i = 0; picks.length < limit && i < newest.length; i++) take(newest, "newest");
  return picks;
}

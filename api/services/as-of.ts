import type { CountyRow } from "../../db/repositories/county-repository.ts";
import type { CountyModel } from "../mappers.ts";

const DAY_MS = 86_400_000;
const toSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/**
 * Adds the end of a county's data. A county whose data reaches into the last day is live: it is judged at the server's
 * clock. An older one is historic: it is judged at the latest instant that its data speaks of (the anchor of a demo,
 * otherwise the newest incident), so that its figures stand still. Whole seconds, as columns carry.
 */
export function asOfCounty(row: CountyRow, nowMs: number): CountyModel {
  const end = row.demo ? (row.anchorAt ?? row.lastOpenedAt) : row.lastOpenedAt;
  const endMs = end === null ? nowMs : Math.min(Date.parse(end), nowMs);
  const historic = nowMs - endMs > DAY_MS;
  // A case opened within the last second counts: the instant after it.
  const asOfMs = historic ? toSecond(endMs + 999) : toSecond(nowMs);
  return { ...row, asOf: new Date(asOfMs).toISOString(), historic };
}

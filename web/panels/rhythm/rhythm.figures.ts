import type { FigureInput } from "../figure-input.ts";
import { weekdayOfDay } from "../zone.ts";

/** Cases by weekday (0 Monday) and hour of opening in the county's zone: 7 × 24 counts, row by row. */
export function rhythmFigures({ columns, rows, zone }: FigureInput): Uint32Array {
  const counts = new Uint32Array(7 * 24);
  for (const row of rows) {
    const opened = columns.opened[row] as number;
    const cell = weekdayOfDay(zone.dayOf(opened)) * 24 + zone.hourOf(opened);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}

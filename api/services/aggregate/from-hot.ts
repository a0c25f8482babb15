import { rankByArea } from "../../../data/columns/rank-by-area.ts";
import type { ColumnFilter } from "../../../data/columns/select.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import type { ZoneClock } from "../../../data/model/zoned-time.ts";
import type { CaseConditions, CountBy, TimeWindow } from "../../../db/rollups/case-counts.ts";
import type { HotCounty } from "../../hot/types.ts";
import type { DenseDays, Tally } from "./tally.ts";

const DAY_SECONDS = 86_400;

const indexes = <Value>(all: readonly Value[], some: readonly Value[] | undefined): number[] | undefined =>
  some?.map((value) => all.indexOf(value));

function columnFilter(on: CaseConditions, sensitive: boolean, { from, to }: TimeWindow): ColumnFilter {
  return {
    // The columns are one county's: asked of all of it, no row's area need be looked at.
    ...(on.inside.length > 6 ? { inside: on.inside } : {}),
    withoutSensitive: !sensitive,
    withoutSuspicious: on.withoutSuspicious === true,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(on.classes ? { classes: on.classes } : {}),
    ...(on.late === undefined ? {} : { late: on.late }),
    ...(on.states ? { states: indexes(INCIDENT_STATES, on.states) ?? [] } : {}),
    ...(on.severities ? { severities: indexes(INCIDENT_SEVERITIES, on.severities) ?? [] } : {}),
    ...(on.sources ? { sources: indexes(INCIDENT_SOURCES, on.sources) ?? [] } : {}),
  };
}

/** What a count in memory needs beside the question. */
export interface HotCounting {
  readonly clock: ZoneClock;
  /** Whether cases of sensitive classes are counted. */
  readonly sensitive: boolean;
  /** Instant to judge lateness at, epoch seconds. */
  readonly asOf: number;
}

/** Adds the cases that memory holds in a window to a tally. Runs without a pause: the columns are a live view. */
export function countHot(
  hot: HotCounty,
  by: CountBy,
  on: CaseConditions,
  window: TimeWindow,
  { clock, sensitive, asOf }: HotCounting,
  tally: Tally,
): void {
  const filter = columnFilter(on, sensitive, window);
  if (by.kind === "heat") {
    const { edge, west, south, east, north } = by.box;
    const grid = {
      west: west * edge,
      south: south * edge,
      edgeX: edge,
      edgeY: edge,
      across: east - west + 1,
      down: north - south + 1,
    };
    hot.addHeat(filter, asOf, grid, tally.cells);
    return;
  }
  if (by.kind === "ranking") {
    for (const { code, count } of rankByArea(hot.columns, filter, asOf, by.level)) tally.add(code, 0, count);
    return;
  }
  const { classes } = hot.columns;
  const { starts, counts } = hot.classDays(filter, asOf, clock.zone);
  const days = starts.map((start) => {
    // Hours after the day began: where midnight is skipped, it begins later.
    const within = (start + DAY_SECONDS / 4) * 1000;
    return Math.floor((within + clock.offsetMs(within)) / (DAY_SECONDS * 1000));
  });
  tally.addDays(by.by === "class" ? { names: classes, days, counts } : byMajor(classes, days, counts));
}

/** Counts by class as counts by major. */
function byMajor(classes: readonly string[], days: Int32Array, counts: Int32Array): DenseDays {
  const majors = classes.map((code) => code.slice(0, 2));
  const names = [...new Set(majors)].sort();
  const width = days.length;
  const sums = new Int32Array(width * names.length);
  majors.forEach((major, kind) => {
    const target = names.indexOf(major) * width;
    for (let day = 0; day < width; day++)
      sums[target + day] = (sums[target + day] as number) + (counts[kind * width + day] as number);
  });
  return { names, days, counts: sums };
}

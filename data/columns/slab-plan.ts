import type { IncidentColumns } from "./incident-columns.ts";
import type { RowFilter } from "./select.ts";

/** Cases that were opened in `[from, to)`, epoch seconds. */
export interface Slab {
  readonly from: number;
  /** Undefined for the newest: whatever comes belongs to it. */
  readonly to: number | undefined;
  readonly rows: number;
}

/** Rows of a slab, about: 440 kB by brotli 4. */
export const SLAB_ROWS = 32_768;
/** A boundary is put at a full hour where that lets the slab grow by no more than this share. */
const HOUR = 3600;
const SLACK = 1 / 4;

/**
 * Cuts the cases of a filter by time into slabs of about `target`, oldest first. A boundary depends on the cases before
 * it only, so that slabs stay what they are when newer cases come; it lies at a full hour where cases are not too dense,
 * so that most changes among older cases leave it where it is too, and always between two seconds.
 */
export function slabPlan(columns: IncidentColumns, test: RowFilter, target = SLAB_ROWS): Slab[] {
  const slabs: Slab[] = [];
  const limit = Math.ceil(target * (1 + SLACK));
  let from: number | undefined;
  let rows = 0;
  /** Full hour after the second that filled the slab. */
  let hour = Number.POSITIVE_INFINITY;
  let before = Number.NEGATIVE_INFINITY;
  for (const at of timesOf(columns, test)) {
    if (from !== undefined && at !== before && (at >= hour || rows >= limit)) {
      const to = Math.min(at, hour);
      slabs.push({ from, to, rows });
      from = to;
      rows = 0;
      hour = Number.POSITIVE_INFINITY;
    }
    from ??= at;
    rows++;
    if (rows === target) hour = (Math.floor(at / HOUR) + 1) * HOUR;
    before = at;
  }
  if (from !== undefined) slabs.push({ from, to: undefined, rows });
  return slabs;
}

/** Times of opening of a filter's cases, in order. */
function* timesOf(columns: IncidentColumns, test: RowFilter): Generator<number> {
  const { opened } = columns;
  const tail: number[] = [];
  for (let i = test.tailStart; i < test.tailEnd; i++) if (test.holdsAnywhere(i)) tail.push(opened[i] as number);
  tail.sort((a, b) => a - b);
  let next = 0;
  for (let i = test.start; i < test.end; i++) {
    if (!test.holds(i)) continue;
    const at = opened[i] as number;
    while (next < tail.length && (tail[next] as number) < at) yield tail[next++] as number;
    yield at;
  }
  while (next < tail.length) yield tail[next++] as number;
}

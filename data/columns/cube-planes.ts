import type { CubeCells, CubePlane } from "./cube-cells.ts";
import { FLAG, HOLE, type IncidentColumns } from "./incident-columns.ts";

/** Numbers the cells of rows `[from, to)` and marks their kinds. @returns rows that count; -1 where one lies too far away */
export function addRows(
  columns: IncidentColumns,
  from: number,
  to: number,
  cells: CubeCells,
  majorOf: Uint8Array,
  seen: Uint8Array,
): number {
  const { lon, lat, state, flags, classIndex } = columns;
  let count = 0;
  for (let i = from; i < to; i++) {
    const flag = flags[i] as number;
    if (state[i] === HOLE || flag & FLAG.suspicious) continue;
    if (cells.add(lon[i] as number, lat[i] as number) < 0) return -1;
    seen[(majorOf[classIndex[i] as number] as number) * 2 + (flag & FLAG.sensitive ? 1 : 0)] = 1;
    count++;
  }
  return count;
}

/** Counts rows `[from, to)` in the planes of their interval. */
export function countRows(
  columns: IncidentColumns,
  from: number,
  to: number,
  cells: CubeCells,
  majorOf: Uint8Array,
  planes: readonly (CubePlane | undefined)[],
  { total, whole }: { readonly total: CubePlane; readonly whole: CubePlane },
): void {
  const { lon, lat, state, flags, classIndex } = columns;
  for (let i = from; i < to; i++) {
    const flag = flags[i] as number;
    if (state[i] === HOLE || flag & FLAG.suspicious) continue;
    const cell = cells.add(lon[i] as number, lat[i] as number, 1, true);
    const isSensitive = flag & FLAG.sensitive ? 1 : 0;
    const plane = planes[(majorOf[classIndex[i] as number] as number) * 2 + isSensitive] as CubePlane;
    plane[cell] = (plane[cell] as number) + 1;
    whole[cell] = (whole[cell] as number) + 1;
    if (isSensitive === 0) total[cell] = (total[cell] as number) + 1;
  }
}

export const majorsOf = (classes: readonly string[]): string[] =>
  [...new Set(classes.map((code) => code.slice(0, 2)))].sort();

export const sensitive = (columns: IncidentColumns, i: number): 0 | 1 =>
  (columns.flags[i] as number) & FLAG.sensitive ? 1 : 0;

/** How much of a major's classes a list of majors and classes holds. */
export function wantedShare(
  all: readonly string[],
  major: string,
  classes: readonly string[] | undefined,
): "all" | "some" | "none" {
  if (!classes || classes.includes(major)) return "all";
  const own = all.filter((code) => code.startsWith(major));
  const held = own.filter((code) => classes.some((prefix) => code.startsWith(prefix)));
  return held.length === own.length ? "all" : held.length > 0 ? "some" : "none";
}

export function addBetween(planes: CubePlane[], cell: number, from: number, to: number, by: 1 | -1): void {
  for (let n = from; n <= to; n++) {
    const plane = planes[n] as CubePlane;
    plane[cell] = (plane[cell] as number) + by;
  }
}

/** Adds what lies between two planes to sums of cells `[from, to)`; `low` undefined = everything before `high`. */
export function addPlanes(
  sums: Int32Array,
  high: CubePlane,
  low: CubePlane | undefined,
  sign: number,
  from: number,
  to: number,
): void {
  if (!low)
    for (let i = from, at = 0; i < to; i++, at++)
      sums[at] = ((sums[at] as number) + Math.imul(sign, high[i] as number)) | 0;
  else if (sign > 0)
    for (let i = from, at = 0; i < to; i++, at++)
      sums[at] = ((sums[at] as number) + (((high[i] as number) - (low[i] as number)) | 0)) | 0;
  else
    for (let i = from, at = 0; i < to; i++, at++)
      sums[at] = ((sums[at] as number) + (((low[i] as number) - (high[i] as number)) | 0)) | 0;
}

export function addUp(plane: CubePlane, before: CubePlane): void {
  for (let i = 0; i < plane.length; i++) plane[i] = (plane[i] as number) + (before[i] as number);
}

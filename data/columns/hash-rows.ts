import { type IncidentColumns, NO_GRID } from "./incident-columns.ts";
import type { RowFilter } from "./select.ts";

/** Constants of MurmurHash3's 32-bit finaliser and of xxHash32 (Austin Appleby, Yann Collet; public domain, BSD). */
const C1 = 0x85ebca6b;
const C2 = 0xc2b2ae35;
const P1 = 0x9e3779b1;
const P3 = 0xc2b2ae3d;

const finish = (hash: number): number => {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, C1);
  h ^= h >>> 13;
  h = Math.imul(h, C2);
  return h ^ (h >>> 16);
};

/** FNV-1a of a code: rows are hashed by what their codes say, not by their indexes. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finish(hash);
}

/**
 * Hash of the content of a filter's cases, 16 hexadecimal digits: equal for equal sets of cases, whatever the order of
 * those of one second, the holes, the tail and the dictionaries. Not against forgery: it names slabs for caches.
 */
export function hashRows(columns: IncidentColumns, test: RowFilter): string {
  const { lon, lat, opened, closed, due, flags, classIndex, state, severity, source, grid, ref } = columns;
  const classHash = Int32Array.from(columns.classes, textHash);
  const gridHash = Int32Array.from(columns.grids, textHash);
  let low = 0;
  let high = 0;
  let count = 0;
  const add = (i: number): void => {
    let a = ref[i] as number;
    let b = P3;
    // Two lanes over the same words: a step of one is a rotation and a multiplication, so that each bit reaches all.
    const mix = (word: number): void => {
      a = Math.imul(a ^ word, P1);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(((b << 7) | (b >>> 25)) + word, C2);
      b ^= b >>> 15;
    };
    mix(lon[i] as number);
    mix(lat[i] as number);
    mix(opened[i] as number);
    mix(closed[i] as number);
    mix(due[i] as number);
    mix(ref[i] as number);
    mix(classHash[classIndex[i] as number] as number);
    mix(grid[i] === NO_GRID ? 0 : (gridHash[grid[i] as number] as number));
    mix(
      (flags[i] as number) |
        ((state[i] as number) << 8) |
        ((severity[i] as number) << 16) |
        ((source[i] as number) << 24),
    );
    low = (low + finish(a)) | 0;
    high = (high + finish(b)) | 0;
    count++;
  };
  for (let i = test.start; i < test.end; i++) if (test.holds(i)) add(i);
  for (let i = test.tailStart; i < test.tailEnd; i++) if (test.holdsAnywhere(i)) add(i);
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
  return hex(finish(high ^ count)) + hex(finish(low + count));
}

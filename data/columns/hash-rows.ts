import { type IncidentColumns, NO_GRID } from "./incident-columns.ts";
import type { RowFilter } from "./select.ts";

/** Constants of MurmurHash3's 32-bit finaliser and of xxHash32 (Austin Appleby, Yann Collet; public domain, BSD). */
const C1 = 0x85ebca6b;
const C2 = 0xc2b2ae35;
const P1 = 0x9e3779b1;
const P3 = 0xc2b2ae3d | 0;

const finish = (hash: number): number => {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, C1);
  h ^= h >>> 13;
  h = Math.imul(h, C2);
  return h ^ (h >>> 16);
};

/** Steps of two lanes that take in a word each in another way, so that one's collision is none of the other's. */
const mixA = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, P1);
  return (product << 13) | (product >>> 19);
};
const mixB = (hash: number, word: number): number => {
  const product = Math.imul((((hash << 7) | (hash >>> 25)) + word) | 0, C2);
  return product ^ (product >>> 15);
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
  for (let i = test.start; i < test.tailEnd; i++) {
    if (i === test.end) i = test.tailStart;
    if (i >= test.tailEnd || !(i < test.end ? test.holds(i) : test.holdsAnywhere(i))) continue;
    const kinds =
      (flags[i] as number) |
      ((state[i] as number) << 8) |
      ((severity[i] as number) << 16) |
      ((source[i] as number) << 24);
    const area = grid[i] === NO_GRID ? 0 : (gridHash[grid[i] as number] as number);
    const code = classHash[classIndex[i] as number] as number;
    const number = (ref[i] as number) | 0;
    let a = mixA(number, lon[i] as number);
    a = mixA(a, lat[i] as number);
    a = mixA(a, opened[i] as number);
    a = mixA(a, closed[i] as number);
    a = mixA(a, due[i] as number);
    a = mixA(a, code);
    a = mixA(a, area);
    a = mixA(a, kinds);
    let b = mixB(P3, number);
    b = mixB(b, lon[i] as number);
    b = mixB(b, lat[i] as number);
    b = mixB(b, opened[i] as number);
    b = mixB(b, closed[i] as number);
    b = mixB(b, due[i] as number);
    b = mixB(b, code);
    b = mixB(b, area);
    b = mixB(b, kinds);
    low = (low + finish(a)) | 0;
    high = (high + finish(b)) | 0;
    count++;
  }
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
  return hex(finish(high ^ count)) + hex(finish((low + count) | 0));
}

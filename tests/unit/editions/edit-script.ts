import type { Prng } from "../../../data/demo/prng.ts";
import type { EditionKind, NextArea, OldArea } from "../../../data/editions/proposal.ts";
import type { LonLat, Ring } from "../../../data/model/geometry.ts";

/** What an edit script did, as the matcher should find it: kind, old codes, new codes. */
export interface TrueEdit {
  readonly kind: EditionKind;
  readonly olds: readonly string[];
  readonly nexts: readonly string[];
}

export interface Edited {
  readonly olds: readonly OldArea[];
  readonly nexts: readonly NextArea[];
  readonly edits: readonly TrueEdit[];
}

const STEP = 0.004;
const snap = (value: number): number => Math.round(value * 1e7) / 1e7;

/**
 * A county of `columns` × `rows` cells with crooked corners, whose blocks of 2 × 1 cells are each left as they are or given
 * one edit. Blocks are ten to a community.
 *
 * ```
 *  +---+---+    rename, recode, move: the left cell     split: the left cell in two
 *  | a | b |    reshape: the border between a and b      merge: a and b
 *  +---+---+    remove: a is gone                        cross: all corners are drawn anew by centimetres
 * ```
 */
export function editedCounty(prng: Prng, columns: number, rows: number): Edited {
  const random = (): number => prng.uint32() / 2 ** 32;
  const corners: LonLat[][] = Array.from({ length: rows + 1 }, (_, y) =>
    Array.from(
      { length: columns + 1 },
      (_, x): LonLat => [
        snap(112 + (x + (random() - 0.5) * 0.4) * STEP),
        snap(37 + (y + (random() - 0.5) * 0.4) * STEP),
      ],
    ),
  );
  const corner = (x: number, y: number): LonLat => corners[y]?.[x] ?? [0, 0];
  const cell = (x: number, y: number): Ring => [
    corner(x, y),
    corner(x + 1, y),
    corner(x + 1, y + 1),
    corner(x, y + 1),
    corner(x, y),
  ];
  const between = (a: LonLat, b: LonLat, t: number): LonLat => [
    snap(a[0] + (b[0] - a[0]) * t),
    snap(a[1] + (b[1] - a[1]) * t),
  ];
  const olds: OldArea[] = [];
  const nexts: NextArea[] = [];
  const edits: TrueEdit[] = [];
  const community = (block: number): string => `140298001${String(1 + Math.floor(block / 10)).padStart(3, "0")}`;
  const old = (block: number, side: number, ring: Ring): OldArea => {
    const code = `${community(block)}${String((block % 10) * 2 + side + 1).padStart(3, "0")}`;
    const area = { id: code, code, name: `网格${block}-${side}`, sourceRef: code, geometry: [[ring]] };
    olds.push(area);
    return area;
  };
  const next = (code: string, name: string, ring: Ring): void => {
    nexts.push({ at: `f#${nexts.length}`, code, sourceRef: code, name, geometry: [[ring]] });
  };
  const keep = (area: OldArea, ring = area.geometry[0]?.[0] ?? []): void => next(area.code, area.name, ring);
  const blocks = Math.floor(columns / 2) * rows;
  for (let block = 0; block < blocks; block++) {
    const x = (block % Math.floor(columns / 2)) * 2;
    const y = Math.floor(block / Math.floor(columns / 2));
    const a = old(block, 0, cell(x, y));
    const b = old(block, 1, cell(x + 1, y));
    const [c0, c1, c2] = [corner(x, y), corner(x + 1, y), corner(x + 2, y)];
    const [d0, d1, d2] = [corner(x, y + 1), corner(x + 1, y + 1), corner(x + 2, y + 1)];
    const fresh = (n: number): string => `${community(block)}${500 + (block % 10) * 4 + n}`;
    const tell = (kind: EditionKind, from: readonly OldArea[], to: readonly string[]): void => {
      edits.push({ kind, olds: from.map(({ code }) => code), nexts: to });
    };
    const kind = Math.floor(random() * 9);
    if (kind === 0) {
      next(a.code, `新名${block}`, cell(x, y));
      tell("renamed", [a], [a.code]);
    } else if (kind === 1) {
      next(fresh(0), a.name, cell(x, y));
      tell("recoded", [a], [fresh(0)]);
    } else if (kind === 2) {
      const moved = `140298002001${String(block + 1).padStart(3, "0")}`;
      next(moved, a.name, cell(x, y));
      tell("moved", [a], [moved]);
    } else if (kind === 3) {
      const [m, n] = [between(c0, c1, 0.9), between(d0, d1, 0.95)];
      keep(a, [c0, m, n, d0, c0]);
      keep(b, [m, c1, c2, d2, d1, n, m]);
      tell("reshaped", [a], [a.code]);
      tell("reshaped", [b], [b.code]);
    } else if (kind === 4) {
      const t = 0.3 + random() * 0.4;
      const [m, n] = [between(c0, c1, t), between(d0, d1, t)];
      const code = random() < 0.5 ? a.code : fresh(0);
      next(code, code === a.code ? a.name : `${a.name}西`, [c0, m, n, d0, c0]);
      next(fresh(1), `${a.name}东`, [m, c1, d1, n, m]);
      tell("split", [a], [code, fresh(1)].sort());
    } else if (kind === 5) {
      const code = random() < 0.5 ? a.code : fresh(0);
      next(code, code === a.code ? a.name : `合${block}`, [c0, c1, c2, d2, d1, d0, c0]);
      tell("merged", [a, b], [code]);
    } else if (kind === 6) {
      tell("removed", [a], []);
    } else {
      keep(a);
      tell("unchanged", [a], [a.code]);
    }
    if (kind !== 3 && kind !== 5) {
      keep(b);
      tell("unchanged", [b], [b.code]);
    }
  }
  return { olds, nexts, edits };
}

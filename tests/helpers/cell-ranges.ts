import { parentCode } from "../../data/model/codes.ts";
import type { CellMark } from "../../data/policy/suppression.ts";

/** What one may read of a cell: of the cube, or of records that somebody may see. */
export interface KnownCell {
  readonly areaCode: string;
  readonly count: number | null;
  readonly mark: CellMark;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const ANY: Range = { from: 0, to: Number.POSITIVE_INFINITY };

const rangeOf = ({ mark, count }: KnownCell): Range => {
  if (mark === "exact") return { from: count ?? Number.NaN, to: count ?? Number.NaN };
  if (mark === "at_least") return { from: count ?? Number.NaN, to: Number.POSITIVE_INFINITY };
  return mark === "less_than_five" ? { from: 1, to: 4 } : ANY;
};

const both = (a: Range, b: Range): Range => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });
const sum = (ranges: readonly Range[]): Range => ({
  from: ranges.reduce((total, { from }) => total + from, 0),
  to: ranges.reduce((total, { to }) => total + to, 0),
});

/** What a cell lies in: `140226001*` and `140226001002` in the town, the town and `140226*` in the county. */
const aboveCell = (code: string): string | undefined => (code.endsWith("*") ? code.slice(0, -1) : parentCode(code));

/**
 * Solves the system of all equalities "a total is the sum of its cells" for whole numbers, cells that are not listed being
 * zero. The system is a tree, where one pass up (what the cells say of the sums) and one down (what a sum and the other
 * cells say of a cell) finds exactly the values that each cell may have: sums of intervals have no holes.
 *
 * @param cells all that is known of one class major and month; several entries of a cell all hold
 */
export function solveCells(cells: Iterable<KnownCell>): Map<string, Range> {
  const ranges = new Map<string, Range>();
  const children = new Map<string, string[]>();
  for (const cell of cells) {
    for (let code: string | undefined = cell.areaCode; code && !ranges.has(code); code = aboveCell(code)) {
      ranges.set(code, ANY);
      const above = aboveCell(code);
      if (above) children.set(above, [...(children.get(above) ?? []), code]);
    }
    ranges.set(cell.areaCode, both(ranges.get(cell.areaCode) ?? ANY, rangeOf(cell)));
  }
  const at = (code: string): Range => ranges.get(code) ?? ANY;
  const up = (code: string): void => {
    const inside = children.get(code);
    if (!inside) return;
    for (const child of inside) up(child);
    ranges.set(code, both(at(code), sum(inside.map(at))));
  };
  const down = (code: string): void => {
    const inside = children.get(code) ?? [];
    const before = inside.map(at);
    inside.forEach((child, i) => {
      const others = sum(before.filter((_, other) => other !== i));
      const parent = at(code);
      ranges.set(child, both(at(child), { from: parent.from - others.to, to: parent.to - others.from }));
    });
    for (const child of inside) down(child);
  };
  for (const root of [...ranges.keys()].filter((code) => !aboveCell(code))) {
    up(root);
    down(root);
  }
  return ranges;
}

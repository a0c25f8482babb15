import type { LonLat } from "../../model/geometry.ts";
import { type LatticePoint, toLonLat } from "./lattice-polygons.ts";
import type { CellId, PlanGraph } from "./plan-graph.ts";

/** Why an edit is refused, in both languages. */
export const REFUSAL_WORDS = {
  nothing_there: { zh: "这里没有可编辑的对象", en: "There is nothing to edit here" },
  no_change: { zh: "没有任何改变", en: "Nothing would change" },
  unknown_cell: { zh: "找不到这个网格", en: "There is no such grid" },
  outline: { zh: "外边界是固定的，不能移动", en: "The outer border is fixed" },
  gap_border: {
    zh: "空白地的边界不能移动，请先处理空白",
    en: "The border of a gap cannot be moved: repair the gap first",
  },
  other_parent: { zh: "不能越过社区（村）边界", en: "Ground cannot leave its community" },
  outside: { zh: "超出了范围", en: "This lies beyond the outline" },
  crosses_itself: { zh: "边界会与自身相交", en: "The border would cross itself" },
  crosses_border: { zh: "边界会与另一条边界相交或相接", en: "The border would cross or touch another border" },
  turns_inside_out: { zh: "网格会被翻转或挤没", en: "The grid would collapse or turn inside out" },
  jumps_over: { zh: "边界会跳过里面的网格（飞地）", en: "The border would jump over a grid inside" },
  junction: { zh: "这是多条边界的交点，不能删除", en: "Several borders meet here: the point cannot be taken out" },
  too_few_corners: { zh: "剩下的顶点太少", en: "Too few corners would be left" },
  would_detach: { zh: "网格会被分成不相连的几块", en: "The grid would fall into parts" },
  would_vanish: { zh: "网格会失去全部范围", en: "The grid would lose all its ground" },
  not_neighbours: { zh: "这些网格不相邻", en: "The grids have no common border" },
  does_not_cut: {
    zh: "切割线没有把网格分开，请从边界画到边界",
    en: "The line does not cut the grid: draw it from border to border",
  },
  does_not_meet: { zh: "线的两端没有落在边界上", en: "The line does not begin and end at the border" },
  too_close: { zh: "离已有的边界太近（不到 2 厘米）", en: "This comes too close to a border (less than 2 cm)" },
  no_code_left: { zh: "本社区的网格编码已用完", en: "The community has no grid code left" },
  cannot_repair: { zh: "这个问题不能这样处理", en: "The issue cannot be repaired this way" },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>;

export type RefusalKind = keyof typeof REFUSAL_WORDS;

/** Why an edit was not done, and where: the graph stays as it was. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly zh: string;
  readonly en: string;
  /** WGS 84 lon/lat of what stands in the way. */
  readonly where: LonLat;
}

export type ActionResult =
  | { readonly ok: true; readonly graph: PlanGraph; readonly changed: readonly CellId[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** @param at lattice units */
export const refuse = (kind: RefusalKind, at: LatticePoint): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { kind, ...REFUSAL_WORDS[kind], where: toLonLat(at) },
});

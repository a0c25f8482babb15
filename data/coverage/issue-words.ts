import type { LayerIssueKind } from "./check-layer.ts";

/** What each fault is called, in both languages. */
export const LAYER_ISSUE_WORDS: Readonly<Record<LayerIssueKind, { readonly zh: string; readonly en: string }>> = {
  gap: { zh: "空白", en: "gap: nobody holds the ground" },
  overlap: { zh: "重叠", en: "overlap: several areas hold the ground" },
  sliver: { zh: "碎缝", en: "sliver: a thin gap or overlap" },
  detached: { zh: "插花地", en: "a part lies apart, beside several other areas" },
  enclave: { zh: "飞地", en: "a part lies apart, inside another area" },
  enclosed: { zh: "被包围", en: "the area lies wholly inside another" },
  outside_parent: { zh: "越界", en: "ground beyond the outline" },
  self_crossing: { zh: "自相交", en: "the outline crosses itself" },
  invalid_ring: { zh: "坏环", en: "a ring encloses nothing, is not closed, or passes a point twice" },
  t_junction: { zh: "缺公共点", en: "a corner on a neighbour's line that has none there" },
};

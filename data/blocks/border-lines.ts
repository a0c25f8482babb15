import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";

/** What a metre of grid border costs along something; a barrier is never crossed. */
export const BARRIER = Infinity;

/** Something that borders may run along. */
export interface BorderLine {
  /** WGS 84 lon/lat. Of a polygon (a river's water): its rings. */
  readonly lines: readonly (readonly LonLat[])[];
  /** Ground in which every border counts as along it; empty for lines. */
  readonly ground: MultiPolygonRings;
  /** People do not walk across it (a river, a railway) but where a street does. */
  readonly obstacle?: boolean | undefined;
  /** People walk along it. */
  readonly street?: boolean | undefined;
  /** Factor of a metre of border: below 1 borders are drawn to it, 1 nothing, `BARRIER` never join across. */
  readonly weight: number;
}

/** Factors of reference/planning.md section 6: arterial roads 0.3 to 0.5 of a metre elsewhere, rivers and railways barriers. */
export const WEIGHTS = { arterial: 0.4, collector: 0.7, barrier: BARRIER, nothing: 1 } as const;

const ARTERIAL = /^(motorway|trunk|primary)(_link)?$|高速|国道|省道|快速路|主干|一级|^arterial$/i;
const COLLECTOR = /^(secondary|tertiary)(_link)?$|次干|县道|乡道|二级|三级|^collector$/i;
const ROAD =
  /^(motorway|trunk|primary|secondary|tertiary|residential|unclassified|service|living_street|pedestrian|footway|path|track|cycleway|steps|road|local)(_link)?$|道路|支路|街|巷/i;
/** Water and rails that people do not cross but at bridges. */
const WATER_OR_RAIL =
  /^(river|canal|lake|reservoir|water|riverbank|rail|railway|river_bank|dock|light_rail)$|河|江|湖|水库|运河|铁路/i;
/** Ditches and brooks that a grid may lie on both sides of. */
const BROOK = /^(stream|ditch|drain|brook)$|沟|渠/i;

/** Roads that nobody walks across either. */
const MOTORWAY = /^motorway(_link)?$|高速/i;

/** Columns that say what a line is, in order. */
const WORDS = [
  "highway",
  "railway",
  "waterway",
  "natural",
  "water",
  "fclass",
  "class",
  "rank",
  "kind",
  "type",
  "类别",
  "类型",
  "等级",
];

/**
 * Weight of a feature by its properties: a column `weight` (a number from 0, or `barrier`), else what it says it is. What
 * says nothing is a barrier, since it was given as one; or `otherwise`.
 */
export function weightOf(properties: Readonly<Record<string, unknown>>, otherwise: number = BARRIER): number {
  const told = properties["weight"];
  if (typeof told === "string" && /^(barrier|never|inf(inity)?)$/i.test(told.trim())) return BARRIER;
  const number = typeof told === "string" && told.trim() !== "" ? Number(told) : told;
  if (typeof number === "number" && number >= 0) return number;
  for (const text of wordsOf(properties)) {
    if (ARTERIAL.test(text)) return WEIGHTS.arterial;
    if (COLLECTOR.test(text)) return WEIGHTS.collector;
    if (BROOK.test(text)) return WEIGHTS.nothing;
    if (WATER_OR_RAIL.test(text)) return WEIGHTS.barrier;
    if (ROAD.test(text)) return WEIGHTS.nothing;
  }
  return otherwise;
}

/** Whether people walk along a feature, or cannot walk across it, by the same words; neither where it says nothing, and no obstacle where a `weight` is told. */
export function walkOf(properties: Readonly<Record<string, unknown>>): Pick<BorderLine, "obstacle" | "street"> {
  const obstacle = properties["weight"] === undefined || properties["weight"] === null;
  for (const text of wordsOf(properties)) {
    if (MOTORWAY.test(text)) return { obstacle };
    if (ARTERIAL.test(text) || COLLECTOR.test(text)) return { street: true };
    if (BROOK.test(text)) return {};
    if (WATER_OR_RAIL.test(text)) return { obstacle };
    if (ROAD.test(text)) return { street: true };
  }
  return {};
}

const wordsOf = (properties: Readonly<Record<string, unknown>>): string[] =>
  WORDS.flatMap((word) => {
    const value = properties[word];
    return typeof value === "string" && value.trim() !== "" ? [value.trim()] : [];
  });

import { parentCode } from "../model/codes.ts";
import type { LineageKind } from "../model/lineage.ts";
import { dividedCells } from "./after-plan.ts";
import type { GroundPiece } from "./moved-ground.ts";
import type { BaseCell, PlanChange } from "./plan.ts";

/** What became of an old area, for one of the cells that its ground went to. */
export interface PlanLineage {
  readonly kind: LineageKind;
  /** Id and code of the old area. */
  readonly fromArea: string;
  readonly fromCode: string;
  /** Name and code of the cell. */
  readonly cell: string;
  readonly toCode: string;
  /** Share of the old area's ground that went to the cell, and of the cell's that came from it, 0–1. */
  readonly share: number;
  readonly toShare: number;
}

/** Less ground than this goes unmentioned, m²: the limit of automatic repair (domain.md, E2). */
const UNMENTIONED_M2 = 1;

/**
 * What became of the areas that a plan changes, from what ground went where.
 * - An area that ends: its ground went to one cell (`merge`) or to several (`split`).
 * - An area that goes on (a community divided into its first grids, too) and gave ground to a new one: `split`; to one that goes on as well: `moved`.
 * - With itself: `moved` where ground came or went; else what else became new of it: parent, code, name, or its outline
 *   alone (`redigitised`).
 *
 * @returns by old code, then new code
 */
export function planLineage(
  old: readonly BaseCell[],
  changes: readonly PlanChange[],
  pieces: readonly GroundPiece[],
): PlanLineage[] {
  const divided = dividedCells(old, changes);
  const changeOf = new Map(changes.map((change) => [change.cell, change]));
  const sums = new Map<string, Map<string, number>>();
  const wholeOld = new Map<string, number>();
  const wholeNew = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, value: number): void => {
    map.set(key, (map.get(key) ?? 0) + value);
  };
  for (const { from, to, areaM2 } of pieces) {
    if (from !== null) add(wholeOld, from, areaM2);
    if (to !== null) add(wholeNew, to, areaM2);
    if (from === null || to === null) continue;
    const ofOld = sums.get(from) ?? new Map<string, number>();
    sums.set(from, ofOld);
    add(ofOld, to, areaM2);
  }
  const exchanged = new Set<string>();
  for (const [from, tos] of sums)
    for (const [to, m2] of tos)
      if (from !== to && m2 >= UNMENTIONED_M2) {
        exchanged.add(from);
        exchanged.add(to);
      }
  return old
    .flatMap((area) => {
      const tos = [...(sums.get(area.id) ?? [])].filter(([to, m2]) => to === area.id || m2 >= UNMENTIONED_M2);
      const ends = changeOf.get(area.id)?.geometry === null && !divided.has(area.id);
      return tos.map(([to, m2]): PlanLineage => {
        const change = changeOf.get(to) as PlanChange;
        return {
          kind: kindOf(area, change, { ends, parts: tos.length, exchanged: exchanged.has(area.id) }),
          fromArea: area.id,
          fromCode: area.code,
          cell: to,
          toCode: change.code,
          share: Math.min(1, m2 / (wholeOld.get(area.id) ?? m2)),
          toShare: Math.min(1, m2 / (wholeNew.get(to) ?? m2)),
        };
      });
    })
    .sort((a, b) => compare(a.fromCode, b.fromCode) || compare(a.toCode, b.toCode));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function kindOf(
  area: BaseCell,
  to: PlanChange,
  { ends, parts, exchanged }: { readonly ends: boolean; readonly parts: number; readonly exchanged: boolean },
): LineageKind {
  if (to.cell !== area.id) {
    if (ends) return parts === 1 ? "merge" : "split";
    return to.areaId === null ? "split" : "moved";
  }
  if (parentCode(area.code) !== parentCode(to.code)) return "reparented";
  if (area.code !== to.code) return "recoded";
  if (exchanged) return "moved";
  return area.name === to.name ? "redigitised" : "renamed";
}

import { type CoverageRepair, repairCoverage } from "../coverage/repair-coverage.ts";
import { labelPoint } from "../geo/label-point.ts";
import type { AreaDraft } from "./area-features.ts";
import type { ImportLog } from "./report.ts";

const WORDS: Readonly<Record<CoverageRepair["kind"], string>> = {
  gap_closed: "gaps no wider than a slip of the hand went to the neighbour with the longest border",
  gap_kept: "ground inside the layer that nobody holds was kept open: a lake, an enclave, or an area that is missing",
  overlap_resolved: "ground claimed by several areas went to one of them",
  part_given: "stretches that hung on their area no more went to the neighbour around them",
  outside_cut: "ground beyond the outline above was cut off",
};

/**
 * Makes a coverage of the areas of an import; what was done is flagged by kind, with how much ground, and the largest piece.
 * Areas that needed nothing keep their rings as they stand in the file.
 *
 * @returns the areas that still have ground; one that lay wholly in others is skipped into the log
 */
export function repairDrafts(drafts: readonly AreaDraft[], log: ImportLog): AreaDraft[] {
  const members = drafts.map(({ geometry }, n) => ({ code: String(n), geometry }));
  const { geometries, repairs, addedCorners } = repairCoverage(members);
  const nameOf = (code: string): string => {
    const draft = drafts[Number(code)] as AreaDraft;
    return draft.sourceRef === undefined ? draft.name : `${draft.name} (${draft.sourceRef})`;
  };
  for (const kind of new Set(repairs.map((one) => one.kind))) {
    const own = repairs.filter((one) => one.kind === kind);
    const [largest] = own as [CoverageRepair];
    const total = own.reduce((sum, { areaM2 }) => sum + areaM2, 0);
    const between = largest.codes.map(nameOf).join(", ");
    const to = largest.to === null ? "" : ` → ${nameOf(largest.to)}`;
    log.flag(
      kind,
      `${WORDS[kind]}: ${total.toFixed(1)} m² in all, the largest ${largest.areaM2.toFixed(1)} m² at ${largest.where.join(", ")} of ${between}${to}`,
      own.length,
    );
  }
  if (addedCorners > 0)
    log.flag("corners_added", "corners were added where a neighbour's line met a border without one", addedCorners);
  return drafts.flatMap((draft, n) => {
    const geometry = geometries[n] ?? [];
    if (geometry === draft.geometry) return [draft];
    if (geometry.length > 0) return [{ ...draft, geometry, label: labelPoint(geometry) }];
    const message = "other areas claim all of its ground";
    log.skip("covered_by_others", { at: draft.at, value: draft.sourceRef ?? draft.name, message });
    return [];
  });
}

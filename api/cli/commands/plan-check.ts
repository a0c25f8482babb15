import { basename } from "node:path";
import { LAYER_ISSUE_KINDS, type LayerIssue, type LayerIssueKind } from "../../../data/coverage/check-layer.ts";
import { LAYER_ISSUE_WORDS } from "../../../data/coverage/issue-words.ts";
import { parseFieldMap } from "../../../data/importers/field-map.ts";
import { IMPORTERS } from "../../../data/importers/registry.ts";
import { requireReadable } from "../../services/importing/input-files.ts";
import { type CheckedLayer, checkLayerFile } from "../../services/planning/check-layer-file.ts";
import { type CommandCall, type CommandIo, EXIT, printResult, textFlag } from "../command.ts";

export const CHECK_USAGE = `jingwei plan check FILE [--within FILE] [--crs CRS] [--map code=COLUMN,name=COLUMN] [--json]

  FILE      any polygon layer that areas can be imported from
  --within  outline that the polygons must tile
  --crs     auto (default) | wgs84 | cgcs2000 | gcj02 | bd09 | EPSG:n
  --map     which column names an area; guessed when it is not told

Finds gaps, overlaps, slivers (no wider than 5 m), parts that lie apart, areas inside others and broken outlines, exactly on
a lattice of 1e-7 degree (1 cm). Needs no database. Exit code 1 when something must be mended.`;

/** Faults that are told one by one; --json has them all. */
const SHOWN = 20;

/** Says what is wrong with the polygons of a file. */
export async function planCheck(call: CommandCall, io: CommandIo, file: string): Promise<number> {
  const within = textFlag(call, "within");
  for (const path of [file, ...(within === undefined ? [] : [within])]) await requireReadable(path);
  const checked = await checkLayerFile({
    file,
    within,
    crs: textFlag(call, "crs"),
    map: parseFieldMap(textFlag(call, "map"), IMPORTERS.areas.fields),
  });
  printResult(call, io, { file: basename(file), ...checked }, checkText(basename(file), checked));
  return checked.issues.some(({ severity }) => severity === "error") ? EXIT.inputFault : EXIT.done;
}

function checkText(file: string, { polygons, crs, issues, counts, skipped }: CheckedLayer): string {
  const lines = [`${file}: 面 polygons ${polygons}  坐标系 crs ${crs}`];
  for (const { reason, count, samples } of skipped)
    lines.push(`  跳过 skipped ${count} × ${reason}: ${samples[0]?.at} ${samples[0]?.message}`);
  if (issues.length === 0) return [...lines, "  无缝无重叠 no gaps, no overlaps, nothing lies apart"].join("\n");
  for (const kind of LAYER_ISSUE_KINDS)
    if (counts[kind]) lines.push(`  ${counts[kind]} × ${wordsOf(kind)}${kind === "sliver" ? sliverSplit(issues) : ""}`);
  for (const issue of issues.slice(0, SHOWN)) lines.push(`    ${issueText(issue)}`);
  if (issues.length > SHOWN) lines.push(`    … ${issues.length - SHOWN} more: --json lists all`);
  return lines.join("\n");
}

function sliverSplit(issues: readonly LayerIssue[]): string {
  const count = (of: LayerIssue["of"]): number => issues.filter((issue) => issue.of === of).length;
  return ` (${count("gap")} gaps, ${count("overlap")} overlaps)`;
}

const wordsOf = (kind: LayerIssueKind): string => `${LAYER_ISSUE_WORDS[kind].zh} ${LAYER_ISSUE_WORDS[kind].en}`;

function issueText({ kind, of, areaCodes, where, areaM2, widthM }: LayerIssue): string {
  const size = areaM2 === null ? "" : ` ${areaM2.toFixed(2)} m², ${(widthM ?? 0).toFixed(2)} m wide`;
  return `${kind}${of === null ? "" : ` (${of})`} ${areaCodes.join(", ") || "–"} @ ${where.join(", ")}${size}`;
}

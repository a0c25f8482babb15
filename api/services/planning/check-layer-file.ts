import { basename } from "node:path";
import type { CoverageMember } from "../../../data/coverage/check-coverage.ts";
import { checkLayer, type LayerIssue, type LayerIssueKind } from "../../../data/coverage/check-layer.ts";
import { AREA_FIELDS, type FieldMap } from "../../../data/importers/field-map.ts";
import { isFault, repairPolygon } from "../../../data/importers/polygon-rings.ts";
import { propertyText } from "../../../data/importers/property-text.ts";
import { ImportLog, type SkipGroup } from "../../../data/importers/report.ts";
import { dataError } from "../../../data/model/errors.ts";
import { openPlaced, withPlaced } from "../importing/open-placed.ts";

export interface LayerCheckRequest {
  /** Path of the layer. */
  readonly file: string;
  /** Path of the outline that it must tile. */
  readonly within: string | undefined;
  readonly crs: string | undefined;
  readonly map: FieldMap;
}

export interface CheckedLayer {
  readonly polygons: number;
  readonly crs: string;
  /** How many of each kind were found. */
  readonly counts: Readonly<Partial<Record<LayerIssueKind, number>>>;
  readonly issues: readonly LayerIssue[];
  /** Features that are no polygons. */
  readonly skipped: readonly SkipGroup[];
}

/**
 * Checks the polygons of a file (see `checkLayer`). They are called by their code, else their name, else their number.
 *
 * @throws AppError naming the file that cannot be read or holds no polygon
 */
export async function checkLayerFile({ file, within, crs, map }: LayerCheckRequest): Promise<CheckedLayer> {
  const log = new ImportLog();
  const layer = await readMembers(file, crs, map, log);
  const parent = within === undefined ? undefined : (await readMembers(within, crs, {}, log)).members;
  const issues = checkLayer(layer.members, { parent: parent?.flatMap(({ geometry }) => geometry) });
  const counts: Partial<Record<LayerIssueKind, number>> = {};
  for (const { kind } of issues) counts[kind] = (counts[kind] ?? 0) + 1;
  return { polygons: layer.members.length, crs: layer.crs, counts, issues, skipped: log.skipped() };
}

async function readMembers(
  file: string,
  crs: string | undefined,
  map: FieldMap,
  log: ImportLog,
): Promise<{ readonly members: readonly CoverageMember[]; readonly crs: string }> {
  return withPlaced(await openPlaced({ files: [file], crs, map }, AREA_FIELDS, log), async (layers) => {
    const members: CoverageMember[] = [];
    for (const layer of layers)
      for await (const { at, number, properties, geometry } of layer.features(log)) {
        const polygon = repairPolygon(geometry);
        if (isFault(polygon)) {
          log.skip(polygon.reason, { at, value: polygon.value, message: polygon.message });
          continue;
        }
        const name = ["code", "name"].map((field) => propertyText(properties, layer.map[field])).find(Boolean);
        members.push({ code: name ?? `#${number}`, geometry: polygon.geometry });
      }
    if (members.length === 0) throw dataError(`${basename(file)} holds no polygon`, { at: basename(file) });
    return { members, crs: [...new Set(layers.map((layer) => layer.crs))].join(", ") };
  });
}

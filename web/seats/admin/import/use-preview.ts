import type { ImportPreviewQuery, ImportPreviewQueryVariables } from "../../../gql/generated.ts";
import { ImportPreviewDocument } from "../../../gql/generated.ts";
import { type QueryState, useQuery } from "../../../gql/use-query.ts";
import type { Wizard } from "./wizard-state.ts";

export type PreviewLayer = ImportPreviewQuery["importPreview"]["layers"][number];
export type Placement = PreviewLayer["placements"][number];
type Level = ImportPreviewQueryVariables["level"];

/** Level as the server takes it. */
export const levelOf = ({ level, kind }: Wizard): Level => (kind === "areas" && level !== "" ? (level as Level) : null);

/** Columns that were chosen, as the server takes them. */
export const mapOf = ({ map }: Wizard): { field: string; column: string }[] =>
  Object.entries(map).map(([field, column]) => ({ field, column }));

/** What was said of a new edition, as the server takes it; null for a correction and for what has no editions. */
export const editionOf = ({
  mode,
  effective,
  decisions,
}: Wizard): { effective: string; decisions: { id: string; decision: string }[] } | null =>
  mode === "edition"
    ? { effective, decisions: Object.entries(decisions).map(([id, decision]) => ({ id, decision })) }
    : null;

/** Place of a layer under what was chosen: that system, or the one that the server took. */
export const chosenPlacement = ({ placements }: PreviewLayer, crs: string): Placement | undefined =>
  placements.find((one) => crs !== "" && one.crs === crs) ?? placements[0];

/**
 * What the upload holds. The datum is chosen among what comes with one answer: only a system that was typed is asked for.
 *
 * @param ask false = nothing to ask
 */
export function usePreview(
  county: string,
  wizard: Wizard,
  typedCrs: string,
  ask: boolean,
): QueryState<ImportPreviewQuery> {
  const variables = {
    ...{ county, upload: wizard.upload, kind: wizard.kind },
    ...{ level: levelOf(wizard), crs: typedCrs === "" ? null : typedCrs, map: mapOf(wizard) },
  };
  return useQuery(ImportPreviewDocument, ask ? variables : undefined);
}

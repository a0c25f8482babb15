import {
  type ComparedCase,
  SIMILAR_FROM,
  SIMILAR_WITHIN_M,
  SIMILAR_WITHIN_MS,
  similarity,
} from "../../../data/dispatch/similarity.ts";
import { metresPerDegree } from "../../../data/geo/measure.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { areaWithin, mayRead } from "../../../data/policy/viewer.ts";
import { listIncidents } from "../../../db/repositories/incident-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import type { CountyModel, SimilarCaseModel } from "../../mappers.ts";
import { isSensitiveClass } from "../class-of.ts";
import { readingOf } from "../loaders.ts";

/** Cases that are compared at most: more than that lie around a point only where everything is piled up. */
const MOST_COMPARED = 500;
const MOST_SHOWN = 10;

/**
 * Open cases that may be the same matter, most alike first, among those that the viewer may see. Cases of sensitive classes
 * are compared with each other only: they stand at their area's label point, not where they are.
 *
 * @param drawn where a case of the class at the place would be drawn
 */
export async function similarCases(
  context: RequestContext,
  county: CountyModel,
  one: ComparedCase,
  drawn: LonLat,
): Promise<SimilarCaseModel[]> {
  const own = context.viewer && areaWithin(context.viewer, county.county);
  // Who reads no free text merges nothing.
  if (!own || !context.viewer || !mayRead(context.viewer, "incident_text")) return [];
  const sensitive = one.classCode !== null && (await isSensitiveClass(context, county.county, one.classCode));
  const compared: ComparedCase = { ...one, point: sensitive ? drawn : one.point };
  const [lon, lat] = compared.point;
  const perDegree = metresPerDegree(lat);
  const [dx, dy] = [SIMILAR_WITHIN_M / perDegree.lon, SIMILAR_WITHIN_M / perDegree.lat];
  const filter = {
    inside: own,
    open: true,
    bbox: [lon - dx, lat - dy, lon + dx, lat + dy] as const,
    from: new Date(one.openedMs - SIMILAR_WITHIN_MS).toISOString(),
    to: new Date(one.openedMs + SIMILAR_WITHIN_MS).toISOString(),
  };
  const rows = await inCounty(context, county.county, (tx) =>
    listIncidents(tx, readingOf(context, county), filter, "newest", undefined, MOST_COMPARED),
  );
  const found: SimilarCaseModel[] = [];
  for (const incident of rows) {
    if ((await isSensitiveClass(context, county.county, incident.classCode)) !== sensitive) continue;
    const { classCode, openedAt } = incident;
    const other = { classCode, openedMs: Date.parse(openedAt), point: [incident.lon, incident.lat] as const };
    const likeness = similarity(compared, other);
    if (likeness.score >= SIMILAR_FROM) found.push({ incident, ...likeness });
  }
  return found.sort((a, b) => b.score - a.score || (a.incident.id < b.incident.id ? -1 : 1)).slice(0, MOST_SHOWN);
}

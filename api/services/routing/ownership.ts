import { isRefusing, itemsOfClass } from "../../../data/dispatch/admission.ts";
import { isClassCode } from "../../../data/model/codes.ts";
import { AppError, userError } from "../../../data/model/errors.ts";
import { type AdmissionRow, admissionItems } from "../../../db/repositories/admission-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { QueryOwnershipArgs } from "../../generated/resolvers-types.ts";
import type { AreaRow, OwnerCandidateModel, OwnershipModel } from "../../mappers.ts";
import { areaByCode, classesOf, loader } from "../loaders.ts";
import { locate } from "../locate.ts";
import { reads, requireCounty } from "../require.ts";

/** The admission list of a county, read once a request. */
export const admissionListOf = async (context: RequestContext, county: string): Promise<readonly AdmissionRow[]> =>
  (await loader(context, "admission", [county], async () => {
    const items = await inCounty(context, county, (tx) => admissionItems(tx, county));
    return new Map([[county, items]]);
  }).load(county)) ?? [];

/**
 * Whom a matter at a point belongs to.
 *
 * @throws BAD_USER_INPUT for a point outside the county or an unknown class, FORBIDDEN where no candidate lies in the
 * viewer's own area
 */
export async function ownership(
  context: RequestContext,
  { county: code, lon, lat, class: classCode, at }: QueryOwnershipArgs,
): Promise<OwnershipModel> {
  const county = await requireCounty(context, code);
  const instant = at ?? nowIso(context);
  const place = await locate(context, lon, lat, instant);
  if (place.county?.county !== county.county || !place.area)
    throw userError(`the point ${lon}, ${lat} lies outside county ${code}`, {
      at: "lon",
      hint: "Longitude comes first, degrees WGS 84.",
    });
  if (!place.owners.some((owner) => reads(context, "duty", owner.code)))
    throw new AppError("USER", "this place lies outside the area of your grant", {
      code: "FORBIDDEN",
      at: "lon",
      hint: "Act under a grant there.",
    });
  if (classCode != null) await requireClass(context, code, classCode);
  const areas = await Promise.all(place.owners.map(({ code: area }) => areaByCode(context, code, instant).load(area)));
  const candidates = place.owners.flatMap(({ distanceM }, i): OwnerCandidateModel[] => {
    const area = areas[i];
    return area ? [{ area, distanceM, county }] : [];
  });
  const items = classCode == null ? [] : itemsOfClass(await admissionListOf(context, code), classCode);
  return {
    county,
    candidates,
    nearBorder: candidates.length > 1,
    admitted: items.filter((item) => !isRefusing(item)),
    refused: items.filter(isRefusing),
    compared: { point: [lon, lat], classCode: classCode ?? null, openedMs: Date.parse(instant) },
    drawn: labelOf(place.area),
  };
}

const labelOf = ({ lon, lat }: AreaRow) => [lon, lat] as const;

async function requireClass(context: RequestContext, county: string, classCode: string): Promise<void> {
  if (isClassCode(classCode) && (await classesOf(context, county)).some(({ code }) => code === classCode)) return;
  throw userError(`there is no class ${classCode} in county ${county}`, {
    at: "class",
    hint: "Five digits; Query.classCodes lists the classes of the county.",
  });
}

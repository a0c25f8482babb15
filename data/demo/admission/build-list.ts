import type { AdmissionRecord } from "../../model/admission.ts";
import type { ClassCode } from "../../model/class-code.ts";
import type { OrganisationRecord } from "../../model/organisation.ts";
import { DAY_MS, type DemoContext, nextId } from "../population/demo-context.ts";
import type { DemoSlug } from "../profile.ts";
import { DECHENG_ADMISSION } from "./decheng.ts";
import type { DepartmentItems } from "./list-entry.ts";
import { STAMP_CLASSES } from "./stamp-classes.ts";
import { YUNGANG_ADMISSION } from "./yungang.ts";

/** Demo counties whose seed tells of an admission list. */
const LISTS: Readonly<Partial<Record<DemoSlug, readonly DepartmentItems[]>>> = {
  yungang: YUNGANG_ADMISSION,
  decheng: DECHENG_ADMISSION,
};

/** Classes that a county's list needs beyond the shipped table. */
export const listClasses = (slug: DemoSlug): readonly ClassCode[] => (slug === "decheng" ? STAMP_CLASSES : []);

/** The admission list of a demo county in its order, units found by their names; empty where its seed knows none. */
export function admissionItemsOf(
  context: Pick<DemoContext, "profile" | "anchorMs" | "prng">,
  units: readonly OrganisationRecord[],
): AdmissionRecord[] {
  const prng = context.prng.fork("admission");
  const postedMs = context.anchorMs - 400 * DAY_MS;
  return (LISTS[context.profile.slug] ?? []).flatMap(({ batch, department, unit, items }) => {
    const organisationId = unit === undefined ? null : (units.find(({ name }) => name.endsWith(unit))?.id ?? null);
    return items.map(([kind, item, ...classes]) => ({
      id: nextId(prng, postedMs),
      department,
      organisationId,
      item,
      classes,
      kind,
      batch,
    }));
  });
}

import { isRefusing, itemsOfClass } from "../../../../data/dispatch/admission.ts";
import type { AdmissionKind } from "../../../../data/model/admission.ts";
import type { ClassInfo } from "../../../app/county-info.ts";
import type { FieldClassesQuery } from "../../../gql/generated.ts";

/** A class that may be reported. */
export interface ReportClass {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  /** How often it was reported before. */
  readonly used: number;
}

/**
 * Classes that the admission list takes on, most used first. A county whose list names no classes takes on every class of
 * its table. What the list refuses (禁止, 不予盖章) is left out, whatever else admits it.
 */
export function admittedClasses(
  classes: Iterable<ClassInfo>,
  { admissionList, stats }: FieldClassesQuery,
): readonly ReportClass[] {
  const items = admissionList.map(({ classes: prefixes, kind }) => ({
    classes: prefixes,
    kind: kind.toLowerCase() as AdmissionKind,
  }));
  const admits = items.some((item) => !isRefusing(item) && item.classes.length > 0);
  const used = new Map(stats.groups.map(({ key, count }) => [key[0] ?? "", count]));
  return [...classes]
    .filter(({ code }) => {
      const about = itemsOfClass(items, code);
      return !about.some(isRefusing) && (!admits || about.length > 0);
    })
    .map(({ code, name, nameEn }) => ({ code, name, nameEn, used: used.get(code) ?? 0 }))
    .sort((a, b) => b.used - a.used || (a.code < b.code ? -1 : 1));
}

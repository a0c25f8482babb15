import type { AdmissionKind } from "../../model/admission.ts";

/** Items of one department in one batch: kind, text, beginnings of class codes. */
export interface DepartmentItems {
  readonly batch: string;
  /** As the list names it. */
  readonly department: string;
  /** How the name of the county's own unit ends; absent where demo counties have no such unit. */
  readonly unit?: string;
  readonly items: readonly (readonly [kind: AdmissionKind, item: string, ...classes: string[]])[];
}

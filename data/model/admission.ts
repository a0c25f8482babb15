import type { Uuid } from "./ids.ts";

/** What an item of the admission list (准入清单, domain.md YG9, DC4) says: 承办, 协办, 禁止, 不予盖章. */
export const ADMISSION_KINDS = ["undertake", "assist", "forbidden", "no_stamp"] as const;
export type AdmissionKind = (typeof ADMISSION_KINDS)[number];

/** An item of a county's admission list. */
export interface AdmissionRecord {
  readonly id: Uuid;
  /** Department that the item belongs to, in the list's words. */
  readonly department: string;
  /** Unit of this department, where the county has it. */
  readonly organisationId: Uuid | null;
  /** The item in the list's words: the text that a refusal cites. */
  readonly item: string;
  /** Class codes that start so: two to five digits; empty when it has none of its own. */
  readonly classes: readonly string[];
  readonly kind: AdmissionKind;
  /** For example 第一批. */
  readonly batch: string;
}

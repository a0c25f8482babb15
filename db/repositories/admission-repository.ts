import type { AdmissionKind } from "../../data/model/admission.ts";
import type { Transaction } from "../driver.ts";

/** An item of a county's admission list. */
export interface AdmissionRow {
  readonly county: string;
  readonly id: string;
  readonly department: string;
  readonly organisationId: string | null;
  readonly item: string;
  /** Class codes that start so. */
  readonly classes: readonly string[];
  readonly kind: AdmissionKind;
  readonly batch: string;
}

/** The admission list in its order: a few hundred items at most. */
export const admissionItems = (tx: Transaction, county: string): Promise<AdmissionRow[]> =>
  tx.rows<AdmissionRow>(
    `SELECT a.county, a.id, a.department, a.organisation_id AS "organisationId", a.item, a.classes, a.kind, a.batch
     FROM admission_item a WHERE a.county = $1 ORDER BY a.ordinal, a.id`,
    [county],
  );

/** Items that keep a class from somebody, in the list's order. */
export const refusingItems = (tx: Transaction, county: string): Promise<AdmissionRow[]> =>
  tx.rows<AdmissionRow>(
    `SELECT a.county, a.id, a.department, a.organisation_id AS "organisationId", a.item, a.classes, a.kind, a.batch
     FROM admission_item a WHERE a.county = $1 AND a.kind IN ('forbidden', 'no_stamp') ORDER BY a.ordinal, a.id`,
    [county],
    "byKey",
  );

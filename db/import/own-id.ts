import { seededUuid } from "./import-transaction.ts";

const OWN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** What has no event time shares one, so that its id depends on the key alone (data rule 3). */
const ID_TIME = Date.UTC(2000, 0, 1);

/**
 * Row id of a thing by its key in the source: an id of ours, as an export has it, stays; every other key is drawn into one,
 * so that a second import finds the row again.
 *
 * @param kind what the seed says it is
 */
export const idOfKey = (county: string, kind: string, key: string): string =>
  OWN_ID.test(key) ? key : seededUuid(`${county}/${kind}/${key}`, ID_TIME);

import { isClassCode } from "../../../data/model/codes.ts";
import { userError } from "../../../data/model/errors.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { fromLattice, toLattice } from "../../../data/model/geometry.ts";
import type { IncidentSeverity, IncidentSource } from "../../../data/model/incident.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";
import type { MutationReportIncidentArgs } from "../../generated/resolvers-types.ts";

const TITLE_LENGTH = 200;
const CONTACT_LENGTH = 200;

/** A report as it was checked: texts trimmed, the position on the lattice. */
export interface CheckedReport {
  readonly key: string;
  readonly county: string;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly title: string;
  readonly place: LonLat;
  /** Undefined when none was given. */
  readonly contact: string | undefined;
}

const CONTROL = /\p{Cc}/u;

/** One line of text that anybody who may see the case can read: screened for what must not be written down. */
export function checkTitle(text: string, at: string): string {
  const title = text.trim();
  if (title === "" || title.length > TITLE_LENGTH || CONTROL.test(title))
    throw userError("the title is not one line of text", {
      at,
      hint: `Say in 1 to ${TITLE_LENGTH} characters what is the matter.`,
    });
  return requireCleanText(title, at);
}

/** A contact as it will be sealed; undefined for none. An error never repeats it. */
export function checkContact(text: string | null | undefined, at: string): string | undefined {
  const contact = text?.trim() ?? "";
  if (contact === "") return undefined;
  if (contact.length <= CONTACT_LENGTH && !CONTROL.test(contact)) return contact;
  throw userError("the contact is not one line of text", {
    at,
    hint: `A phone number or an address to write to, at most ${CONTACT_LENGTH} characters.`,
  });
}

/** A client's key of a creating mutation (data rule 10). */
export function checkKey(key: string): string {
  if (/^[\w.:-]{16,100}$/.test(key)) return key;
  throw userError("the key is not 16 to 100 letters, digits and . : _ -", {
    at: "input.key",
    hint: "Make a random UUID for each request, and send the same one when you repeat it.",
  });
}

/** Checks everything that can be told from the report itself; what depends on the county comes later. */
export function checkReport(input: MutationReportIncidentArgs["input"]): CheckedReport {
  if (!isClassCode(input.class))
    throw userError(`"${input.class}" is not a class code`, {
      at: "input.class",
      hint: "Five digits; Query.classCodes lists them.",
    });
  return {
    key: checkKey(input.key),
    county: input.county,
    classCode: input.class,
    severity: input.severity ?? "normal",
    source: input.source,
    title: checkTitle(input.title, "input.title"),
    place: [fromLattice(toLattice(input.lon)), fromLattice(toLattice(input.lat))],
    contact: checkContact(input.contact, "input.contact"),
  };
}

import { userError } from "../../data/model/errors.ts";
import { parseOrderNumber } from "../../data/model/order-number.ts";
import { areaWithin } from "../../data/policy/viewer.ts";
import type { IncidentListFilter, IncidentReading, Mine, SearchedWord } from "../../db/repositories/incident-filter.ts";
import { nowIso, type RequestContext } from "../context.ts";
import type { IncidentFilter } from "../generated/resolvers-types.ts";
import type { CountyModel } from "../mappers.ts";
import { kioskPointsFrom } from "./kiosk.ts";
import { classesOf, readingOf } from "./loaders.ts";
import { requireViewer } from "./report/actor.ts";
import { checkBbox, requireGlobalId, requireInside, requireRole } from "./require.ts";

/** A filter that was checked, with the county it lies in. */
export interface CheckedIncidentFilter {
  readonly county: CountyModel;
  readonly reading: IncidentReading;
  readonly filter: IncidentListFilter;
}

const MAX_CLASSES = 500;

/** The later of an ISO 8601 instant and epoch seconds, ISO 8601. */
export const laterOf = (iso: string | null | undefined, seconds: number): string =>
  new Date(Math.max(iso ? Date.parse(iso) : -Infinity, seconds * 1000)).toISOString();

/** Checks the filter of incidents, stats and heat. */
export async function checkIncidentFilter(
  context: RequestContext,
  input: IncidentFilter,
): Promise<CheckedIncidentFilter> {
  const wrong = input.classes?.find((code) => !/^(\d{2}|\d{5})$/.test(code));
  if (wrong !== undefined)
    throw userError(`"${wrong}" is not a class`, {
      at: "filter.classes",
      hint: "Five digits for a class, two for a major.",
    });
  if ((input.classes?.length ?? 0) > MAX_CLASSES)
    throw userError(`more than ${MAX_CLASSES} classes`, { at: "filter.classes", hint: "Name majors instead." });
  if (input.from && input.to && Date.parse(input.from) >= Date.parse(input.to))
    throw userError(`from ${input.from} is not before to ${input.to}`, {
      at: "filter.to",
      hint: "`from` is included, `to` is not.",
    });
  const bbox = checkBbox(input.bbox);
  const county = await requireInside(context, input.inside, nowIso(context), "incident");
  // A kiosk's lists, counts and heat speak of its points only: filters over older cases would close in on them.
  const points = kioskPointsFrom(context.viewer, county);
  const from = points === undefined ? input.from : laterOf(input.from, points);
  const { mine, post, organisation, text, ...plain } = input;
  // Whose a case is stands with its texts: a wall does not ask.
  for (const at of ["mine", "post", "inbox", "text"] as const)
    if (input[at]) requireRole(context, "incident_text", `filter.${at}`);
  const rowId = (text: string | null | undefined, type: string, at: string): string | undefined =>
    text == null ? undefined : requireGlobalId(text, type, at).id;
  return {
    county,
    reading: readingOf(context, county),
    filter: {
      ...plain,
      from,
      bbox,
      words: text ? await searchedWords(context, county.county, text) : undefined,
      mine: mine ? mineOf(context, county.county) : undefined,
      postId: rowId(post, "Post", "filter.post"),
      organisationId: rowId(organisation, "Organisation", "filter.organisation"),
    },
  };
}

/** What "mine" means for the request's viewer. */
function mineOf(context: RequestContext, county: string): Mine {
  const viewer = requireViewer(context, "filter.mine");
  return { account: viewer.accountId, role: viewer.role, area: areaWithin(viewer, county) ?? county };
}

const LONGEST_TEXT = 100;
const LARGEST_REF = 2 ** 31 - 1;

/** The words of a search, with what is known of each without reading cases. */
async function searchedWords(context: RequestContext, county: string, text: string): Promise<SearchedWord[]> {
  if (text.length > LONGEST_TEXT)
    throw userError(`a search of ${text.length} characters is too long`, {
      at: "filter.text",
      hint: `At most ${LONGEST_TEXT} characters.`,
    });
  // An order number may be written with spaces: it is one word whatever it holds.
  const whole = parseOrderNumber(text);
  const words = whole ? [text.replace(/\s+/g, "")] : text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const classes = await classesOf(context, county);
  return words.map((word) => ({
    text: word,
    ref: refOf(word, county),
    classes: [
      ...new Set(
        classes
          .filter(
            ({ code, name, nameEn }) => code === word || name.includes(word) || nameEn.toLowerCase().includes(word),
          )
          .map(({ code }) => code),
      ),
    ],
  }));
}

/** The number of a case that a word names in a county: the number itself, or an order number. */
function refOf(word: string, county: string): number | undefined {
  const order = parseOrderNumber(word);
  if (order) return order.county === county ? order.sequence : undefined;
  const digits = word.normalize("NFKC").replace(/^#/, "");
  const ref = /^\d{1,10}$/.test(digits) ? Number(digits) : undefined;
  return ref !== undefined && ref <= LARGEST_REF ? ref : undefined;
}

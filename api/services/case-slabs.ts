import { dayStarts } from "../../data/columns/cells.ts";
import { DAY_SECONDS } from "../../data/columns/histogram.ts";
import { SLAB_ROWS } from "../../data/columns/slab-plan.ts";
import { cutKey, type IncidentCut, incidentCut } from "../../data/policy/incident-cut.ts";
import { type CaseHour, caseHours } from "../../db/repositories/case-hours-repository.ts";
import { hotDictionaries } from "../../db/repositories/hot-repository.ts";
import { inCounty, inCountySystem, type RequestContext } from "../context.ts";
import { columnFilter } from "../hot/hot-rows.ts";
import { type CellsBefore, SlabBook } from "../hot/slab-book.ts";
import type { HotCounty } from "../hot/types.ts";
import type { CountyModel } from "../mappers.ts";
import { hotCounty } from "./case-columns.ts";
import { kioskPointsFrom } from "./kiosk.ts";

/** One window of time of a viewer's cases, and where it is to be had. */
export interface CaseSlab {
  readonly path: string;
  /** Epoch seconds, opened in `[from, to)`; null = open on that side. */
  readonly from: number | null;
  readonly to: number | null;
  readonly rows: number;
  /** Of the answer at `path`; null where only asking tells. */
  readonly etag: string | null;
}

/** What there is of a county's cases for a viewer. */
export interface CaseSlabs {
  readonly county: string;
  /** Equal for equal slabs. */
  readonly version: string;
  /** Instant that lateness is judged at, epoch seconds. Slabs may be older: judge by this. */
  readonly asOf: number;
  /** All codes that cases may carry, each sorted. */
  readonly dictionaries: { readonly classes: readonly string[]; readonly grids: readonly string[] };
  /** Newest first. */
  readonly slabs: readonly CaseSlab[];
}

/** Cuts of a county whose slabs are remembered. */
const MAX_BOOKS = 64;

/** Slabs of counties by viewers' cuts, kept from request to request. */
export class CaseSlabBooks {
  readonly #books = new Map<string, SlabBook>();

  /** The book of a cut; `day` tells those of kiosks apart, whose cells are those of one day. */
  book(county: string, cut: IncidentCut, day: number | undefined, make: () => SlabBook): SlabBook {
    const key = `${county} ${cutKey(cut)} ${day ?? ""}`;
    const book = this.#books.get(key) ?? make();
    this.#books.delete(key);
    this.#books.set(key, book);
    const [oldest] = this.#books.keys();
    if (this.#books.size > MAX_BOOKS && oldest !== undefined) this.#books.delete(oldest);
    return book;
  }
}

/** Name of a content for whoever may see it: the server's key keeps others from trying out what it hashes. */
export const contentTag = ({ sealer }: RequestContext, hash: string): string =>
  Buffer.from(sealer.digest("columns", hash)).toString("base64url").slice(0, 16);

/** ETag of an answer of cases: equal for equal cases of equal cuts. */
export const casesEtag = (context: RequestContext, cut: IncidentCut, hash: string): string =>
  `W/"${contentTag(context, hash)}-${cutKey(cut)}"`;

const pathOf = (county: string, from: number | undefined, to: number | undefined): string => {
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return [
    `/columns/incidents?county=${county}`,
    ...(from === undefined ? [] : [`from=${iso(from)}`]),
    ...(to === undefined ? [] : [`to=${iso(to)}`]),
    "encoding=packed",
  ].join("&");
};

/** The slabs of a county's cases that the request's viewer may see; undefined for whoever sees none. */
export async function caseSlabs(
  context: RequestContext,
  county: CountyModel,
  books: CaseSlabBooks,
): Promise<CaseSlabs | undefined> {
  const cut = incidentCut(context.viewer, county.county);
  if (!cut) return undefined;
  const hot = await hotCounty(context, county);
  const slabs =
    hot && hot.from === Number.NEGATIVE_INFINITY ? await booked(context, county, books, cut, hot) : undefined;
  const list = slabs ?? (await slabsBySql(context, county));
  const newest = [...list].reverse();
  const dictionaries = hot
    ? { classes: hot.columns.classes, grids: hot.columns.grids }
    : await inCountySystem(context, county.county, (tx) => hotDictionaries(tx, county.county));
  return {
    county: county.county,
    version: `${county.contentVersion}-${contentTag(context, JSON.stringify(newest))}`,
    asOf: Math.floor(Date.parse(county.asOf) / 1000),
    dictionaries,
    slabs: newest,
  };
}

async function booked(
  context: RequestContext,
  county: CountyModel,
  books: CaseSlabBooks,
  cut: IncidentCut,
  hot: HotCounty,
): Promise<CaseSlab[] | undefined> {
  const filter = columnFilter({ inside: county.county }, cut);
  if (!filter) return undefined;
  const points = kioskPointsFrom(context.viewer, county);
  const cells = points === undefined ? undefined : cellsOf(points, county.timezone);
  const book = books.book(county.county, cut, points, () => new SlabBook(filter, cells));
  return (await book.slabs(hot)).map(({ from, to, rows, hash }) => ({
    path: pathOf(county.county, from, to),
    from: from ?? null,
    to: to ?? null,
    rows,
    etag: hash === undefined ? null : casesEtag(context, cut, hash),
  }));
}

function cellsOf(points: number, timezone: string): CellsBefore {
  const startOf = dayStarts(timezone);
  return {
    points,
    align: (end) => (end >= points || startOf(end) === end ? end : startOf(startOf(end) + 1.5 * DAY_SECONDS)),
  };
}

/** Slabs where the cases are not in memory: by counts of hours, and without a word on what is in them. */
async function slabsBySql(context: RequestContext, county: CountyModel): Promise<CaseSlab[]> {
  const hours = await inCounty(context, county.county, (tx) => caseHours(tx, county.county));
  const points = kioskPointsFrom(context.viewer, county);
  const align = points === undefined ? undefined : cellsOf(points, county.timezone).align;
  return slabsOfHours(hours, align).map(({ from, to, rows }) => ({
    path: pathOf(county.county, from, to),
    from: from ?? null,
    to: to ?? null,
    rows,
    etag: null,
  }));
}

/** Slabs of about `SLAB_ROWS` whose boundaries lie at full hours, oldest first. */
export function slabsOfHours(
  hours: readonly CaseHour[],
  align?: (seconds: number) => number,
): { readonly from: number | undefined; readonly to: number | undefined; readonly rows: number }[] {
  const slabs: { from: number | undefined; to: number | undefined; rows: number }[] = [];
  let from: number | undefined;
  let rows = 0;
  /** Where the slab ends that is full. */
  let end: number | undefined;
  for (const { hour, rows: more } of hours) {
    if (end !== undefined && hour >= end) {
      slabs.push({ from, to: end, rows });
      [from, rows, end] = [end, 0, undefined];
    }
    rows += more;
    if (end === undefined && rows >= SLAB_ROWS) end = align ? align(hour + 3600) : hour + 3600;
  }
  slabs.push({ from, to: undefined, rows });
  return slabs;
}

import { decodeColumns } from "../../data/columns/format.ts";
import { type IncidentColumns, incidentColumns } from "../../data/columns/incident-columns.ts";

/** A window of time whose cases come in one answer. */
export interface Slab {
  /** Path and query of the answer. */
  readonly path: string;
  /** Opening times `[from, to)`, epoch seconds; null = open on that side. */
  readonly from: number | null;
  readonly to: number | null;
  readonly rows: number;
  /** ETag of the answer; null where only asking tells whether it changed. */
  readonly etag: string | null;
}

/** What there is to load. */
export interface SlabList {
  /** Equal for equal slabs. */
  readonly version: string;
  /** Instant that lateness is judged at, epoch seconds. */
  readonly asOf: number;
  /** All codes that cases may carry, each sorted. */
  readonly dictionaries: { readonly classes: readonly string[]; readonly grids: readonly string[] };
  /** Newest first. */
  readonly slabs: readonly Slab[];
}

/** The part of `fetch` that is used; same-origin requests carry the session's cookie, from a worker too. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** A request that the server refused (`status`) or that never reached it (0). */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

async function get(fetch: Fetch, path: string, etag: string | undefined, signal: AbortSignal) {
  let response: Response;
  try {
    response = await fetch(path, {
      // Revalidation is ours: the answer's ETag travels with the parsed columns.
      cache: "no-store",
      headers: etag ? { "If-None-Match": etag } : {},
      signal,
    });
  } catch (error) {
    throw new SourceError(error instanceof Error ? error.message : String(error), 0);
  }
  if (response.status === 304) return undefined;
  if (response.ok) return response;
  const text = await response.text();
  throw new SourceError(`${path.split("?")[0]}: ${response.status} ${text.slice(0, 200)}`, response.status);
}

/** What the server has of a county's cases, as far as the viewer may see them. @throws SourceError */
export async function listSlabs(fetch: Fetch, county: string, signal: AbortSignal): Promise<SlabList> {
  const response = await get(fetch, `/columns/incidents/slabs?county=${county}`, undefined, signal);
  if (!response) throw new SourceError("an answer without a body", 0);
  return (await response.json()) as SlabList;
}

export interface FetchedSlab {
  readonly columns: IncidentColumns;
  readonly etag: string | undefined;
}

/**
 * The cases of a slab.
 *
 * @param etag of the answer that is here already
 * @returns undefined = unchanged since
 * @throws SourceError; a DATA error where the answer cannot be read
 */
export async function fetchSlab(
  fetch: Fetch,
  slab: Slab,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<FetchedSlab | undefined> {
  const response = await get(fetch, slab.path, etag, signal);
  if (!response) return undefined;
  return {
    columns: incidentColumns(decodeColumns(await response.arrayBuffer())),
    etag: response.headers.get("ETag") ?? slab.etag ?? undefined,
  };
}

/** Numbers that one question may name (api/routes/incident-columns.ts). */
const MAX_REFS = 500;

/**
 * Cases by their numbers, as they are now; those that are gone or out of the viewer's scope are not among them.
 *
 * One request for all that changed within a moment: a slab would bring tens of thousands of cases for each of them.
 *
 * @throws SourceError; a DATA error where an answer cannot be read
 */
export async function fetchCases(
  fetch: Fetch,
  county: string,
  refs: readonly number[],
  signal: AbortSignal,
): Promise<readonly IncidentColumns[]> {
  const parts: IncidentColumns[] = [];
  for (let at = 0; at < refs.length; at += MAX_REFS) {
    const path = `/columns/incidents?county=${county}&refs=${refs.slice(at, at + MAX_REFS).join(",")}`;
    const response = await get(fetch, path, undefined, signal);
    if (response) parts.push(incidentColumns(decodeColumns(await response.arrayBuffer())));
  }
  return parts;
}

import { decodeColumns } from "../../data/columns/format.ts";
import { type IncidentColumns, incidentColumns } from "../../data/columns/incident-columns.ts";

/** A window of time whose cases come in one answer. */
export interface Slab {
  /** Path and query of the answer. */
  readonly path: string;
  /** Opening times `[from, to)`, epoch seconds; undefined = open on that side. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Undefined before it was fetched, where the server does not say. */
  readonly rows: number | undefined;
  /** Undefined where only asking tells whether it changed. */
  readonly etag: string | undefined;
}

/** What there is to load, newest first. */
export interface SlabList {
  readonly dataVersion: string;
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

/**
 * What the server has of a county's cases. The only place that knows in how many pieces they come.
 *
 * @throws SourceError
 */
export async function listSlabs(_fetch: Fetch, county: string, _signal: AbortSignal): Promise<SlabList> {
  const whole: Slab = {
    path: `/columns/incidents?county=${county}`,
    from: undefined,
    to: undefined,
    rows: undefined,
    etag: undefined,
  };
  return { dataVersion: "", slabs: [whole] };
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
    etag: response.headers.get("ETag") ?? slab.etag,
  };
}

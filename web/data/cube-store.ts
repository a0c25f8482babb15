import { useEffect } from "react";
import { create } from "zustand";
import { PublishedCubeDocument, type PublishedCubeQuery } from "../gql/generated.ts";
import { request } from "../gql/request.ts";
import type { LoadState } from "./county-data.ts";

/** A published number: area × class major × month (docs/need-to-know.md). */
export type PublishedCell = PublishedCubeQuery["cube"]["cells"][number];

/** What the page holds of a county's published cube. */
export interface PublishedCube {
  readonly county: string;
  /** The newest month that holds cells, yyyy-mm; undefined before the first answer, or where there is none. */
  readonly month: string | undefined;
  /** Cells of that month; what is not listed is 0. */
  readonly cells: readonly PublishedCell[];
  /** End of the last day that is counted, ISO 8601. */
  readonly through: string | undefined;
  readonly state: LoadState;
}

const EMPTY: PublishedCube = { county: "", month: undefined, cells: [], through: undefined, state: "idle" };

/** The cube of the county on screen. Read it with selectors. */
export const usePublishedCube = create<PublishedCube>(() => EMPTY);

/** The cube changes once a day, at an hour that only the server knows. */
const CUBE_POLL_MS = 5 * 60_000;

/** The newest month of a county: its months are asked for first, since the newest may be long ago. */
async function fetchNewest(county: string, signal: AbortSignal): Promise<Omit<PublishedCube, "state">> {
  const { cube } = await request(PublishedCubeDocument, { county, months: [] }, signal);
  const month = cube.months.at(-1);
  if (!month) return { county, month, cells: [], through: cube.through };
  const newest = await request(PublishedCubeDocument, { county, months: [month] }, signal);
  return { county, month, cells: newest.cube.cells, through: newest.cube.through };
}

/**
 * Keeps the cube of a county while somebody looks at it. Errors become state and heal with the next round.
 *
 * @param county code; undefined = nothing to ask
 */
export function usePublishedCubeLoading(county: string | undefined): void {
  useEffect(() => {
    if (!county) return;
    const abort = new AbortController();
    usePublishedCube.setState({ ...EMPTY, county, state: "loading" });
    const load = async (): Promise<void> => {
      try {
        const cube = await fetchNewest(county, abort.signal);
        if (!abort.signal.aborted) usePublishedCube.setState({ ...cube, state: "ready" });
      } catch {
        if (!abort.signal.aborted) usePublishedCube.setState({ state: "error" });
      }
    };
    void load();
    const timer = setInterval(() => void load(), CUBE_POLL_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [county]);
}

import { useEffect, useState } from "react";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import { fetchAreas } from "../../data/columns-api.ts";
import type { AreaFeature } from "../../data/county-data.ts";

const NONE: readonly AreaFeature[] = [];

/** Areas of a county for the map of grants, down to grids; empty while loading, for the server, and when they fail. */
export function useAreas(county: string): readonly AreaFeature[] {
  const [held, setHeld] = useState({ county: "", areas: NONE });
  useEffect(() => {
    if (county === ROOT_COUNTY || county === "") return;
    const abort = new AbortController();
    fetchAreas(county, ["county", "town", "community", "grid", "micro"], undefined, abort.signal)
      .then(({ body }) => setHeld({ county, areas: body ?? NONE }))
      // The list of areas is a convenience here: the code can be typed, and the page's own queries say what is wrong.
      .catch(() => undefined);
    return () => abort.abort();
  }, [county]);
  return held.county === county ? held.areas : NONE;
}

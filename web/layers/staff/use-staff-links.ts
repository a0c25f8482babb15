import { useEffect, useState } from "react";
import { levelOfCode } from "../../../data/model/codes.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { useView } from "../../app/view-state.ts";
import { mayIn } from "../../app/viewer.ts";
import { graphqlClient } from "../../gql/client.ts";
import { StaffLinksDeskDocument, StaffLinksWallDocument } from "../../gql/generated.ts";
import type { MapSeat } from "../../map/scene.ts";
import { usePlaneAnswer } from "../../plane/use-answer.ts";
import { type StaffLinks, toStaffLinks } from "./staff-links.ts";

/** Who is on duty changes with the clock: asked again this often. */
const REFRESH_MS = 60_000;

interface Focus {
  readonly code: string;
  readonly from: LonLat | undefined;
}

/** The area whose staff is shown: the chosen incident's, else the grid or community drilled to. */
function useFocus(): Focus | undefined {
  const area = useView((view) => view.area);
  const ref = useView((view) => view.incidentRef);
  const shown = useView((view) => view.layers.includes("staff"));
  const answer = usePlaneAnswer<"case">(ref === undefined || !shown ? undefined : { kind: "case", ref });
  if (!shown) return undefined;
  const chosen = answer?.value;
  if (chosen?.areaCode && chosen.ref === ref) return { code: chosen.areaCode, from: chosen.point };
  const level = levelOfCode(area);
  return level === "grid" || level === "micro" ? { code: area, from: undefined } : undefined;
}

async function ask(code: string, seat: MapSeat, from: LonLat | undefined): Promise<StaffLinks | undefined> {
  // Two operations on purpose: the wall's never names a phone, so none can leak onto it.
  const { data, error } =
    seat === "desk"
      ? await graphqlClient.query(StaffLinksDeskDocument, { code }).toPromise()
      : await graphqlClient.query(StaffLinksWallDocument, { code }).toPromise();
  if (error) throw error;
  return data?.area ? toStaffLinks(data.area, from) : undefined;
}

/** Links of the area in focus; the last good answer stays while a newer one is on its way. */
export function useStaffLinks(seat: MapSeat): StaffLinks | undefined {
  const focus = useFocus();
  const [links, setLinks] = useState<StaffLinks | undefined>(undefined);
  const code = focus && mayIn("duty", focus.code) ? focus.code : undefined;
  const lon = focus?.from?.[0];
  const lat = focus?.from?.[1];
  useEffect(() => {
    setLinks(undefined);
    if (code === undefined) return;
    let stopped = false;
    const from = lon !== undefined && lat !== undefined ? ([lon, lat] as const) : undefined;
    const load = (): void => {
      // A failed round leaves what is shown; the seat's own connection sign says that the server is silent.
      ask(code, seat, from).then(
        (answer) => !stopped && setLinks(answer),
        () => undefined,
      );
    };
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [code, lon, lat, seat]);
  return links;
}

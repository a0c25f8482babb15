import type { Layer } from "@deck.gl/core";
import { SINGLES_FROM_ZOOM } from "../../../../data/columns/marks.ts";
import { statusOfRow } from "../../../../data/columns/status.ts";
import { LATTICE_PER_DEGREE } from "../../../../data/model/geometry.ts";
import { type Filters, useView } from "../../../app/view-state.ts";
import { liveWindow } from "../../../map/live-window.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { memoLast, type Scene } from "../../../map/scene.ts";
import { usePlane } from "../../../plane/use-plane.ts";
import { FLAT } from "../../deck-parameters.ts";
import type { IncidentPoint } from "../incident-marks.ts";
import { ChangedRows } from "./changed-rows.ts";
import { type Dictionaries, type DotsFilter, dotsFilter } from "./dots-filter.ts";
import { DotsLayer, type DotsSource } from "./dots-layer.ts";

const changed = new ChangedRows();
usePlane.subscribe((plane, before) => {
  if (plane.columns !== before.columns) changed.note(plane.changed);
});

const filterFor = memoLast(
  (classes: Dictionaries["classes"], grids: Dictionaries["grids"], filters: Filters, area: string): DotsFilter =>
    dotsFilter({ classes, grids }, filters, area),
);

/** The page's filters over the columns that are here. */
function currentFilter(): DotsFilter | undefined {
  const { columns } = usePlane.getState();
  const { filters, area } = useView.getState();
  return columns && filterFor(columns.classes, columns.grids, filters, area);
}

const source: DotsSource = {
  columns: () => usePlane.getState().columns,
  takeChanged: () => changed.take(),
  filter: currentFilter,
  liveWindow,
};

/** The case that a dot stands for; undefined where the row holds none. */
export function pointOfDot(row: number): IncidentPoint | undefined {
  const columns = source.columns();
  const ref = columns?.ref[row];
  if (!columns || !ref) return undefined;
  return {
    row,
    ref,
    position: [(columns.lon[row] as number) / LATTICE_PER_DEGREE, (columns.lat[row] as number) / LATTICE_PER_DEGREE],
    status: statusOfRow(columns, row, columns.asOf),
    severe: false,
  };
}

/** Radius and rim of a dot in CSS pixels at scale 1: dust from afar, near as large as the legend's sign. */
export function dotSize(zoom: number): { readonly radius: number; readonly rim: number } {
  if (zoom < 11) return { radius: 1.3, rim: 0 };
  if (zoom < 13) return { radius: 1.7, rim: 0 };
  if (zoom < SINGLES_FROM_ZOOM) return { radius: 2.2, rim: 0.6 };
  // A closed case's sign of 15 pixels: a disc of radius 13 with a rim of 3.5 on a board of 64.
  return { radius: 3, rim: 0.8 };
}

const layer = memoLast((palette: MapPalette, scale: number, radius: number, rim: number, near: boolean): Layer[] => [
  new DotsLayer({
    id: "incident-dots",
    data: [],
    source,
    ended: rgba(palette.status.closed, near ? 255 : 190),
    open: rgba(palette.status.open, near ? 255 : 190),
    halo: rgba(palette.halo, 255),
    radius: radius * scale,
    rim: rim * scale,
    pickable: near,
    parameters: FLAT,
  }),
]);

/**
 * Closed cases of the selection as dots, by the GPU; they answer the pointer from the zoom on where each stands alone.
 *
 * The layer stays the same whatever is filtered: it asks for the filter when it is drawn. Another layer would have deck.gl
 * compare all properties of all of them, which takes longer than anything else that a change of filters does here.
 */
export function dotsDeck({ cases, palette, scale, zoom }: Scene): Layer[] {
  if (!cases.dictionaries) return [];
  const { radius, rim } = dotSize(zoom);
  return layer(palette, scale, radius, rim, zoom >= SINGLES_FROM_ZOOM);
}

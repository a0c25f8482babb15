import { ScatterplotLayer } from "@deck.gl/layers";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { decodeColumns } from "../../../../data/columns/format.ts";
import { incidentColumns } from "../../../../data/columns/incident-columns.ts";

/** One case as most clients keep it. */
interface Case {
  readonly id: number;
  readonly position: [number, number];
  readonly opened: number;
  readonly classCode: string;
  readonly closed: boolean;
}

declare global {
  interface Window {
    /** Shows the cases opened in `[from, to)`, epoch seconds, of classes that begin so. */
    __peerShow: (from: number, to: number, major: string) => void;
    /** Cases drawn by the last frame; 0 before the first. */
    __peerDrawn: number;
    __peerSpan: [number, number];
  }
}

window.__peerDrawn = 0;
maplibregl.setWorkerUrl(workerUrl);
const map = new maplibregl.Map({
  container: "map",
  style: { version: 8, sources: {}, layers: [{ id: "void", type: "background" }] },
  attributionControl: false,
  center: [112.7, 40],
  zoom: 12,
});
let cases: Case[] = [];
const overlay = new MapLibreOverlay({ interleaved: true, layers: [] });

function show(shown: Case[]): void {
  overlay.setProps({
    layers: [
      new ScatterplotLayer<Case>({
        id: "cases",
        data: shown,
        getPosition: (one) => one.position,
        getRadius: 2,
        radiusUnits: "pixels",
        getFillColor: (one) => (one.closed ? [111, 128, 151, 190] : [86, 180, 233, 255]),
      }),
    ],
  });
  map.once("render", () => {
    window.__peerDrawn = shown.length;
  });
  map.triggerRepaint();
}

window.__peerShow = (from, to, major) => {
  window.__peerDrawn = 0;
  show(cases.filter((one) => one.opened >= from && one.opened < to && one.classCode.startsWith(major)));
};

async function load(): Promise<void> {
  const columns = incidentColumns(decodeColumns(await (await fetch("/cases.bin")).arrayBuffer()));
  cases = Array.from({ length: columns.rows }, (_, i) => ({
    id: columns.ref[i] as number,
    position: [(columns.lon[i] as number) / 1e7, (columns.lat[i] as number) / 1e7],
    opened: columns.opened[i] as number,
    classCode: columns.classes[columns.classIndex[i] as number] ?? "",
    closed: columns.state[i] === 9,
  }));
  window.__peerSpan = [cases[0]?.opened ?? 0, (cases.at(-1)?.opened ?? 0) + 1];
  window.__peerShow(...window.__peerSpan, "");
}

map.once("load", () => {
  map.addControl(overlay);
  void load();
});

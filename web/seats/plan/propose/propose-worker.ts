import { type PlanUnits, planUnits } from "../../../../data/blocks/plan-units.ts";
import { LocateIndex } from "../../../../data/geo/locate-index.ts";
import { AppError } from "../../../../data/model/errors.ts";
import type { BlockGraph } from "../../../../data/partition/block-graph.ts";
import { paretoStops } from "../../../../data/partition/pareto-stops.ts";
import type { FromWorker, ProposeRequest } from "./protocol.ts";

/** Divisions that `paretoStops` looks at, for the length of the bar. */
const LOOKS = 5;
/** The picture changes at most twice a second. */
const LOOK_MS = 500;

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ProposeRequest>) => void) | null;
};

/** Answers one request; the page ends the worker to stop it. */
scope.onmessage = ({ data }) => {
  try {
    answer(data);
  } catch (error) {
    const told = error instanceof AppError ? `${error.message}${error.hint ? ` ${error.hint}` : ""}` : String(error);
    scope.postMessage({ kind: "failed", message: told });
  }
};

function answer({ cells, lines, homes, incidents, ...asked }: ProposeRequest): void {
  const made = planUnits({ cells, lines, homes, max: asked.max });
  const units: PlanUnits = { ...made, graph: withIncidents(made, incidents) };
  scope.postMessage({ kind: "units", units });
  // When a look was shown last; no clock decides anything about the answer.
  let shown = performance.now();
  let [looks, before] = [0, 0];
  const stops = paretoStops(units.graph, {
    ...asked,
    onProgress: ({ done, part }) => {
      if (done < before) looks++;
      before = done;
      if (performance.now() - shown >= LOOK_MS) {
        shown = performance.now();
        scope.postMessage({ kind: "progress", done: Math.min(1, (looks + done) / LOOKS), part: part() });
      }
      return true;
    },
  });
  // Two looks may come to the same division.
  const same = (a: Int32Array, b: Int32Array): boolean => a.every((grid, unit) => grid === b[unit]);
  const others = stops.filter(({ part }, n) => !stops.slice(0, n).some((one) => same(one.part, part)));
  scope.postMessage({ kind: "end", stops: others });
}

function withIncidents({ graph, grounds }: PlanUnits, places: ProposeRequest["incidents"]): BlockGraph {
  const index = new LocateIndex(grounds.map((geometry, unit) => ({ code: String(unit).padStart(8, "0"), geometry })));
  const incidents = new Int32Array(graph.count);
  for (const [lon, lat] of places) {
    const { owner } = index.locate(lon, lat);
    if (owner >= 0) incidents[owner] = (incidents[owner] as number) + 1;
  }
  return { ...graph, incidents };
}

import { type PlanUnits, planUnits } from "../../../../data/blocks/plan-units.ts";
import { LocateIndex } from "../../../../data/geo/locate-index.ts";
import { AppError } from "../../../../data/model/errors.ts";
import type { BlockGraph } from "../../../../data/partition/block-graph.ts";
import { propose } from "../../../../data/partition/propose.ts";
import type { FromWorker, ProposeRequest } from "./protocol.ts";

/** From the best shape to the fewest households moved. */
const LEAST_CHANGE = [0, 0.1, 0.3, 1, 3] as const;
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

function answer({ cells, lines, homes, incidents, objective, ...asked }: ProposeRequest): void {
  const made = planUnits({ cells, lines, homes, max: asked.max });
  const units: PlanUnits = { ...made, graph: withIncidents(made, incidents) };
  scope.postMessage({ kind: "units", units });
  // When a look was shown last; no clock decides anything about the answer.
  let shown = performance.now();
  LEAST_CHANGE.forEach((leastChange, n) => {
    const proposal = propose(units.graph, {
      ...asked,
      leastChange,
      objective: { kind: objective },
      onProgress: (progress) => {
        if (performance.now() - shown >= LOOK_MS) {
          shown = performance.now();
          const done = (n + progress.done) / LEAST_CHANGE.length;
          scope.postMessage({ kind: "progress", done, part: progress.part() });
        }
        return true;
      },
    });
    scope.postMessage({ kind: "stop", stop: { leastChange, proposal } });
  });
  scope.postMessage({ kind: "end" });
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

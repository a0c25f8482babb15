import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { NO_PROPOSAL, useProposal } from "./proposal-store.ts";
import type { FromWorker, ProposeRequest } from "./protocol.ts";

let worker: Worker | undefined;

/** Ends what is in the making and forgets what was proposed. */
export function forgetProposal(): void {
  worker?.terminate();
  worker = undefined;
  useProposal.setState(NO_PROPOSAL);
}

/** Asks a worker for a proposal on a plan; a former one ends. */
export function runProposal(request: ProposeRequest, graph: PlanGraph): void {
  forgetProposal();
  const own = new Worker(new URL("./propose-worker.ts", import.meta.url), { type: "module", name: "propose" });
  worker = own;
  useProposal.setState({ state: "running", graph });
  own.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  own.onerror = (event) => hear({ kind: "failed", message: event.message });
  own.postMessage(request);
}

function hear(told: FromWorker): void {
  if (told.kind === "units") useProposal.setState({ units: told.units });
  else if (told.kind === "progress") useProposal.setState({ done: told.done, part: told.part });
  else {
    worker?.terminate();
    worker = undefined;
    if (told.kind === "failed") useProposal.setState({ state: "failed", error: told.message });
    // In the middle: little moves, and shapes are better than today's.
    else
      useProposal.setState({
        state: "done",
        done: 1,
        stops: told.stops,
        chosen: Math.floor((told.stops.length - 1) / 2),
      });
  }
}

import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { NO_PROPOSAL, useProposal } from "./proposal-store.ts";
import type { FromWorker, ProposeRequest, Stop } from "./protocol.ts";

let worker: Worker | undefined;

/** Ends what is in the making and forgets what was proposed. */
export function forgetProposal(): void {
  worker?.terminate();
  worker = undefined;
  useProposal.setState(NO_PROPOSAL);
}

/** Stops looking further; what was found stays. */
export function stopProposal(): void {
  worker?.terminate();
  worker = undefined;
  const { stops } = useProposal.getState();
  if (stops.length === 0) forgetProposal();
  else useProposal.setState({ state: "done", chosen: useProposal.getState().chosen ?? 0 });
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
  const { stops, chosen } = useProposal.getState();
  if (told.kind === "units") useProposal.setState({ units: told.units });
  else if (told.kind === "progress") useProposal.setState({ done: told.done, part: told.part });
  else if (told.kind === "stop")
    useProposal.setState({ stops: withStop(stops, told.stop), part: told.stop.proposal.part });
  else {
    worker?.terminate();
    worker = undefined;
    if (told.kind === "failed") useProposal.setState({ state: "failed", error: told.message });
    // In the middle: little moves, and shapes are better than today's.
    else useProposal.setState({ state: "done", done: 1, chosen: chosen ?? Math.floor((stops.length - 1) / 2) });
  }
}

/** Stops by households moved; one that says the same as another is left out. */
function withStop(stops: readonly Stop[], stop: Stop): readonly Stop[] {
  const same = ({ proposal }: Stop): boolean => proposal.part.every((grid, unit) => grid === stop.proposal.part[unit]);
  if (stops.some(same)) return stops;
  return [...stops, stop].sort(
    (a, b) => a.proposal.figures.householdsMoved - b.proposal.figures.householdsMoved || b.leastChange - a.leastChange,
  );
}

import i18next from "i18next";
import type { Homes } from "../../data/columns/heat-field.ts";
import type { IncidentStore } from "../../data/columns/store.ts";
import { reportUnauthenticated } from "../app/csrf.ts";
import { askSoon, askWorker, takeAnswers } from "./asking.ts";
import { applyChange, columnsOf } from "./cases.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import type { RowRange } from "./types.ts";
import { NO_PLANE, usePlane } from "./use-plane.ts";

/** The worker's end of the line. */
export interface PlanePort {
  readonly post: (message: ToWorker, transfer?: Transferable[]) => void;
  readonly stop: () => void;
}

/**
 * Starts a worker of the page that opens a county. It is told which by its name: a message would not reach it before the
 * page's own thread is free again, which at first is busy with the map.
 */
function startWorker(county: string, take: (message: FromWorker) => void): PlanePort {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: county });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => take(data);
  // A worker that could not be loaded, or that threw: nothing will come from it.
  worker.onerror = (event) => {
    event.preventDefault();
    take({ kind: "failed", status: 0, message: event.message || "worker" });
  };
  return { post: (message, transfer = []) => worker.postMessage(message, transfer), stop: () => worker.terminate() };
}

let port: PlanePort | undefined;
let store: IncidentStore | undefined;

function fail(status: number, message: string): void {
  if (status === 401) reportUnauthenticated();
  usePlane.setState({ status: "error", error: status === 403 ? i18next.t("error.forbidden") : message });
}

function take(message: FromWorker): void {
  switch (message.kind) {
    case "columns": {
      const changed: RowRange[] = [];
      for (const change of message.changes)
        store = applyChange(store, change, (from, to) => to > from && changed.push([from, to]));
      if (!store) return;
      store.asOf = message.asOf;
      const columns = columnsOf(store);
      usePlane.setState({ columns, changed, revision: message.revision, asOf: message.asOf });
      askSoon();
      break;
    }
    case "progress":
      usePlane.setState({ ...message.progress, error: undefined });
      break;
    case "failed":
      fail(message.status, message.message);
      break;
    case "answers":
      takeAnswers(message);
      break;
  }
}

/**
 * Opens a county: a fresh worker that loads its cases. What was open before is dropped, here and there.
 *
 * @param start how to start a worker that opens a county; tests put a core in its place
 */
export function openPlane(county: string, start: typeof startWorker = startWorker): void {
  closePlane();
  usePlane.setState({ ...NO_PLANE, county, status: "loading" });
  const mine: PlanePort = start(county, (message) => {
    // Messages on their way from a worker that was stopped.
    if (port === mine) take(message);
  });
  port = mine;
  askWorker(mine.post);
}

/** Asks the server whether the cases here are still what it has. */
export const refreshPlane = (): void => port?.post({ kind: "refresh" });

/** Has the worker read cases that changed, by their numbers. */
export const changedCases = (refs: readonly number[]): void => port?.post({ kind: "changed", refs });

/** The least step by which the instant that lateness is judged at moves on, seconds: deadlines are minutes apart. */
const AS_OF_STEP = 60;

/** Moves the instant on that lateness is judged at. @param asOf epoch seconds */
export function movePlaneAsOf(asOf: number): void {
  const { columns } = usePlane.getState();
  if (columns && asOf >= columns.asOf + AS_OF_STEP) port?.post({ kind: "asOf", asOf });
}

/** Gives the worker what rates per household are a share of. */
export const setPlaneHomes = (homes: Homes | undefined): void => {
  port?.post({ kind: "homes", homes });
  askSoon();
};

/** Stops the worker and forgets all cases and answers. */
export function closePlane(): void {
  port?.stop();
  port = undefined;
  store = undefined;
  askWorker(undefined);
  usePlane.setState(NO_PLANE);
}

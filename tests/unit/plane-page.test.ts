import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_VIEW, useView } from "../../web/app/view-state.ts";
import { keyOf, setPlaneZone, want } from "../../web/plane/asking.ts";
import { createCore } from "../../web/plane/core.ts";
import { closePlane, openPlane, type PlanePort } from "../../web/plane/plane.ts";
import type { FromWorker, ToWorker } from "../../web/plane/protocol.ts";
import type { PlaneQuestion } from "../../web/plane/types.ts";
import { useAnswers, usePlane } from "../../web/plane/use-plane.ts";
import { PlaneServer } from "../helpers/plane-server.ts";
import { syntheticColumns } from "../helpers/synthetic-columns.ts";

const NOW = 1_768_449_600;
const COUNTY = "140226";
const GRIDS = ["140226100001001", "140226101001001"];
const columns = syntheticColumns(
  Array.from({ length: 40 }, (_, i) => ({ opened: NOW - i * 3600, grid: GRIDS[i % 2] as string })),
  GRIDS,
  NOW,
);
const SIZE: PlaneQuestion<"size"> = { kind: "size" };

/** A worker that answers asks only when it is told to, as a busy one does. */
function busyWorker(server: PlaneServer) {
  const asked: Extract<ToWorker, { kind: "ask" }>[] = [];
  let take: (message: FromWorker) => void = () => undefined;
  const handle = createCore({
    fetch: server.fetch,
    post: (message, transfer) => take(structuredClone(message, { transfer })),
  });
  return {
    asked,
    say: (message: FromWorker) => take(message),
    answerNext: () => {
      const next = asked.shift();
      if (next) handle(next);
    },
    start: (county: string, heard: (message: FromWorker) => void): PlanePort => {
      take = heard;
      handle({ kind: "open", county });
      return {
        post: (message) => {
          if (message.kind === "ask") asked.push(message);
          else handle(message);
        },
        stop: () => undefined,
      };
    },
  };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve));
};
const sizeNow = () => useAnswers.getState().byKey.get(keyOf(SIZE));

describe("the page's side of the plane", () => {
  afterEach(() => {
    closePlane();
    useView.getState().set({ ...DEFAULT_VIEW });
  });

  it("asks one round at a time; newer filters take the place of those that wait", async () => {
    const worker = busyWorker(new PlaneServer(columns));
    useView.getState().set({ county: COUNTY, area: COUNTY });
    setPlaneZone("Asia/Shanghai");
    const unwant = want(keyOf(SIZE), SIZE);
    openPlane(COUNTY, worker.start);
    await settle();
    expect(usePlane.getState()).toMatchObject({ status: "ready", loaded: 40, total: 40, county: COUNTY });
    worker.answerNext();
    await settle();
    expect(sizeNow()?.value).toEqual({ counted: 40, shown: 40 });
    expect(useAnswers.getState().waiting).toBe(false);
    for (const hours of [1, 2, 3, 4, 5]) {
      useView.getState().setFilters({ from: NOW - hours * 3600 });
      await settle();
      // What is on screen stays, and says that it is older.
      expect(sizeNow()?.value).toEqual({ counted: 40, shown: 40 });
      expect(useAnswers.getState().waiting).toBe(true);
    }
    expect(worker.asked.map(({ ask }) => ask.filters.from)).toEqual([NOW - 3600]);
    worker.answerNext();
    await settle();
    expect(sizeNow()).toMatchObject({ value: { counted: 2 }, filters: { from: NOW - 3600 } });
    expect(useAnswers.getState().waiting).toBe(true);
    expect(worker.asked.map(({ ask }) => ask.filters.from)).toEqual([NOW - 5 * 3600]);
    worker.answerNext();
    await settle();
    expect(sizeNow()).toMatchObject({ value: { counted: 6 }, filters: { from: NOW - 5 * 3600 } });
    expect(useAnswers.getState().waiting).toBe(false);
    expect(worker.asked).toEqual([]);
    unwant();
    expect(sizeNow()).toBeUndefined();
  });

  it("shows nothing of a county or viewer that was closed, whatever is still on its way", async () => {
    const worker = busyWorker(new PlaneServer(columns));
    useView.getState().set({ county: COUNTY, area: COUNTY });
    setPlaneZone("Asia/Shanghai");
    const unwant = want(keyOf(SIZE), SIZE);
    openPlane(COUNTY, worker.start);
    await settle();
    expect(worker.asked).toHaveLength(1);
    closePlane();
    worker.answerNext();
    worker.say({ kind: "failed", status: 500, message: "late" });
    await settle();
    expect(usePlane.getState()).toMatchObject({ county: "", status: "idle", columns: undefined, error: undefined });
    expect(useAnswers.getState().byKey.size).toBe(0);
    unwant();
  });

  it("keeps what it has when a request fails, and says so", async () => {
    const server = new PlaneServer(columns);
    const worker = busyWorker(server);
    openPlane(COUNTY, worker.start);
    await settle();
    worker.say({ kind: "failed", status: 500, message: "/columns/incidents: 500" });
    expect(usePlane.getState()).toMatchObject({ status: "error", error: "/columns/incidents: 500", loaded: 40 });
    expect(usePlane.getState().columns?.ref.length).toBeGreaterThanOrEqual(40);
  });
});

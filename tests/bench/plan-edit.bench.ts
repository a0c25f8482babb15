import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { dragBorder } from "../../data/coverage/plan-graph/actions/drag-border.ts";
import { graphOf } from "../../data/coverage/plan-graph/graph-of.ts";
import { holdOf } from "../../data/coverage/plan-graph/holds.ts";
import { MeteredPoints } from "../../data/coverage/plan-graph/metered-points.ts";
import { metersOf, updateMeters } from "../../data/coverage/plan-graph/meters.ts";
import { checkPlan, updateChecks } from "../../data/coverage/plan-graph/plan-checks.ts";
import type { Arc, PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import { Prng } from "../../data/demo/prng.ts";
import { planCoverage, planPlaces } from "../helpers/plan-coverage.ts";
import type { Figure } from "./figure.ts";

/** Grids of each measurement; the middle one is the goal's. */
const SIZES = (process.env["BENCH_PLAN_GRIDS"] ?? "100,1000,10000").split(",").map(Number);
const GOAL_GRIDS = 1000;
/** Corners between two corners of the board: 300,000 nodes at 1,000 grids. */
const BETWEEN = 145;
const BUILDINGS_PER_GRID = 100;
const GESTURES = 40;
const EVENTS = 50;

setFlagsFromString("--expose-gc");
/** Takes out the rubbish, so that memory can be compared. */
const collect = runInNewContext("gc") as () => void;

/** Processor milliseconds of this process: what a shared machine does besides does not count, garbage collection does. */
function cpuMs<T>(work: () => T): { readonly ms: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, result };
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] as number;

/** Drags borders of a county's grids about, as a hand would, and times each pointer event with meters and checks. */
export async function* planEdit(): AsyncIterable<Figure> {
  for (const grids of SIZES) yield* measure(grids);
}

function* measure(grids: number): Generator<Figure> {
  const rows = Math.max(1, Math.round(Math.sqrt(grids)));
  const shape = { columns: Math.round(grids / rows), rows, between: BETWEEN, enclaveEvery: 0 };
  const cells = planCoverage(shape);
  const points = new MeteredPoints(planPlaces(shape, grids * BUILDINGS_PER_GRID));
  const heap = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 2 ** 20;
  };
  const empty = heap();
  const opening = cpuMs(() => graphOf(cells));
  const graph = opening.result;
  const metering = cpuMs(() => metersOf(graph, points));
  const checking = cpuMs(() => checkPlan(graph));
  const memory = heap() - empty;
  const times: number[] = [];
  const random = new Prng(`plan-edit/${grids}`);
  let refused = 0;
  for (let gesture = 0; gesture < GESTURES; gesture++) {
    const { id, arc } = movableArc(graph, random);
    const grip = { arc: id, vertex: random.int(1, arc.line.length / 2 - 2) };
    const [dx, dy] = [random.int(-12, 12), random.int(-12, 12)];
    for (let event = 1; event <= EVENTS; event++) {
      const { ms, result } = cpuMs(() => {
        const dragged = dragBorder(graph, { grip, by: [dx * event, dy * event], reachM: 120, manner: "soft" });
        if (!dragged.ok) return false;
        updateMeters(metering.result, dragged.graph);
        updateChecks(checking.result, dragged.graph);
        return true;
      });
      if (result) times.push(ms);
      else refused++;
    }
  }
  const nodes = [...graph.arcs].reduce((sum, arc) => sum + (arc ? arc.line.length / 2 - 2 : 0), graph.nodes.length);
  const goal = grids === GOAL_GRIDS;
  const figure = (name: string, value: number, unit: string, most?: number, series?: string): Figure => ({
    bench: "plan-edit",
    name: `${name}, ${grids} grids`,
    value: Math.round(value * 100) / 100,
    unit,
    ...(goal && most !== undefined ? { goal: `<= ${most}`, ok: value <= most } : {}),
    ...(series ? { series, x: grids } : {}),
  });
  yield figure("nodes", nodes, "nodes");
  yield figure(
    "drag: pointer event with meters and checks, p95",
    quantile(times, 0.95),
    "ms CPU",
    8,
    "a pointer event",
  );
  yield figure("drag: pointer event with meters and checks, median", quantile(times, 0.5), "ms CPU");
  yield figure("drag: events refused", refused, `of ${GESTURES * EVENTS}`);
  yield figure("opening: graph, meters, checks", opening.ms + metering.ms + checking.ms, "ms CPU", 1500, "opening");
  yield figure("opening: graph alone", opening.ms, "ms CPU");
  yield figure("memory of graph, meters and checks", memory, "MiB", undefined, "memory");
}

function movableArc(graph: PlanGraph, random: Prng): { readonly id: number; readonly arc: Arc } {
  for (;;) {
    const id = random.int(0, graph.arcs.length - 1);
    const arc = graph.arcs.get(id);
    if (arc && !holdOf(graph, arc)) return { id, arc };
  }
}

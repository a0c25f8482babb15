import { graphOf } from "../../data/coverage/plan-graph/graph-of.ts";
import { historyOf, now, record, redo, undo } from "../../data/coverage/plan-graph/history.ts";
import { MeteredPoints } from "../../data/coverage/plan-graph/metered-points.ts";
import { metersOf, sumMeters, updateMeters } from "../../data/coverage/plan-graph/meters.ts";
import { checkPlan, issuesOf, updateChecks } from "../../data/coverage/plan-graph/plan-checks.ts";
import { serialiseGraph } from "../../data/coverage/plan-graph/serialise.ts";
import { Prng } from "../../data/demo/prng.ts";
import { drawAction } from "../helpers/plan-actions.ts";
import { auditCoverage, auditLinks, groundOf } from "../helpers/plan-audit.ts";
import { outlineOf, planCoverage, planPlaces } from "../helpers/plan-coverage.ts";
import type { Figure } from "./figure.ts";

const ACTIONS = Number(process.env["BENCH_PLAN_ACTIONS"] ?? 10_000);
const SHAPE = { columns: 32, rows: 31, between: 4 };
/** The whole coverage is proved after so many actions; area, links and households after a tenth of it. */
const PROOF_EVERY = 2_000;

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** 10,000 random actions on a county of 1,000 grids: faults of any kind are counted, and none may be. */
export async function* planProperties(): AsyncIterable<Figure> {
  const cells = planCoverage(SHAPE);
  const outline = outlineOf(cells);
  const points = new MeteredPoints(planPlaces(SHAPE, 30_000));
  const opened = graphOf(cells);
  const ground = groundOf(opened);
  const first = serialiseGraph(opened);
  let history = historyOf(opened);
  let meters = metersOf(opened, points);
  let checks = checkPlan(opened);
  const whole = sumMeters(meters);
  const random = new Prng(process.env["BENCH_PLAN_SEED"] ?? "plan-properties");
  const faults = { links: 0, ground: 0, coverage: 0, households: 0, meters: 0, checks: 0 };
  const done = new Map<string, number>();
  let refused = 0;
  const start = process.cpuUsage();
  for (let n = 1; n <= ACTIONS; n++) {
    const { name, result } = drawAction(now(history), random);
    if (result.ok) {
      history = record(history, result.graph, name);
      done.set(name, (done.get(name) ?? 0) + 1);
      meters = updateMeters(meters, result.graph);
      checks = updateChecks(checks, result.graph);
    } else refused++;
    if (n % (PROOF_EVERY / 10) > 0 && n < ACTIONS) continue;
    const graph = now(history);
    faults.links += auditLinks(graph).length;
    if (groundOf(graph) !== ground) faults.ground++;
    const sums = sumMeters(meters);
    if (sums.householdsExact !== whole.householdsExact || sums.householdsEstimated !== whole.householdsEstimated)
      faults.households++;
    if (n % PROOF_EVERY > 0 && n < ACTIONS) continue;
    faults.coverage += auditCoverage(graph, outline).length;
    const again = metersOf(graph, points);
    for (const [id, meter] of again.cells)
      if (JSON.stringify(meters.cells.get(id)) !== JSON.stringify(meter)) faults.meters++;
    if (meters.cells.size !== again.cells.size) faults.meters++;
    if (JSON.stringify(issuesOf(checks)) !== JSON.stringify(issuesOf(checkPlan(graph)))) faults.checks++;
  }
  const { user, system } = process.cpuUsage(start);
  const last = serialiseGraph(now(history));
  while (history.done.length > 1) history = undo(history);
  const undone = same(serialiseGraph(now(history)), first);
  while (history.undone.length > 0) history = redo(history);
  const redone = same(serialiseGraph(now(history)), last);

  const figure = (name: string, value: number, unit: string, goal?: number): Figure => ({
    bench: "plan-properties",
    name,
    value,
    unit,
    ...(goal === undefined ? {} : { goal: `= ${goal}`, ok: value === goal }),
  });
  yield figure("actions drawn", ACTIONS, "actions");
  yield figure("actions done", ACTIONS - refused, "actions");
  for (const [name, count] of [...done].sort()) yield figure(`done: ${name}`, count, "actions");
  yield figure("grids at the end", now(history).cells.size, "grids");
  yield figure("links of the graph that disagree", faults.links, "faults", 0);
  yield figure("proofs of area that failed (exact, lattice)", faults.ground, "faults", 0);
  yield figure("gaps, overlaps and other faults of the coverage (exact, lattice)", faults.coverage, "faults", 0);
  yield figure("sums of households that differ", faults.households, "faults", 0);
  yield figure("meters that differ from a recount", faults.meters, "faults", 0);
  yield figure("lists of issues that differ from a new check", faults.checks, "faults", 0);
  yield figure("undo-all gives the first bytes", Number(undone), "1 = yes", 1);
  yield figure("redo-all gives the last bytes", Number(redone), "1 = yes", 1);
  yield figure("an action with meters, checks and proofs", Math.round((user + system) / 10 / ACTIONS) / 100, "ms CPU");
}

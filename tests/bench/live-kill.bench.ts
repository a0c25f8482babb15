import { type KillResult, killRun } from "../helpers/kill-run.ts";
import type { Figure } from "./figure.ts";

const WRITES = process.env["BENCH_QUICK"] === undefined ? 2_000 : 200;
const WRITERS = 40;
/** Nothing but the number of writes ends it. */
const MOST_MS = 480_000;

function* figures(form: "embedded" | "native", result: KillResult): Iterable<Figure> {
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    bench: "live-kill",
    name: `${form}: ${name}`,
    value: Math.round(value * 100) / 100,
    unit,
    ...more,
  });
  yield figure(`writes acknowledged, kill -9 of ${result.kills.join(" and ")}`, result.acknowledged, "writes", {
    goal: `${WRITES}`,
    ok: result.acknowledged === WRITES,
  });
  yield figure("requests that nobody answered, sent again with their key", result.unanswered, "requests");
  for (const name of ["lost", "doubled", "strange"] as const)
    yield figure(`writes ${name}`, result[name], "writes", { goal: "0", ok: result[name] === 0 });
  yield figure(`clients that hold what SQL says, of ${result.followers}`, result.equal, "clients", {
    goal: `${result.followers}`,
    ok: result.equal === result.followers,
  });
  yield figure("after the last answer until all clients held it", result.equalAfterMs, "ms");
  yield figure("writes a second, restarts among them", result.acknowledged / result.writeSeconds, "1/s");
}

/** Kill -9 of what runs during 2,000 concurrent writes; `BENCH_QUICK=1`: 200. */
export async function* liveKill(): AsyncIterable<Figure> {
  for (const form of ["embedded", "native"] as const)
    yield* figures(form, await killRun({ form, writes: WRITES, mostMs: MOST_MS, writers: WRITERS }));
}

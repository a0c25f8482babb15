import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { COMMAND_LINE } from "../../api/services/identity/administrator.ts";
import { createToken } from "../../api/services/identity/tokens.ts";
import { decodeColumns } from "../../data/columns/format.ts";
import { Prng } from "../../data/demo/prng.ts";
import { round3 } from "./compare-servers.ts";
import { type CountQuestion, type CountRange, heatQuestion, trendQuestion } from "./count-questions.ts";
import { type BenchCounty, benchCounty } from "./data/bench-county.ts";
import type { Figure } from "./figure.ts";
import { keepAlive, median, send } from "./http-load.ts";
import { processCpuMs, type ServerProcess, startServerProcess } from "./server-process.ts";
import { isWantedSize } from "./sizes.ts";

/** Questions that are measured, each another one: no cache has an answer. */
const QUESTIONS = 15;
/** Until the server's code is compiled: what takes milliseconds is otherwise mostly that. */
const WARM_UP = 400;
const REPEATS = 40;

interface Kind {
  readonly bench: "heat" | "trend";
  readonly make: (prng: Prng, range: CountRange) => CountQuestion;
  /** Goals of issue 4: how often less than SQL, at a million and at ten million cases. */
  readonly goals: Readonly<Record<number, number>>;
}

const SIZES = [
  { incidents: 1_000_000, years: 1, label: "1M" },
  { incidents: 10_000_000, years: 10, label: "10M" },
] as const;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Waits until the server holds every case in memory. */
async function loaded(server: ServerProcess, incidents: number): Promise<void> {
  const agent = keepAlive(1);
  for (const started = performance.now(); performance.now() - started < 900_000; ) {
    const { body } = await send(server.address, agent, { path: "/metrics" });
    const rows = /^jingwei_hot_rows(?:\{[^}]*\})? (\d+)/m.exec(body.toString())?.[1];
    if (Number(rows) >= incidents) {
      void agent.destroy();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("the server did not load its cases within 15 minutes");
}

/** Processor time of the database's sessions of this benchmark: others may use the same cluster meanwhile. */
async function sessionsOf(client: pg.Client): Promise<{ cpuMs(): number }> {
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'",
  );
  return { cpuMs: () => rows.reduce((sum, { pid }) => sum + processCpuMs(pid), 0) };
}

async function rangeOf(client: pg.Client, county: string): Promise<CountRange> {
  const { rows } = await client.query<Record<string, number>>(
    `SELECT min(ST_X(geom)) AS west, min(ST_Y(geom)) AS south, max(ST_X(geom)) AS east, max(ST_Y(geom)) AS north,
       floor(extract(epoch FROM min(opened_at)))::int AS first, ceil(extract(epoch FROM max(opened_at)))::int + 1 AS last
     FROM incident WHERE county = $1`,
    [county],
  );
  const majors = await client.query<{ major: string }>(
    "SELECT DISTINCT left(class_code, 2) AS major FROM incident WHERE county = $1 ORDER BY 1",
    [county],
  );
  const [{ west = 0, south = 0, east = 0, north = 0, first = 0, last = 0 } = {}] = rows;
  return {
    county,
    bbox: [west, south, east, north],
    from: first,
    to: last,
    majors: majors.rows.map(({ major }) => major),
  };
}

/** An answer as sorted lines, to be compared to the last case. */
function lines(body: Buffer, keys: readonly string[]): string[] {
  const { rows, columns, dictionaries } = decodeColumns(new Uint8Array(body));
  const value = (name: string, i: number): string | number =>
    name === "name" ? (dictionaries["name"]?.[columns["name"]?.[i] ?? -1] ?? "") : (columns[name]?.[i] ?? 0);
  return Array.from({ length: rows }, (_, i) => [...keys, "count"].map((key) => value(key, i)).join(" ")).sort();
}

async function* compare(kind: Kind, label: string, bench: BenchCounty, incidents: number): AsyncGenerator<Figure> {
  const client = new pg.Client({ connectionString: bench.url });
  await client.connect();
  // The processor time of all workers counts; a plan without them costs least.
  await client.query("SET max_parallel_workers_per_gather = 0");
  await client.query("SET jit = off");
  const server = await startServerProcess("ours", ["--import", "tsx", "tests/bench/peers/own-server.ts"], {
    cwd: root,
    env: { BENCH_URL: bench.url, BENCH_DIR: bench.dir, HOT_MEMORY_MB: "2048" },
  });
  const agent = keepAlive(1);
  try {
    const input = { name: "bench", role: "dispatcher", areaCode: bench.county, days: 1, reason: "bench" } as const;
    const { secret } = await createToken(bench.database, COMMAND_LINE, input, Date.now());
    const headers = { authorization: `Bearer ${secret}` };
    const range = await rangeOf(client, bench.county);
    await loaded(server, incidents);
    const prng = new Prng(`counts/${kind.bench}/${label}`);
    const ask = async (question: CountQuestion): Promise<Buffer> => {
      const { status, body } = await send(server.address, agent, { path: question.path, headers });
      if (status !== 200) throw new Error(`${question.path}: ${status} ${body.toString().slice(0, 300)}`);
      return body;
    };
    for (let n = 0; n < WARM_UP; n++) await ask(kind.make(prng, range));
    const sessions = await sessionsOf(client);
    const [ours, peer, ratios, times]: [number[], number[], number[], number[]] = [[], [], [], []];
    let last: CountQuestion | undefined;
    for (let n = 0; n < QUESTIONS; n++) {
      const question = kind.make(prng, range);
      last = question;
      const before = sessions.cpuMs();
      const { rows } = await client.query<Record<string, string | number>>(question.sql, [...question.values]);
      const sqlMs = sessions.cpuMs() - before;
      const [own, database, started] = [server.cpuMs(), sessions.cpuMs(), performance.now()];
      const body = await ask(question);
      const ownMs = server.cpuMs() - own + sessions.cpuMs() - database;
      times.push(performance.now() - started);
      const expected = rows.map((row) => [...question.keys, "count"].map((key) => row[key]).join(" ")).sort();
      const answer = lines(body, question.keys);
      if (answer.length !== expected.length || answer.some((line, i) => line !== expected[i]))
        throw new Error(`${question.path} is not what SQL counts`);
      ours.push(ownMs);
      peer.push(sqlMs);
      ratios.push(sqlMs / ownMs);
    }
    const goal = kind.goals[incidents] ?? Number.NaN;
    const ratio = round3(median(ratios));
    const figure = { bench: kind.bench, unit: "ms" };
    yield { ...figure, name: `${label}: counting rows in SQL, CPU`, value: round3(median(peer)) };
    yield {
      ...figure,
      name: `${label}: a new question each time, CPU of server and database`,
      value: round3(median(ours)),
      peer: "counting rows in SQL",
      ratio,
      goal: `≥ ${goal}× less`,
      ok: ratio >= goal,
    };
    yield { ...figure, name: `${label}: a new question, time to the answer`, value: round3(median(times)) };
    if (!last) return;
    const before = server.cpuMs();
    for (let n = 0; n < REPEATS; n++) await ask(last);
    yield {
      ...figure,
      name: `${label}: a question that another screen asked before, CPU of the server`,
      value: round3((server.cpuMs() - before) / REPEATS),
    };
  } finally {
    void agent.destroy();
    await server.stop();
    await client.end();
  }
}

async function* counts(kind: Kind): AsyncGenerator<Figure> {
  for (const { incidents, years, label } of SIZES.filter((size) => isWantedSize(size.label))) {
    const bench = await benchCounty({ incidents, years, onProgress: (message) => console.error(message) });
    if ("missing" in bench) {
      console.error(bench.missing);
      return;
    }
    try {
      yield* compare(kind, label, bench, incidents);
    } finally {
      await bench.close();
    }
  }
}

/** Counts of cases in squares over a random window and box, against the same counted by SQL. */
export const heat = (): AsyncIterable<Figure> =>
  counts({ bench: "heat", make: heatQuestion, goals: { 1000000: 100, 10000000: 30 } });

/** Counts of cases by class and day of a year, against the same counted by SQL. */
export const trend = (): AsyncIterable<Figure> =>
  counts({ bench: "trend", make: trendQuestion, goals: { 1000000: 50, 10000000: 100 } });

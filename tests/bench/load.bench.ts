import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { Prng } from "../../data/demo/prng.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import { fromLattice } from "../../data/model/geometry.ts";
import { pointEwkb } from "../../db/ewkb.ts";
import { benchCounty } from "./data/bench-county.ts";
import { benchGeography } from "./data/bench-geography.ts";
import type { Figure } from "./figure.ts";

const POINTS = Number(process.env["BENCH_LOAD_POINTS"] ?? 1_000_000);
const ROUNDS = 3;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** Seconds of processor time that a backend has used; clock ticks of Linux are 10 ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function costIn(client: pg.Client, work: () => Promise<unknown>): Promise<Cost> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const pid = rows[0]?.pid ?? 0;
  const [cpuBefore, started] = [cpuOf(pid), performance.now()];
  await work();
  return { wall: (performance.now() - started) / 1000, cpu: cpuOf(pid) - cpuBefore };
}

function costHere(work: () => void): Cost {
  const [before, started] = [process.cpuUsage(), performance.now()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

/** Points over the county, some outside, in lattice units. */
function scatter(count: number): readonly [Int32Array, Int32Array] {
  const random = new Prng("bench/load");
  const boxes = benchGeography().grids.map(({ box }) => box);
  const [x, y] = [new Int32Array(count), new Int32Array(count)];
  for (let i = 0; i < count; i++) {
    const [west, south, east, north] = random.pick(boxes);
    x[i] = Math.round(random.range(west - (east - west) * 0.05, east + (east - west) * 0.05));
    y[i] = Math.round(random.range(south - (north - south) * 0.05, north + (north - south) * 0.05));
  }
  return [x, y];
}

const TABLE = "(n integer, geom geometry(Point, 4326), code text)";

/** Points into grids: the index in Node against PostGIS's join, then COPY of located points against COPY alone. */
export async function* load(): AsyncIterable<Figure> {
  const county = await benchCounty({ incidents: 10_000 });
  if ("missing" in county) {
    yield { bench: "load", name: `left out: ${county.missing}`, value: 0, unit: "s" };
    return;
  }
  const client = new pg.Client({ connectionString: county.url });
  await client.connect();
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    bench: "load",
    name,
    value: Math.round(value * 1000) / 1000,
    unit,
    ...more,
  });
  try {
    const areas = benchGeography().grids.map(({ area }) => area);
    const [x, y] = scatter(POINTS);
    let index: LocateIndex | undefined;
    yield figure("index of 810 grids", costHere(() => (index = new LocateIndex(areas))).cpu, "s of processor time");
    if (!index) return;
    const located = index;
    const owners = new Int32Array(POINTS);
    await client.query(
      `CREATE TEMP TABLE area AS SELECT code, geom FROM area_version WHERE county = $1 AND level = 'grid'`,
      [county.county],
    );
    await client.query("CREATE INDEX ON area USING gist (geom)");
    await client.query(`CREATE TEMP TABLE point ${TABLE}`);
    await copy(client, "point", x, y, () => null);
    await client.query("ANALYZE area");
    await client.query("ANALYZE point");
    const node: Cost[] = [];
    const join: Cost[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      node.push(
        costHere(() => {
          for (let i = 0; i < POINTS; i++) owners[i] = located.locateLattice(x[i] as number, y[i] as number).owner;
        }),
      );
      await client.query("DROP TABLE IF EXISTS joined");
      join.push(
        await costIn(client, () =>
          client.query(
            `CREATE TEMP TABLE joined AS SELECT p.n, min(a.code COLLATE "C") AS code
             FROM point p JOIN area a ON ST_Covers(a.geom, p.geom) GROUP BY p.n`,
          ),
        ),
      );
    }
    const different = await compare(client, located.codes, owners);
    const [nodeCpu, joinCpu] = [median(node.map(({ cpu }) => cpu)), median(join.map(({ cpu }) => cpu))];
    yield figure(`${POINTS} points to grids in Node`, nodeCpu, "s of processor time");
    yield figure(`${POINTS} points to grids by PostGIS's join`, joinCpu, "s of processor time");
    yield figure("join / Node", joinCpu / nodeCpu, "ratio", { goal: ">= 10", ok: joinCpu / nodeCpu >= 10 });
    yield figure("points that fall elsewhere", different, "points", { goal: "0", ok: different === 0 });
    const plain: number[] = [];
    const placed: number[] = [];
    const code = (i: number): string | null => {
      const { owner } = located.locateLattice(x[i] as number, y[i] as number);
      return owner < 0 ? null : (located.codes[owner] as string);
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [times, codeOf] of [
        [plain, () => null],
        [placed, code],
      ] as const) {
        await client.query("DROP TABLE IF EXISTS target");
        await client.query(`CREATE UNLOGGED TABLE target ${TABLE}`);
        times.push((await costIn(client, () => copy(client, "target", x, y, codeOf))).wall);
      }
    }
    await client.query("DROP TABLE target");
    yield figure(`COPY of ${POINTS} points`, median(plain), "s");
    yield figure(`COPY of ${POINTS} points that are located on the way`, median(placed), "s");
    const share = median(plain) / median(placed);
    yield figure("rate of COPY that locating leaves", share, "ratio", { goal: ">= 0.6", ok: share >= 0.6 });
  } finally {
    await client.end();
    await county.close();
  }
}

/** Points whose grid is another in Node than in the table `joined`. */
async function compare(client: pg.Client, codes: readonly string[], owners: Int32Array): Promise<number> {
  const { rows } = await client.query<{ n: number; code: string }>({ text: "SELECT n, code FROM joined" });
  const bySql = new Map(rows.map(({ n, code }) => [n, code]));
  let different = 0;
  for (let i = 0; i < owners.length; i++) {
    const here = (owners[i] as number) < 0 ? undefined : codes[owners[i] as number];
    if (here !== bySql.get(i)) different++;
  }
  return different;
}

async function copy(
  client: pg.Client,
  table: string,
  x: Int32Array,
  y: Int32Array,
  codeOf: (i: number) => string | null,
): Promise<void> {
  function* lines(): Generator<string> {
    for (let start = 0; start < x.length; start += 5000) {
      let text = "";
      for (let i = start; i < Math.min(x.length, start + 5000); i++)
        text += `${i}\t${pointEwkb([fromLattice(x[i] as number), fromLattice(y[i] as number)])}\t${codeOf(i) ?? "\\N"}\n`;
      yield text;
    }
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
}

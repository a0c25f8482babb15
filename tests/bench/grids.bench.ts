import { isDeepStrictEqual } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { type BenchCluster, benchCluster, emptyDatabase } from "./bench-cluster.ts";
import { type Contender, compareServers, type Measured, round3 } from "./compare-servers.ts";
import type { Figure } from "./figure.ts";
import { keepAlive, type LoadRequest, send } from "./http-load.ts";

/** Rounds; each asks every server in turn. */
const ROUNDS = 7;
const COUNT = 200;
/** Until code and plans are warm: below, all sides mostly measure V8's compiler, which takes thousands of requests. */
const WARM = 400;
const WARM_LOAD = 6_000;
const LOAD_COUNT = 1_000;
/** Goals of issue 4. */
const MOST_CPU = 1.6;
const LEAST_RATE = 5;
/** Asked what its peers are asked, as it is started. */
const OURS = "ours";
/** Asked for another instant each time, so that nothing answered before can be given again. */
const OURS_ANEW = "ours, every answer made anew";

const FIELDS = "code name level kind urban areaM2 label geometry";
const COUNTS = "compounds buildings households cameras camerasOnline staff { kind count }";
export const GRIDS_DOCUMENT = `query Grids($inside: String!, $at: DateTime) {
  areas(filter: { inside: $inside, levels: [GRID, MICRO], at: $at }) { nodes { ${FIELDS} counts { ${COUNTS} } } }
}`;
const NAIVE_DOCUMENT = `query Grids($county: String!, $inside: String!, $at: String!) {
  areas(county: $county, inside: $inside, at: $at) { nodes { ${FIELDS} counts { ${COUNTS} } } }
}`;
/** PostGraphile 4 has geometry as GeoJSON by its plugin, 5 by a function, having no codec for it. */
const postgraphileDocument = (
  geometry: string,
): string => `query Grids($county: String!, $inside: String!, $at: Datetime!) {
  gridsInsideList(county: $county, inside: $inside, at: $at) { code name level kind urban areaM2 lonLat ${geometry}
    figures(at: $at) staffList(at: $at) { kind count } }
}`;

const post = (query: string, variables: object, headers: Readonly<Record<string, string>> = {}): LoadRequest => ({
  path: "/graphql",
  body: JSON.stringify({ query, variables }),
  headers,
});

/** Communities with three to five grids and micro-grids. */
function communities(dataset: CountyDataset): string[] {
  const grids = new Map<string, number>();
  for (const { level, code } of dataset.areas)
    if (level === "grid" || level === "micro") grids.set(code.slice(0, 12), (grids.get(code.slice(0, 12)) ?? 0) + 1);
  return [...grids].filter(([, count]) => count >= 3 && count <= 5).map(([code]) => code);
}

const dataOf = async (address: string, request: LoadRequest): Promise<unknown> => {
  const agent = keepAlive(1);
  const { status, body } = await send(address, agent, request);
  void agent.destroy();
  const answer = JSON.parse(body.toString()) as { data?: unknown; errors?: unknown };
  if (status !== 200 || answer.errors)
    throw new Error(`${address}: ${status} ${JSON.stringify(answer.errors ?? answer).slice(0, 500)}`);
  return answer.data;
};

async function contenders(cluster: BenchCluster, dataset: CountyDataset): Promise<[Contender[], string[]]> {
  const { county } = dataset.profile;
  const places = communities(dataset);
  const at = new Date().toISOString();
  const place = (n: number): string => places[n % places.length] ?? county;
  const variables = (n: number) => ({ county, inside: place(n), at });
  const authorization = await cluster.token(county, "dispatcher");
  const anew = (n: number): LoadRequest =>
    post(
      GRIDS_DOCUMENT,
      { inside: place(n), at: new Date(Date.now() - 1000 + (n % 997)).toISOString() },
      { authorization },
    );
  const list: Contender[] = [
    {
      name: "floor",
      server: await cluster.startOwn("floor", "floor-server.ts"),
      request: (n) => ({ path: `/grids?county=${county}&inside=${place(n)}&at=${at}` }),
    },
  ];
  const own = await cluster.startOwn("ours", "own-server.ts");
  list.push({
    name: OURS,
    server: own,
    request: (n) => post(GRIDS_DOCUMENT, { inside: place(n) }, { authorization }),
  });
  list.push({ name: OURS_ANEW, server: own, request: anew });
  list.push({
    name: "Apollo, naive",
    server: await cluster.startOwn("naive", "naive-server.ts"),
    request: (n) => ({ ...post(NAIVE_DOCUMENT, variables(n)), path: "/" }),
  });
  const missing: string[] = [];
  for (const [peer, geometry] of [
    ["postgraphile4", "geom { geojson }"],
    ["postgraphile5", "geojson"],
  ] as const) {
    const server = await cluster.startPeer(peer);
    if ("missing" in server) missing.push(server.missing);
    else list.push({ name: peer, server, request: (n) => post(postgraphileDocument(geometry), variables(n)) });
  }
  return [list, missing];
}

/** Each server must answer the same areas with the same figures before its cost is compared. */
async function requireEqual(list: readonly Contender[]): Promise<void> {
  const flat = (data: unknown): unknown => {
    const { areas, gridsInsideList } = data as Record<string, unknown>;
    if (areas) return areas;
    return {
      nodes: (gridsInsideList as Record<string, unknown>[]).map(
        ({ lonLat, geojson, geom, figures, staffList, level, kind, ...rest }) => ({
          ...rest,
          level: String(level).toUpperCase(),
          kind: String(kind).toUpperCase(),
          label: lonLat,
          geometry: geojson ?? (geom as { geojson: unknown }).geojson,
          counts: {
            ...(figures as object),
            staff: (staffList as { kind: string; count: number }[]).map((one) => ({
              ...one,
              kind: one.kind.toUpperCase(),
            })),
          },
        }),
      ),
    };
  };
  /** Coordinates at seven decimals, object keys in any order. */
  const rounded = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, one) => (typeof one === "number" ? Math.round(one * 1e7) / 1e7 : one)),
      (key, one) => (key === "crs" ? undefined : one),
    );
  for (const n of [0, 1, 2]) {
    const [first, ...others] = await Promise.all(
      list.map(async ({ name, server, request }) => ({
        name,
        data: rounded(flat(await dataOf(server.address, request(n)))),
      })),
    );
    for (const { name, data } of others)
      if (!isDeepStrictEqual(first?.data, data))
        throw new Error(`${name} answers something else:\n${JSON.stringify(data)}\n${JSON.stringify(first?.data)}`);
  }
}

const bytesOf = async ({ server, request }: Contender): Promise<{ plain: number; brotli: number }> => {
  const agent = keepAlive(1);
  const { body } = await send(server.address, agent, request(0));
  void agent.destroy();
  const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  return { plain: body.length, brotli: brotli.length };
};

function* figures(measured: readonly Measured[]): Iterable<Figure> {
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    bench: "grids",
    name,
    value: round3(value),
    unit,
    ...more,
  });
  const ours = measured.filter(({ name }) => name === OURS || name === OURS_ANEW);
  for (const { name, cpuMs, serverMs, ratio, p50Ms, perSecond } of measured) {
    const goal = ours.some((one) => one.name === name) ? { goal: `<= ${MOST_CPU}`, ok: ratio <= MOST_CPU } : {};
    yield figure(
      `${name}: processor time per request (server ${round3(serverMs)}, p50 ${round3(p50Ms)} ms)`,
      cpuMs,
      "ms",
      {
        peer: "floor",
        ratio: round3(ratio),
        ...goal,
      },
    );
    yield figure(`${name}: requests per second at 16 connections`, perSecond, "1/s");
  }
  for (const { name, perSecond } of ours)
    for (const peer of measured.filter((one) => one.name.startsWith("postgraphile"))) {
      const ratio = perSecond / peer.perSecond;
      yield figure(`${name}, to ${peer.name}: requests per second`, ratio, "ratio", {
        peer: peer.name,
        ratio: round3(ratio),
        ...(name === OURS ? { goal: `>= ${LEAST_RATE}`, ok: ratio >= LEAST_RATE } : {}),
      });
    }
}

/** A community's grids with boundary, counts and staff: ours through Apollo against the floor and its peers. */
export async function* grids(): AsyncIterable<Figure> {
  const database = await emptyDatabase();
  if ("missing" in database) {
    yield { bench: "grids", name: `left out: ${database.missing}`, value: 0, unit: "ratio" };
    return;
  }
  const cluster = await benchCluster(database);
  try {
    const now = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000).toISOString();
    const dataset = generate(DEMO_PROFILES.yungang, "jingwei", now);
    await loadReference(cluster.database, CLASS_CODES);
    await loadCounty(cluster.database, dataset, { now });
    // Otherwise autovacuum does it somewhere in the middle of the run, and plans change between two contenders.
    await cluster.one("VACUUM (ANALYZE)", []);
    const [list, missing] = await contenders(cluster, dataset);
    for (const reason of missing) yield { bench: "grids", name: `left out: ${reason}`, value: 0, unit: "ratio" };
    await requireEqual(list);
    yield* figures(
      await compareServers(cluster, list, {
        rounds: ROUNDS,
        count: COUNT,
        warm: WARM,
        warmLoad: WARM_LOAD,
        loadCount: LOAD_COUNT,
      }),
    );
    for (const contender of list) {
      const { plain, brotli } = await bytesOf(contender);
      yield {
        bench: "grids",
        name: `${contender.name}: bytes of an answer (brotli 4: ${brotli})`,
        value: plain,
        unit: "B",
      };
    }
  } finally {
    await cluster.stop();
  }
}

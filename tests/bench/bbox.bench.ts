import { brotliCompressSync, constants } from "node:zlib";
import { decodeColumns } from "../../data/columns/format.ts";
import { type BenchCluster, benchCluster } from "./bench-cluster.ts";
import { type Contender, compareServers, type Measured, round3 } from "./compare-servers.ts";
import { benchCounty } from "./data/bench-county.ts";
import type { Figure } from "./figure.ts";
import { keepAlive, type LoadRequest, median, send } from "./http-load.ts";

/** Sizes of the answer in rows, with the rounds and requests a round that each is worth. */
const SIZES = [
  { rows: 2_000, rounds: 7, count: 10, warm: 30, columns: undefined, binary: undefined },
  { rows: 20_000, rounds: 7, count: 4, warm: 30, columns: 0.9, binary: 0.05 },
  { rows: 200_000, rounds: 7, count: 3, warm: 10, columns: 0.9, binary: 0.1 },
] as const;
/** How much less than PostGraphile binary columns cost, and how many bytes they are of compressed rows (issue 4). */
const LESS_THAN_POSTGRAPHILE = 40;
const MOST_BYTES = 0.45;
const INCIDENTS = 1_000_000;
/** What all are asked for: the fields of the rows. */
const FIELDS = "ref,lon,lat,class,state,opened";
/** MapServer's name in the table, and how many features a page of its OGC API has at most. */
const MAPSERVER = "MapServer 8, OGC API in GeoJSON, all attributes";
const MOST_ITEMS = 10_000;
/** How long the cases may take into memory, ms. */
const LOAD_MS = 120_000;

const COLUMNS_DOCUMENT = `query Box($filter: IncidentFilter!) {
  incidentColumns(filter: $filter, fields: [REF, LON, LAT, CLASS, STATE, OPENED])
}`;
const ROWS_DOCUMENT = `query Box($county: String!, $west: Float!, $south: Float!, $east: Float!, $north: Float!, $from: Datetime!, $to: Datetime!) {
  casesInBoxList(county: $county, west: $west, south: $south, east: $east, north: $north, since: $from, until: $to) {
    ref lon lat classCode state openedAt } }`;

interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

interface Window {
  readonly county: string;
  readonly from: string;
  readonly to: string;
}

const post = (query: string, variables: object, headers: Readonly<Record<string, string>> = {}): LoadRequest => ({
  path: "/graphql",
  body: JSON.stringify({ query, variables }),
  headers,
});

/** A box around the middle of the cases that holds about so many of them, by a sample of one case in a hundred. */
async function boxOf(cluster: BenchCluster, { county, from, to }: Window, rows: number): Promise<Box> {
  const { points } = (await cluster.one(
    `SELECT json_agg(json_build_array(ST_X(i.geom), ST_Y(i.geom))) AS points FROM incident i TABLESAMPLE SYSTEM (1)
     WHERE i.county = $1 AND i.opened_at >= $2 AND i.opened_at < $3`,
    [county, from, to],
  )) as { points: [lon: number, lat: number][] };
  const lon = median(points.map(([x]) => x));
  const lat = median(points.map(([, y]) => y));
  // Twice as wide as high: how large a box must be to reach each point.
  const reaches = points.map(([x, y]) => Math.max(Math.abs(x - lon), 2 * Math.abs(y - lat))).sort((m, n) => m - n);
  const size = reaches[Math.floor((reaches.length * rows) / INCIDENTS)] ?? Number.NaN;
  return { west: lon - size, south: lat - size / 2, east: lon + size, north: lat + size / 2 };
}

const answerOf = async ({ server, request }: Contender): Promise<Buffer> => {
  const agent = keepAlive(1);
  const { status, body } = await send(server.address, agent, request(0));
  void agent.destroy();
  if (status !== 200) throw new Error(`${server.name}: ${status} ${body.toString().slice(0, 300)}`);
  return body;
};

/** Numbers of the cases in an answer, of whatever form. */
function refsOf(name: string, body: Buffer): number[] {
  if (name.includes("binary")) return [...(decodeColumns(body).columns["ref"] ?? [])].map(Number).sort((a, b) => a - b);
  const answer = JSON.parse(body.toString()) as Record<string, unknown>;
  if (answer["errors"]) throw new Error(`${name}: ${JSON.stringify(answer["errors"]).slice(0, 300)}`);
  const { incidentColumns, casesInBoxList } = (answer["data"] ?? {}) as {
    incidentColumns?: { columns: { ref: number[] } };
    casesInBoxList?: { ref: number }[];
  };
  const features = answer["features"] as { id: string }[] | undefined;
  const rows = (answer["incidents"] ?? casesInBoxList ?? features?.map(({ id }) => ({ ref: id }))) as
    | { ref: number | string }[]
    | undefined;
  const refs = incidentColumns?.columns.ref ?? rows?.map(({ ref }) => Number(ref));
  if (!refs) throw new Error(`${name} gave no cases`);
  return [...refs].sort((a, b) => a - b);
}

const brotli = (body: Buffer): number =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).length;

/** Waits until our server holds the cases in memory: its own metrics say so. */
async function untilHot(contender: Contender): Promise<void> {
  const agent = keepAlive(1);
  const until = Date.now() + LOAD_MS;
  for (;;) {
    const { body } = await send(contender.server.address, agent, { path: "/metrics" });
    const rows = [...body.toString().matchAll(/^jingwei_hot_rows\S* (\d+)/gm)].map(([, value]) => Number(value));
    if (rows.some((count) => count >= INCIDENTS)) break;
    if (Date.now() > until) throw new Error("the cases did not get into memory");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  void agent.destroy();
}

function* figures(
  size: (typeof SIZES)[number],
  found: number,
  measured: readonly Measured[],
  bytes: ReadonlyMap<string, number>,
): Iterable<Figure> {
  const rows = `${size.rows / 1000}k`;
  const cpuOf = (name: string): number => measured.find((one) => one.name === name)?.cpuMs ?? Number.NaN;
  yield { bench: "bbox", name: `${rows}: cases in the box`, value: found, unit: "rows" };
  for (const { name, cpuMs, serverMs, ratio, p50Ms } of measured) {
    const most = name === "ours, binary" ? size.binary : name.endsWith("columns") ? size.columns : undefined;
    yield {
      bench: "bbox",
      name: `${rows}: ${name}: processor time per request (server ${round3(serverMs)}, p50 ${round3(p50Ms)} ms)`,
      value: round3(cpuMs),
      unit: "ms",
      peer: "floor",
      ratio: round3(ratio),
      ...(most === undefined ? {} : { goal: `<= ${most}`, ok: ratio <= most }),
    };
  }
  for (const peer of ["postgraphile4", "postgraphile5"]) {
    const less = cpuOf(peer) / cpuOf("ours, binary");
    if (Number.isNaN(less)) continue;
    yield {
      bench: "bbox",
      name: `${rows}: ${peer} to ours, binary: processor time`,
      value: round3(less),
      unit: "ratio",
      peer,
      ratio: round3(less),
      ...(size.binary === undefined
        ? {}
        : { goal: `>= ${LESS_THAN_POSTGRAPHILE}`, ok: less >= LESS_THAN_POSTGRAPHILE }),
    };
  }
  const rowBytes = bytes.get("postgraphile4") ?? bytes.get("postgraphile5");
  for (const [name, size4] of bytes) {
    const ratio = rowBytes === undefined ? undefined : size4 / rowBytes;
    yield {
      bench: "bbox",
      name: `${rows}: ${name}: bytes with brotli 4`,
      value: size4,
      unit: "B",
      ...(ratio === undefined ? {} : { peer: "GraphQL rows", ratio: round3(ratio) }),
      ...(ratio !== undefined && name === "ours, packed binary" && size.binary !== undefined
        ? { goal: `<= ${MOST_BYTES}`, ok: ratio <= MOST_BYTES }
        : {}),
    };
  }
}

/** Cases in a box of 2,000, 20,000 and 200,000: GraphQL in columns and binary columns against the floor and its peers. */
export async function* bbox(): AsyncIterable<Figure> {
  const bench = await benchCounty({ incidents: INCIDENTS });
  if ("missing" in bench) {
    yield { bench: "bbox", name: `left out: ${bench.missing}`, value: 0, unit: "ratio" };
    return;
  }
  const cluster = await benchCluster(bench);
  try {
    const { county } = bench;
    const window: Window = {
      county,
      from: new Date(bench.now - 366 * 86_400_000).toISOString(),
      to: new Date(bench.now + 86_400_000).toISOString(),
    };
    const authorization = await cluster.token(county, "dispatcher");
    const floor = await cluster.startOwn("floor", "floor-server.ts");
    const own = await cluster.startOwn("ours", "own-server.ts");
    const peers = [];
    for (const name of ["postgraphile4", "postgraphile5"] as const) {
      const server = await cluster.startPeer(name);
      if ("missing" in server) yield { bench: "bbox", name: `left out: ${server.missing}`, value: 0, unit: "ratio" };
      else peers.push({ name, server });
    }
    const mapserver = await cluster.startMapServer(county);
    if ("missing" in mapserver)
      yield { bench: "bbox", name: `left out: ${mapserver.missing}`, value: 0, unit: "ratio" };
    await untilHot({ name: "ours", server: own, request: () => ({ path: "/metrics" }) });
    for (const size of SIZES) {
      const box = await boxOf(cluster, window, size.rows);
      const text = new URLSearchParams({ ...window, ...mapValues(box) }).toString();
      const corners = `${box.west},${box.south},${box.east},${box.north}`;
      const query = new URLSearchParams({ ...window, bbox: corners }).toString();
      const filter = { inside: county, from: window.from, to: window.to, bbox: box };
      const list: Contender[] = [
        { name: "floor", server: floor, request: () => ({ path: `/bbox?${text}` }) },
        { name: "ours, columns", server: own, request: () => post(COLUMNS_DOCUMENT, { filter }, { authorization }) },
        {
          name: "ours, binary",
          server: own,
          request: () => ({ path: `/columns/incidents?${query}&fields=${FIELDS}`, headers: { authorization } }),
        },
        {
          name: "ours, all twelve columns in binary",
          server: own,
          request: () => ({ path: `/columns/incidents?${query}`, headers: { authorization } }),
        },
        ...peers.map(({ name, server }) => ({
          name,
          server,
          request: () => post(ROWS_DOCUMENT, { ...window, ...box }),
        })),
      ];
      // One page of its OGC API has ten thousand features at most, with all of their attributes.
      if (!("missing" in mapserver) && size.rows <= MOST_ITEMS)
        list.push({ name: MAPSERVER, server: mapserver, request: () => ({ path: `/items?bbox=${corners}` }) });
      const packed: Contender = {
        name: "ours, packed binary",
        server: own,
        request: () => ({
          path: `/columns/incidents?${query}&fields=${FIELDS}&encoding=packed`,
          headers: { authorization },
        }),
      };
      const bytes = new Map<string, number>();
      let expected: number[] | undefined;
      for (const contender of [...list, packed]) {
        const body = await answerOf(contender);
        bytes.set(contender.name, brotli(body));
        const refs = refsOf(contender.name, body);
        expected ??= refs;
        if (refs.length !== expected.length || refs.some((ref, i) => ref !== expected?.[i]))
          throw new Error(`${contender.name} gives ${refs.length} cases, the floor ${expected.length}`);
      }
      const measured = await compareServers(cluster, list, { rounds: size.rounds, count: size.count, warm: size.warm });
      yield* figures(size, expected?.length ?? 0, measured, bytes);
    }
  } finally {
    await cluster.stop();
  }
}

const mapValues = (values: object): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

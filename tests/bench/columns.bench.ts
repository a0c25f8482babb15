import { brotliCompressSync, constants } from "node:zlib";
import { binByDay } from "../../data/columns/bin-by-day.ts";
import { BoxIndex } from "../../data/columns/box-index.ts";
import { heatCells } from "../../data/columns/cell-counts.ts";
import { decodeColumns, encodeColumns, NULL_TIME, packColumns } from "../../data/columns/format.ts";
import { hashRows } from "../../data/columns/hash-rows.ts";
import { type IncidentColumns, incidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import { rankByArea } from "../../data/columns/rank-by-area.ts";
import { RowFilter } from "../../data/columns/select.ts";
import { SLAB_ROWS, slabPlan } from "../../data/columns/slab-plan.ts";
import { IncidentStore } from "../../data/columns/store.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { realisticIncidents } from "../helpers/realistic-incidents.ts";
import type { Figure } from "./figure.ts";

const MILLION = 1_000_000;
const YEAR = 365 * 86_400;
/** Millions of rows of the larger measurement; 0 leaves it out. */
const MILLIONS = Number(process.env["BENCH_COLUMNS_MILLIONS"] ?? 10);
/** The engine takes some ten calls to compile a function for good. */
const ROUNDS = 31;

const figure = (name: string, value: number, unit: string, goal?: number): Figure => ({
  bench: "columns",
  name,
  value: Math.round(value * 1000) / 1000,
  unit,
  ...(goal === undefined ? {} : { goal: `<= ${goal}`, ok: value <= goal }),
});

/** Median of processor milliseconds. */
function cpuMs(work: () => unknown, rounds = ROUNDS): number {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[rounds >> 1] as number;
}

const brotli = (bytes: Uint8Array | string): number =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).length;

/** The rows as GraphQL would answer them. */
function asJson(columns: IncidentColumns): string {
  const time = (seconds: number): string | null =>
    seconds === NULL_TIME ? null : new Date(seconds * 1000).toISOString();
  return JSON.stringify(
    Array.from({ length: columns.rows }, (_, i) => ({
      ref: columns.ref[i],
      point: [(columns.lon[i] as number) / 1e7, (columns.lat[i] as number) / 1e7],
      openedAt: time(columns.opened[i] as number),
      closedAt: time(columns.closed[i] as number),
      dueAt: time(columns.due[i] as number),
      classCode: columns.classes[columns.classIndex[i] as number],
      state: INCIDENT_STATES[columns.state[i] as number],
      severity: INCIDENT_SEVERITIES[columns.severity[i] as number],
      source: INCIDENT_SOURCES[columns.source[i] as number],
      grid: columns.grid[i] === NO_GRID ? null : columns.grids[columns.grid[i] as number],
      flags: columns.flags[i],
    })),
  );
}

/** A store of so many years of a million cases each, filled newest first. */
function storeOf(year: IncidentColumns, years: number): IncidentStore {
  const store = new IncidentStore({
    county: year.county,
    version: year.version,
    asOf: year.asOf,
    classes: year.classes,
    grids: year.grids,
    expect: year.rows * years,
  });
  for (let back = 0; back < years; back++) {
    const earlier = (times: Int32Array): Int32Array =>
      times.map((seconds) => (seconds === NULL_TIME ? NULL_TIME : seconds - back * YEAR));
    store.appendSlab({
      ...year,
      opened: earlier(year.opened),
      closed: earlier(year.closed),
      due: earlier(year.due),
      ref: year.ref.map((ref) => ref + back * year.rows),
    });
  }
  return store;
}

function* functions(store: IncidentStore, label: string, goals: { readonly heat: number }): Generator<Figure> {
  const rounds = store.count > MILLION ? 15 : ROUNDS;
  const ms = (name: string, work: () => unknown, goal?: number): Figure =>
    figure(`${label}: ${name}`, cpuMs(work, rounds), "ms", goal);
  const all = new RowFilter(store, {}, store.asOf);
  const cells = { west: 1_125_000_000, south: 398_000_000, edgeX: 36_000, edgeY: 20_000, across: 108, down: 120 };
  const some = { classes: ["01", "06"], withoutSuspicious: true };
  yield figure(`${label}: memory with the index by ref`, store.bytes / store.count, "bytes a row");
  yield ms("heat, 108 × 120 cells", () => heatCells(store, {}, store.asOf, cells), goals.heat);
  yield ms("heat without suspicious", () => heatCells(store, { withoutSuspicious: true }, store.asOf, cells));
  yield ms("heat of some classes", () => heatCells(store, some, store.asOf, cells));
  const days = (filter: object) => binByDay(store, filter, store.asOf, "Asia/Shanghai", "class", store.classes.length);
  yield ms("class by day", () => days({}));
  yield ms("class by day, some classes", () => days(some));
  yield ms("towns ranked", () => rankByArea(store, {}, store.asOf, "town"));
  yield ms("slab plan", () => slabPlan(store, all));
  yield ms("hash of everything", () => hashRows(store, all));
  const index = new BoxIndex(store);
  const box = (edge: number) => [1_126_000_000, 398_800_000, 1_126_000_000 + edge, 398_800_000 + edge] as const;
  yield figure(
    `${label}: index of boxes`,
    cpuMs(() => index.rows(box(1), all), 1),
    "ms",
  );
  yield figure(`${label}: memory with both indexes`, (store.bytes + index.bytes) / store.count, "bytes a row", 48);
  for (const edge of [60_000, 200_000, 480_000, 1_400_000]) {
    const rows = index.rows(box(edge), all).length;
    yield ms(`box of ${rows} rows`, () => index.rows(box(edge), all));
  }
}

/** The column module itself: bytes on the wire, memory, and what its functions take. */
export async function* columns(): AsyncIterable<Figure> {
  const slab = realisticIncidents(SLAB_ROWS, "slab");
  const packed = packColumns(slab);
  const json = brotli(asJson(incidentColumns(slab)));
  yield figure("packed slab, brotli 4", brotli(packed) / slab.rows, "bytes a row");
  yield figure("plain slab, brotli 4", brotli(encodeColumns(slab)) / slab.rows, "bytes a row");
  yield figure("the same as JSON rows, brotli 4", json / slab.rows, "bytes a row");
  yield figure("packed / JSON rows", brotli(packed) / json, "ratio", 0.45);
  yield figure("packing", packed.length / 1000 / cpuMs(() => packColumns(slab)), "MB/s");
  const speed = packed.length / 1000 / cpuMs(() => decodeColumns(packed));
  yield { ...figure("unpacking", speed, "MB/s"), goal: ">= 50", ok: speed >= 50 };
  const year = incidentColumns(realisticIncidents(MILLION, "year", 365));
  yield* functions(storeOf(year, 1), "1M", { heat: 3 });
  if (MILLIONS > 0) yield* functions(storeOf(year, MILLIONS), `${MILLIONS}M`, { heat: 3.5 * MILLIONS });
}

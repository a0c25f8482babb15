import { setImmediate } from "node:timers/promises";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import { firstRowAt } from "../../data/columns/incident-columns.ts";
import { IncidentStore } from "../../data/columns/store.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { caseChanges } from "../../db/repositories/hot-changes-repository.ts";
import {
  type CasePlace,
  codesBeyond,
  countCases,
  type HotStart,
  hotStart,
  placeOfChunk,
  readCaseChunk,
  UnknownCode,
} from "../../db/repositories/hot-repository.ts";
import { LoadedCounty } from "./loaded-county.ts";

/**
 * Cases read at once. Native: enough that the start of a statement costs nothing beside its rows. Embedded: the one
 * connection is held for about 50 ms (estimated at 10 µs a row), so that screens need not wait for a load.
 */
export const CHUNK_ROWS = { native: 200_000, embedded: 4_000 } as const;
/** Room for what comes while the county is read. */
const SPARE_ROWS = 1024;
/** How often a load begins anew because a load of the county itself came between. */
const MAX_ATTEMPTS = 3;

export interface LoadOptions {
  /** Cases that there is memory for, the newest of so many; infinity where all fit. */
  readonly roomFor: (cases: number) => number;
  /** Bytes that counts made ahead may take beside cases that take so many; none when absent. */
  readonly roomAhead?: (cases: number, bytes: number) => number;
  /** Gives up between two chunks. */
  readonly signal: AbortSignal;
  readonly chunkRows?: number;
}

/** Something touched the county while it was read: read it anew. */
class Overtaken extends Error {}

/**
 * Reads a county's cases into memory, newest first, in the system's scope and in chunks of a transaction each; what changes
 * meanwhile is read again by id at the end, so that the result is exact for one version.
 *
 * @returns undefined when there is no such county, no room for any of its cases, or it was told to give up
 */
export async function loadHotCounty(
  database: Database,
  county: string,
  options: LoadOptions,
): Promise<LoadedCounty | undefined> {
  const inCounty = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction({ kind: "county", county }, work);
  let more: Pick<HotStart, "classes" | "grids"> = { classes: [], grids: [] };
  for (let attempt = 1; ; attempt++) {
    const start = await inCounty((tx) => hotStart(tx, county));
    if (!start || options.signal.aborted) return undefined;
    const dictionaries = {
      classes: [...new Set([...start.classes, ...more.classes])].sort(),
      grids: [...new Set([...start.grids, ...more.grids])].sort(),
    };
    try {
      return await load(inCounty, county, { ...start, ...dictionaries }, options, CHUNK_ROWS[database.form]);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !(error instanceof UnknownCode || error instanceof Overtaken)) throw error;
      if (error instanceof UnknownCode) more = await inCounty((tx) => codesBeyond(tx, county, start));
    }
  }
}

type InCounty = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

async function load(
  inCounty: InCounty,
  county: string,
  start: HotStart,
  { roomFor, roomAhead, signal, chunkRows }: LoadOptions,
  usualRows: number,
): Promise<LoadedCounty | undefined> {
  const cases = await inCounty((tx) => countCases(tx, county));
  const room = roomFor(cases);
  if (room <= 0) return undefined;
  const store = new IncidentStore({
    county,
    version: dataVersion({ contentVersion: start.contentVersion, liveVersion: String(start.liveVersion) }),
    asOf: 0,
    classes: start.classes,
    grids: start.grids,
    expect: Math.min(cases, room) + SPARE_ROWS,
  });
  let before: CasePlace | undefined;
  let from = Number.NEGATIVE_INFINITY;
  for (let left = room; ; ) {
    // Requests that wait go first.
    await setImmediate();
    if (signal.aborted) return undefined;
    const size = Math.min(chunkRows ?? usualRows, left);
    const { chunk, place } = await inCounty(async (tx) => {
      const found = await placeOfChunk(tx, county, before, size);
      return { place: found, chunk: await readCaseChunk(tx, county, start, found, before, size) };
    });
    left -= chunk.rows;
    if (place && left <= 0) from = Math.floor(Date.parse(place.openedAt) / 1000) + 1;
    if (!store.appendSlab(openedFrom(chunk, from))) throw new UnknownCode();
    if (!place || left <= 0) break;
    before = place;
  }
  const loaded = new LoadedCounty(store, start.contentVersion, start.liveVersion, start.seq, from);
  const changes = await inCounty((tx) => caseChanges(tx, county, loaded.liveVersion, loaded.seq));
  if (!changes || !loaded.apply(changes)) throw new Overtaken();
  for (const _ of loaded.countAhead(roomAhead?.(store.count, store.bytes) ?? 0)) {
    await setImmediate();
    if (signal.aborted) return undefined;
  }
  return loaded;
}

/** The rows of a chunk that were opened at or after an instant (epoch seconds). */
const openedFrom = (chunk: IncidentColumns, from: number): IncidentColumns =>
  from === Number.NEGATIVE_INFINITY ? chunk : { ...chunk, first: firstRowAt(chunk.opened, from, 0, chunk.rows) };

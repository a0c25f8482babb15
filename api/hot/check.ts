import { gatherTable } from "../../data/columns/gather.ts";
import { type IncidentColumns, incidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import { fromLattice } from "../../data/model/geometry.ts";
import { INCIDENT_STATES } from "../../data/model/incident.ts";
import { incidentCut } from "../../data/policy/incident-cut.ts";
import { ROLES } from "../../data/policy/roles.ts";
import { mayRead, type Viewer } from "../../data/policy/viewer.ts";
import type { Database } from "../../db/driver.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import type { IncidentListFilter } from "../../db/repositories/incident-filter.ts";
import type { ErrorLog } from "../errors.ts";
import { aheadIsExact } from "./check-ahead.ts";
import type { CountySlot } from "./county-slot.ts";
import type { HotCounties } from "./hot-counties.ts";
import { hotRows } from "./hot-rows.ts";
import { tableHash } from "./slab-book.ts";

/** Pause between two checks, on average: each county is asked about twice a minute where one is held. */
const EVERY_MS = 30_000;
/** Cases that a question reaches over, about: SQL answers it within milliseconds. */
const REACH = 1000;
/** How often a question is asked again because a change came between. */
const MAX_TRIES = 5;

/** A number in `[0, 1)`. */
export type Random = () => number;

interface Question {
  readonly viewer: Viewer;
  readonly filter: IncidentListFilter;
}

const pick = <Item>(items: readonly Item[], random: Random): Item => items[Math.floor(random() * items.length)] as Item;

/** Somebody who sees cases, and a question about those around a random one. */
function randomQuestion(columns: IncidentColumns, random: Random): Question {
  const first = columns.first ?? 0;
  const row = first + Math.floor(random() * Math.max(1, columns.rows - first));
  const role = pick(
    ROLES.filter((one) => mayRead({ role: one, visitor: false }, "incident")),
    random,
  );
  const grid = columns.grid[row] as number;
  const code = (grid === NO_GRID ? undefined : columns.grids[grid]) ?? columns.county;
  const area = pick([columns.county, columns.county, code.slice(0, 9), code.slice(0, 12)], random);
  const end = Math.min(columns.rows - 1, row + Math.floor(random() * REACH));
  const [from, to] = [columns.opened[row] as number, columns.opened[end] as number].sort((a, b) => a - b);
  const [lon, lat] = [columns.lon[row] as number, columns.lat[row] as number].map(fromLattice) as [number, number];
  const edge = random() * 0.1;
  const iso = (seconds: number | undefined): string => new Date((seconds ?? 0) * 1000).toISOString();
  return {
    viewer: {
      kind: "account",
      actor: "system:check",
      accountId: null,
      name: "check",
      role,
      county: columns.county,
      area,
      visitor: false,
      pointDays: null,
    },
    filter: {
      inside: columns.county,
      from: iso(from),
      // The newest question is open to what comes.
      to: random() < 0.2 && end === columns.rows - 1 ? undefined : iso((to ?? 0) + 1),
      ...(random() < 0.3 ? { bbox: [lon - edge, lat - edge, lon + edge, lat + edge] } : {}),
      ...(random() < 0.3 ? { classes: [columns.classes[columns.classIndex[row] as number]?.slice(0, 2) ?? "01"] } : {}),
      ...(random() < 0.3 ? { states: [INCIDENT_STATES[columns.state[row] as number] ?? "found"] } : {}),
      ...(random() < 0.2 ? { open: random() < 0.5 } : {}),
      ...(random() < 0.2 ? { late: random() < 0.5 } : {}),
    },
  };
}

export type CheckResult = "equal" | "different" | "unsettled";

/**
 * Asks a random question of memory and of SQL, as a random viewer under row-level security, at one data version.
 *
 * @param now the server's clock, epoch ms
 * @returns `unsettled` where the county changed faster than both could answer, or was put out of memory
 */
export async function checkOnce(
  database: Database,
  slot: CountySlot,
  nowMs: number,
  random: Random,
): Promise<{ readonly result: CheckResult; readonly question?: Question }> {
  if (!slot.county || slot.county.columns.count === 0) return { result: "unsettled" };
  const question = randomQuestion(slot.county.columns, random);
  const { viewer, filter } = question;
  const cut = incidentCut(viewer, slot.code);
  if (!cut) return { result: "unsettled" };
  const now = new Date(Math.floor(nowMs / 1000) * 1000).toISOString();
  const scope = {
    kind: "viewer",
    county: slot.code,
    role: viewer.role,
    area: viewer.area,
    account: null,
    visitor: false,
  } as const;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const table = await database.transaction(scope, (tx) =>
      incidentColumnTable(tx, { county: slot.code, asOf: now, now }, filter),
    );
    const held = await slot.settled(table.version, 1000);
    // Memory may have gone on meanwhile: then SQL is asked again.
    if (!held || held.dataVersion !== table.version) continue;
    const asOf = Date.parse(now) / 1000;
    const rows = hotRows(held, filter, cut, asOf);
    if (!rows) return { result: "unsettled" };
    const mine = gatherTable(held.columns, rows, { version: "", asOf });
    const same =
      mine.rows === table.rows &&
      tableHash(mine) === tableHash(table) &&
      inOrder(incidentColumns(mine)) &&
      aheadIsExact(held, asOf, random);
    return { result: same ? "equal" : "different", question };
  }
  return { result: "unsettled" };
}

const inOrder = ({ opened, rows }: IncidentColumns): boolean => {
  for (let i = 1; i < rows; i++) if ((opened[i] as number) < (opened[i - 1] as number)) return false;
  return true;
};

/**
 * Checks the cases in memory against SQL at random moments. A difference is logged and counted, and the county is loaded
 * anew.
 *
 * @param now the server's clock, epoch ms
 * @returns stops it
 */
export function startChecking(
  database: Database,
  hot: HotCounties,
  now: () => number,
  log: ErrorLog,
  everyMs = EVERY_MS,
  random: Random = Math.random,
): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const check = async (): Promise<void> => {
    const slots = [...hot.loaded()];
    const slot = slots.length > 0 ? pick(slots, random) : undefined;
    if (!slot) return;
    try {
      const { result, question } = await checkOnce(database, slot, now(), random);
      if (result !== "unsettled") {
        hot.counts.checks++;
        hot.lastChecked = { at: now(), result };
      }
      if (result !== "different") return;
      hot.counts.mismatches++;
      log(
        { county: slot.code, role: question?.viewer.role, area: question?.viewer.area, filter: question?.filter },
        "cases in memory differ from the database: they are loaded anew",
      );
      hot.reload(slot.code);
    } catch (err) {
      if (!stopped) log({ err, county: slot.code }, "cases in memory could not be checked");
    }
  };
  const next = (): void => {
    // Never in step with anything else: between no time and twice the pause.
    timer = setTimeout(
      () => {
        running = check().finally(() => {
          if (!stopped) next();
        });
      },
      random() * 2 * everyMs,
    );
    timer.unref();
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

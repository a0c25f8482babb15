import { ZoneClock } from "../../data/model/zoned-time.ts";
import type { Database } from "../../db/driver.ts";

interface CaseRow {
  readonly scope: string | null;
  readonly classCode: string;
  readonly state: string;
  readonly sensitive: boolean;
  readonly suspicious: boolean;
  readonly openedAt: string;
  readonly lon: number;
  readonly lat: number;
}

/** Counts by key, as sorted lines `key … = count`: two of them are equal exactly when the roll-ups are. */
export interface RollupLines {
  readonly day: readonly string[];
  readonly cell: readonly string[];
}

const SOLVED = ["closed", "evaluated"];
const INVALID = ["rejected", "void"];
const EDGES = [25_000, 200_000];

const groupOf = (state: string): string => {
  if (SOLVED.includes(state)) return "solved";
  return INVALID.includes(state) ? "invalid" : "open";
};

const lines = (keys: readonly string[]): string[] => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].map(([key, count]) => `${key} = ${count}`).sort();
};

/** The roll-ups that a county should have: counted here from its cases, without any SQL of the roll-ups. */
export async function expectedRollups(database: Database, county: string): Promise<RollupLines> {
  const { rows, zone } = await database.transaction({ kind: "county", county }, async (tx) => ({
    rows: await tx.rows<CaseRow>(
      `SELECT i.scope_code AS scope, i.class_code AS "classCode", i.state, i.sensitive, i.suspicious,
         i.opened_at AS "openedAt", ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat FROM incident i WHERE i.county = $1`,
      [county],
    ),
    zone: (
      await tx.rows<{ zone: string }>("SELECT timezone AS zone FROM county_profile WHERE county = $1", [county])
    )[0],
  }));
  if (!zone) throw new Error(`county ${county} is not loaded`);
  const clock = new ZoneClock(zone.zone);
  const day: string[] = [];
  const cell: string[] = [];
  for (const one of rows) {
    const town = one.scope !== null && one.scope.length >= 9 ? one.scope.slice(0, 9) : county;
    const ms = Date.parse(one.openedAt);
    const date = new Date(ms + clock.offsetMs(ms)).toISOString().slice(0, 10);
    const rest = `${date} ${one.classCode} ${one.state} ${one.sensitive}`;
    day.push(`${town} false ${rest}`, `${county} true ${rest}`);
    if (one.suspicious) continue;
    for (const edge of EDGES) {
      const x = Math.floor((Math.round(one.lon * 1e7) + 1_800_000_000) / edge);
      const y = Math.floor((Math.round(one.lat * 1e7) + 900_000_000) / edge);
      const major = one.classCode.slice(0, 2);
      cell.push(`${town} ${edge} ${date.slice(0, 7)}-01 ${x} ${y} ${major} ${groupOf(one.state)} ${one.sensitive}`);
    }
  }
  return { day: lines(day), cell: lines(cell) };
}

/** The roll-ups that a county has. */
export async function storedRollups(database: Database, county: string): Promise<RollupLines> {
  const read = (table: string, keys: readonly string[]): Promise<string[]> =>
    database.transaction({ kind: "county", county }, async (tx) => {
      const rows = await tx.rows<Record<string, string | number | boolean>>(
        `SELECT ${keys.join(", ")}, count FROM ${table} WHERE county = $1`,
        [county],
      );
      return rows.map((row) => `${keys.map((key) => String(row[key])).join(" ")} = ${String(row["count"])}`).sort();
    });
  return {
    day: await read("incident_day", ["scope_code", "whole", "day", "class_code", "state", "sensitive"]),
    cell: await read("incident_cell_month", [
      "scope_code",
      "edge",
      "month",
      "x",
      "y",
      "major",
      "state_group",
      "sensitive",
    ]),
  };
}

import { type ColumnTable, NULL_TIME } from "../../data/columns/format.ts";
import { FLAG, NO_GRID, STATE_ENDED } from "../../data/columns/incident-columns.ts";
import { Prng } from "../../data/demo/prng.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import {
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  INCIDENT_STATES,
  SENSITIVE_REF_FROM,
} from "../../data/model/incident.ts";

const TOWNS = 27;
const COMMUNITIES_A_TOWN = 9;
const GRIDS_A_COMMUNITY = 4;
const COUNTY = "990100";
const DAY = 86_400;

const three = (n: number): string => String(n).padStart(3, "0");

/** Every area code of a county of 27 towns, 243 communities and 972 grids, sorted. */
export function countyCodes(): string[] {
  const codes: string[] = [COUNTY];
  for (let town = 1; town <= TOWNS; town++) {
    codes.push(COUNTY + three(town));
    for (let community = 1; community <= COMMUNITIES_A_TOWN; community++) {
      codes.push(COUNTY + three(town) + three(community));
      for (let grid = 1; grid <= GRIDS_A_COMMUNITY; grid++)
        codes.push(COUNTY + three(town) + three(community) + three(grid));
    }
  }
  return codes.sort();
}

/**
 * Cases of a county as they lie in a table: seconds and hours of the day unevenly filled, places in clusters, few classes
 * that make up most cases, most of them closed within days. Equal arguments give equal tables.
 *
 * @param days length of the time that the cases are spread over, up to `asOf`
 */
export function realisticIncidents(rows: number, seed: string, days = Math.max(1, rows / 2740)): ColumnTable {
  const random = new Prng(seed);
  const grids = countyCodes();
  const deepest = grids.flatMap((code, i) => (code.length === 15 ? [i] : []));
  const classes = CLASS_CODES.map(({ code }) => code).sort();
  const sensitive = new Map(CLASS_CODES.map((one) => [one.code, one.sensitive]));
  const isSensitive = classes.map((code) => sensitive.get(code) ?? false);
  const asOf = 1_768_406_400;
  const usual = Array.from({ length: 24 }, () => random.int(0, classes.length - 1));
  const centres = deepest.map((grid, i) => ({
    grid,
    lon: 1_125_000_000 + (i % 36) * 110_000 + random.int(0, 60_000),
    lat: 398_000_000 + Math.floor(i / 36) * 90_000 + random.int(0, 50_000),
    weight: random.float() ** 3,
  }));
  const heavy = centres.filter(({ weight }) => weight > 0.2);
  const opened = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const hour = random.chance(0.8) ? random.int(8, 19) : random.int(0, 23);
    opened[i] = asOf - DAY * random.int(1, Math.ceil(days)) + hour * 3600 + random.int(0, 3599);
  }
  opened.sort();
  const columns = {
    lon: new Int32Array(rows),
    lat: new Int32Array(rows),
    opened,
    closed: new Int32Array(rows),
    due: new Int32Array(rows),
    flags: new Uint8Array(rows),
    class: new Uint16Array(rows),
    state: new Uint8Array(rows),
    severity: new Uint8Array(rows),
    source: new Uint8Array(rows),
    grid: new Uint32Array(rows),
    ref: new Uint32Array(rows),
  };
  let [next, nextSensitive] = [1, SENSITIVE_REF_FROM];
  const ended = INCIDENT_STATES.flatMap((_, i) => (STATE_ENDED[i] ? [i] : []));
  for (let i = 0; i < rows; i++) {
    const at = opened[i] as number;
    const centre = random.pick(random.chance(0.7) ? heavy : centres);
    columns.lon[i] = centre.lon + Math.round(random.normal() * 20_000);
    columns.lat[i] = centre.lat + Math.round(random.normal() * 15_000);
    columns.grid[i] = random.chance(0.01) ? NO_GRID : centre.grid;
    const classIndex = random.chance(0.85) ? random.pick(usual) : random.int(0, classes.length - 1);
    columns.class[i] = classIndex;
    const hours = [4, 24, 72, 168][random.weighted([1, 4, 3, 1])] as number;
    columns.due[i] = random.chance(0.03) ? NULL_TIME : at + hours * 3600;
    const took = Math.floor(hours * 3600 * (0.1 + 1.2 * random.float() ** 2));
    const over = at + took < asOf && random.chance(0.97);
    columns.closed[i] = over ? at + took : NULL_TIME;
    columns.state[i] = over ? random.pick(ended) : random.int(0, INCIDENT_STATES.length - 1);
    columns.severity[i] = random.weighted(INCIDENT_SEVERITIES.map((_, n) => 1 / (1 + n)));
    columns.source[i] = random.weighted(INCIDENT_SOURCES.map((_, n) => 1 / (1 + n)));
    const secret = isSensitive[classIndex] ?? false;
    columns.flags[i] =
      (over && took > hours * 3600 ? FLAG.lateAtClose : 0) |
      (random.chance(0.01) ? FLAG.border : 0) |
      (secret ? FLAG.sensitive : 0);
    columns.ref[i] = secret ? nextSensitive++ : next++;
  }
  return { layer: "incidents", county: COUNTY, rows, version: "1.1", asOf, columns, dictionaries: { classes, grids } };
}

import { Prng } from "../../../data/demo/prng.ts";
import { LocateIndex } from "../../../data/geo/locate-index.ts";
import { CLASS_CODES } from "../../../data/model/class-codes.ts";
import { fromLattice, type LonLat } from "../../../data/model/geometry.ts";
import { uuidV7 } from "../../../data/model/ids.ts";
import {
  ENDED_STATES,
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  INCIDENT_STATES,
  SENSITIVE_REF_FROM,
} from "../../../data/model/incident.ts";
import type { CopyValue } from "../../../db/driver.ts";
import { pointEwkb } from "../../../db/ewkb.ts";
import { BENCH_COUNTY, type BenchGrid } from "./bench-geography.ts";

export const BENCH_INCIDENT_COLUMNS = [
  "county",
  "id",
  "ref",
  "class_code",
  "severity",
  "source",
  "state",
  "title",
  "geom",
  "grid_id",
  "grid_code_at",
  "scope_code",
  "opened_at",
  "due_at",
  "first_answer_at",
  "closed_at",
  "source_verdict",
  "border",
  "suspicious",
  "source_ref",
  "organisation_id",
  "version",
  "sensitive",
] as const;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Share of a day's cases by hour of the county's day: mornings and afternoons, few at night. */
const BY_HOUR = [1, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 8, 5, 7, 9, 10, 9, 7, 5, 4, 3, 2, 2, 1];
const LIMITS_H = [4, 24, 72, 168];
const SENSITIVE_SHARE = 0.02;
/** Cases of the last days are still open now and then. */
const OPEN_DAYS = 20;

/** Where in a day (0 … 1) the case stands that has `share` of the day's cases before it. */
function timeOfDay(): (share: number) => number {
  const total = BY_HOUR.reduce((sum, n) => sum + n, 0);
  const before: number[] = [];
  let sum = 0;
  for (const n of BY_HOUR) {
    before.push(sum / total);
    sum += n;
  }
  return (share) => {
    let hour = 23;
    while ((before[hour] as number) > share) hour--;
    const width = (BY_HOUR[hour] as number) / total;
    return (hour + (share - (before[hour] as number)) / width) / 24;
  };
}

export interface BenchIncidentOptions {
  readonly incidents: number;
  readonly years: number;
  readonly seed: string;
  readonly grids: readonly BenchGrid[];
  /** Epoch ms; start of a day of the county. All cases are older. */
  readonly now: number;
}

/**
 * Cases for COPY, in order of time: evenly over the days, unevenly over the hours, clustered in space (a fifth of the
 * grids has four fifths of them), 24 classes making up most of them, nearly all closed, two in a
 * hundred of a sensitive class. Each is placed by the index of
 * areas, as an import does it.
 */
export function* benchIncidentRows(options: BenchIncidentOptions): Generator<readonly CopyValue[]> {
  const { incidents, years, seed, grids, now } = options;
  const random = new Prng(`bench/${seed}`);
  const areas = grids.map(({ area }) => area);
  const index = new LocateIndex(areas.map(({ code, geometry }) => ({ code, geometry })));
  const byCode = new Map(areas.map((area) => [area.code, area]));
  const spots = grids.map(({ box: [west, south, east, north] }) => ({
    lon: random.range(west + (east - west) * 0.2, east - (east - west) * 0.2),
    lat: random.range(south + (north - south) * 0.2, north - (north - south) * 0.2),
    spreadX: (east - west) * random.range(0.08, 0.3),
    spreadY: (north - south) * random.range(0.08, 0.3),
  }));
  const heavy = random.shuffle(spots).slice(0, Math.ceil(spots.length / 5));
  const secret = CLASS_CODES.filter(({ sensitive }) => sensitive);
  const ordinary = CLASS_CODES.filter(({ sensitive }) => !sensitive);
  const usual = random.shuffle(ordinary).slice(0, 24);
  const inDay = timeOfDay();
  const days = Math.round(years * 365);
  const bell = (): number => (random.float() + random.float() + random.float() + random.float() - 2) * 1.7;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const refs = { ordinary: 1, sensitive: SENSITIVE_REF_FROM };
  for (let i = 0; i < incidents; i++) {
    const at = ((i + random.float() * 0.9) / incidents) * days;
    const day = Math.floor(at);
    const opened = Math.floor((now - (days - day) * DAY + inDay(at - day) * DAY) / 1000) * 1000;
    const spot = random.pick(random.chance(0.75) ? heavy : spots);
    const x = Math.round(spot.lon + bell() * spot.spreadX);
    const y = Math.round(spot.lat + bell() * spot.spreadY);
    const place: LonLat = [fromLattice(x), fromLattice(y)];
    const hit = index.locateLattice(x, y);
    const area = hit.owner < 0 ? undefined : byCode.get(index.codes[hit.owner] as string);
    const kind = random.pick(random.chance(SENSITIVE_SHARE) ? secret : random.chance(0.85) ? usual : ordinary);
    const limit = (LIMITS_H[random.weighted([1, 4, 3, 1])] as number) * HOUR;
    const took = Math.floor((limit * (0.05 + 1.25 * random.float() * random.float())) / 1000) * 1000;
    const stale = now - opened < OPEN_DAYS * DAY ? 0.4 : 0.002;
    const over = opened + took < now && !random.chance(stale);
    const state = over
      ? (ENDED_STATES[random.weighted([20, 6, 1, 1])] as string)
      : (INCIDENT_STATES[random.int(0, 5)] as string);
    yield [
      BENCH_COUNTY,
      uuidV7(opened, random.uint32(), random.uint32(), random.uint32()),
      kind.sensitive ? refs.sensitive++ : refs.ordinary++,
      kind.code,
      INCIDENT_SEVERITIES[random.weighted([3, 12, 2, 1])] as string,
      INCIDENT_SOURCES[random.weighted([8, 4, 5, 2, 2, 1, 1, 1, 1])] as string,
      state,
      `${kind.name} ${i + 1}`,
      pointEwkb(kind.sensitive && area ? area.label : place),
      area?.id ?? null,
      area?.code ?? null,
      area?.code ?? null,
      iso(opened),
      random.chance(0.03) ? null : iso(opened + limit),
      iso(opened + Math.min(took, HOUR / 2)),
      over ? iso(opened + took) : null,
      null,
      hit.border,
      false,
      null,
      null,
      1,
      kind.sensitive,
    ];
  }
}

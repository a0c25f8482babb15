import type { Prng } from "../../data/demo/prng.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";

/** A question as our server takes it, and as plain SQL over the cases. */
export interface CountQuestion {
  readonly path: string;
  /** Columns of the answer that are the key, in order; the last one of a row is the count. */
  readonly keys: readonly string[];
  readonly sql: string;
  readonly values: readonly (string | number | readonly string[])[];
}

/** Where and when the cases of the bench lie. */
export interface CountRange {
  readonly county: string;
  readonly bbox: Bbox;
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly majors: readonly string[];
}

const DAY = 86_400;
const EDGES = [12_500, 25_000, 50_000, 100_000];
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

interface Conditions {
  readonly query: string;
  readonly where: string;
  readonly values: (string | number | readonly string[])[];
}

/** A window, and for every other question some majors; the same for both sides. The bounds on ids let SQL skip months. */
function conditions(prng: Prng, range: CountRange, from: number, to: number): Conditions {
  const values = [range.county, iso(from), iso(to), uuidV7LowerBound(from * 1000), uuidV7LowerBound(to * 1000 + 1)];
  const where = "county = $1 AND opened_at >= $2 AND opened_at < $3 AND id >= $4::uuid AND id < $5::uuid";
  const query = `county=${range.county}&from=${iso(from)}&to=${iso(to)}`;
  if (prng.chance(0.5)) return { query, where, values };
  const majors = prng.shuffle(range.majors).slice(0, prng.int(2, 5));
  return {
    query: `${query}&classes=${majors.join(",")}`,
    where: `${where} AND left(class_code, 2) = ANY ($6::text[])`,
    values: [...values, majors],
  };
}

/** Squares of a box of half to all of the county, over a quarter to all of the history. */
export function heatQuestion(prng: Prng, range: CountRange): CountQuestion {
  const span = range.to - range.from;
  const length = Math.floor(span * prng.range(0.25, 1));
  const from = range.from + prng.int(0, span - length);
  const { query, where, values } = conditions(prng, range, from, from + length);
  const [west, south, east, north] = range.bbox;
  const edge = prng.pick(EDGES);
  const cut = (low: number, high: number, share: number): [number, number] => {
    const size = (high - low) * share;
    const start = low + prng.range(0, high - low - size);
    return [Math.floor((start * 1e7) / edge), Math.floor(((start + size) * 1e7) / edge)];
  };
  const share = Math.sqrt(prng.range(0.5, 1));
  const [x0, x1] = cut(west, east, share);
  const [y0, y1] = cut(south, north, share);
  const box = [x0 * edge, y0 * edge, (x1 + 1) * edge, (y1 + 1) * edge].map((units) => units / 1e7);
  const n = values.length;
  const cell = (axis: "X" | "Y"): string => `floor(round(ST_${axis}(geom) * 1e7) / ${edge})::int`;
  return {
    path: `/columns/heat?${query}&bbox=${box.join(",")}&cell=${edge}`,
    keys: ["x", "y"],
    sql: `SELECT ${cell("X")} AS x, ${cell("Y")} AS y, count(*)::int AS count FROM incident WHERE ${where} AND NOT suspicious
      AND ST_X(geom) >= $${n + 1} AND ST_Y(geom) >= $${n + 2} AND ST_X(geom) < $${n + 3} AND ST_Y(geom) < $${n + 4} GROUP BY 1, 2`,
    values: [...values, ...box],
  };
}

/** Class and day over a year of the history. */
export function trendQuestion(prng: Prng, range: CountRange): CountQuestion {
  const year = Math.min(365 * DAY, range.to - range.from);
  // Any instant, so that no two questions have one window.
  const from = range.from + prng.int(0, range.to - range.from - year) + prng.int(0, DAY);
  const { query, where, values } = conditions(prng, range, from, Math.min(from + year, range.to));
  return {
    path: `/columns/trend?${query}&by=class`,
    keys: ["name", "day"],
    sql: `SELECT class_code AS name, (opened_at AT TIME ZONE 'Asia/Shanghai')::date - DATE '1970-01-01' AS day,
      count(*)::int AS count FROM incident WHERE ${where} GROUP BY 1, 2`,
    values,
  };
}

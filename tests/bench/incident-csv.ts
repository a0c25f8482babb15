import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Prng } from "../../data/demo/prng.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";

/** A made-up county of square grids, and a file of cases that lie in it: equal seeds give equal bytes. */
export const BENCH_COUNTY = "990101";
const WEST = 112;
const SOUTH = 39;
/** Edge of a grid, degrees: about 800 m. */
const EDGE = 0.0075;
const ACROSS = 30;
const DOWN = 27;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAYS = 730;
const DAY_MS = 86_400_000;

/** 810 grids in 27 towns as GeoJSON, each border wavy and shared. */
export function benchGrids(): string {
  const noise = new Prng("grids");
  const shift = Array.from({ length: (ACROSS + 1) * (DOWN + 1) }, () => [noise.float() - 0.5, noise.float() - 0.5]);
  const corner = (x: number, y: number): readonly [number, number] => {
    const [dx = 0, dy = 0] = shift[y * (ACROSS + 1) + x] ?? [];
    const at = (base: number, n: number, d: number): number => Math.round((base + (n + d * 0.4) * EDGE) * 1e7) / 1e7;
    return [at(WEST, x, dx), at(SOUTH, y, dy)];
  };
  const features = Array.from({ length: ACROSS * DOWN }, (_, n) => {
    const x = n % ACROSS;
    const y = Math.floor(n / ACROSS);
    const ring = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1), corner(x, y)];
    const code = `${BENCH_COUNTY}${String(100 + y).padStart(3, "0")}${String(1 + Math.floor(x / 3)).padStart(3, "0")}${String(1 + (x % 3)).padStart(3, "0")}`;
    return { type: "Feature", properties: { code }, geometry: { type: "Polygon", coordinates: [ring] } };
  });
  return JSON.stringify({ type: "FeatureCollection", features });
}

const HEADER = "案件编号,上报时间,处置截止时间,结案时间,案件状态,小类,问题描述,经度,纬度,问题来源,责任单位";
const SOURCES = ["网格员巡查", "12345热线", "随手拍", "视频发现"];
const TITLES = ["路边垃圾未清", "井盖松动", "占道经营", "路灯不亮", "楼道堆物", "噪声扰民", "绿化带破损", "车辆乱停"];

/** A hot spot of the county: most cases lie near some of them. */
function place(prng: Prng): readonly [string, string] {
  const spot = Math.floor(prng.float() * prng.float() * 40);
  const near = prng.chance(0.7);
  const x = near ? ((spot * 7) % 26) + 2 + prng.normal() : prng.range(0.3, ACROSS - 0.3);
  const y = near ? ((spot * 11) % 23) + 2 + prng.normal() : prng.range(0.3, DOWN - 0.3);
  return [(WEST + x * EDGE).toFixed(7), (SOUTH + y * EDGE).toFixed(7)];
}

const local = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

function line(n: number, rows: number, prng: Prng, classes: readonly string[]): string {
  const opened = FIRST_DAY + Math.floor(((n + prng.float()) / rows) * DAYS * DAY_MS);
  const due = opened + prng.int(1, 5) * DAY_MS;
  const closed = prng.chance(0.93) ? opened + Math.floor(prng.float() * prng.float() * 6 * DAY_MS) : undefined;
  const [lon, lat] = place(prng);
  const unit = `第${prng.int(1, 60)}处置所`;
  const title = `${prng.pick(TITLES)}，${prng.int(1, 400)}号附近`;
  return `左${n + 1},${local(opened)},${local(due)},${closed === undefined ? "" : local(closed)},${closed === undefined ? "处理中" : "已结案"},${prng.pick(classes)},${title},${lon},${lat},${prng.pick(SOURCES)},${unit}\n`;
}

/** Writes a file of cases in order of their opening: two years, classes of the shipped table that are not sensitive. */
export async function writeBenchCases(path: string, rows: number, seed = "cases"): Promise<void> {
  const prng = new Prng(seed);
  const classes = CLASS_CODES.filter(({ sensitive }) => !sensitive)
    .map(({ code }) => code)
    .slice(0, 120);
  const pieces = function* (): Generator<string> {
    yield `${HEADER}\n`;
    for (let n = 0; n < rows; n += 1000) {
      let text = "";
      for (let i = n; i < Math.min(rows, n + 1000); i++) text += line(i, rows, prng, classes);
      yield text;
    }
  };
  await pipeline(Readable.from(pieces()), createWriteStream(path));
}

import { bundle } from "./bundle.bench.ts";
import { heat, trend } from "./counts.bench.ts";
import { feed } from "./feed.bench.ts";
import { grids } from "./grids.bench.ts";
import { hot } from "./hot.bench.ts";
import { importing } from "./import.bench.ts";
import { load } from "./load.bench.ts";
import { policy } from "./policy.bench.ts";
import { start } from "./start.bench.ts";
import { tiles } from "./tiles.bench.ts";
import { wall } from "./wall.bench.ts";
import { wallSoak } from "./wall-soak.bench.ts";

/** One figure of a benchmark (DESIGN section 3). */
export interface Figure {
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Whom it is compared with, and how often its value that is. */
  readonly peer?: string;
  readonly ratio?: number;
  readonly goal?: string;
  readonly ok?: boolean;
}

const benches: Record<string, () => AsyncIterable<Figure>> = {
  bundle,
  grids,
  import: importing,
  load,
  policy,
  start,
  tiles,
  hot,
  feed,
  heat,
  trend,
  wall,
  "wall-soak": wallSoak,
};

/** A fixed loop whose time says how busy the machine is; printed beside absolute figures. */
function calibration(): number {
  const started = process.hrtime.bigint();
  let sum = 0;
  for (let i = 0; i < 60_000_000; i++) sum = (sum + i) | 0;
  return Number(process.hrtime.bigint() - started) / 1e6 + (sum === 1 ? 1 : 0);
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !benches[name]);
if (names.length === 0 || unknown.length > 0) {
  console.error(`Usage: npm run bench -- NAME…   NAME = ${Object.keys(benches).join(" | ")}`);
  process.exit(2);
}
for (const name of names) {
  console.log(
    JSON.stringify({ bench: name, name: "calibration", value: Math.round(calibration()), unit: "ms" } satisfies Figure),
  );
  for await (const figure of (benches[name] as () => AsyncIterable<Figure>)()) console.log(JSON.stringify(figure));
}

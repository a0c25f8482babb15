import type { Figure } from "../figure.ts";
import { median } from "./measure.ts";
import { type Opening, type OpenWall, openPeer, openWall } from "./open-wall.ts";
import type { WallBench } from "./wall-bench.ts";

/** How often ours and kepler.gl are opened in turn: the first pair meets a browser that has compiled nothing yet. */
const OPENINGS = 7;
/** How much sooner than kepler.gl the wall must be open (issue 4). */
const SOONER_THAN_KEPLER = 5;

/** What opening takes: medians of rounds. */
export interface Openings {
  readonly ours: Opening;
  /** Absent where it was not opened. */
  readonly kepler?: Opening;
  /** Median over rounds of kepler.gl to ours in the same round. */
  readonly overOurs: (of: (kepler: Opening, ours: Opening) => number) => number;
  /** The page of the last round, still open. */
  readonly wall: OpenWall;
}

const FIELDS = [
  "firstMs",
  "lastMs",
  "firstCpuMs",
  "lastCpuMs",
  "firstBytes",
  "firstCaseBytes",
  "lastBytes",
  "heap",
] as const satisfies readonly (keyof Opening)[];

const medians = (all: readonly Opening[]): Opening =>
  Object.fromEntries(FIELDS.map((field) => [field, median(all.map((one) => one[field]))])) as unknown as Opening;

/** Opens the wall again and again, each time on a new page, and kepler.gl in between, so that both meet the same machine. */
export async function openInTurn(bench: WallBench, county: string, rows: number, kepler: boolean): Promise<Openings> {
  const [ours, peers]: Opening[][] = [[], []];
  for (let round = 0; ; round++) {
    if (kepler) {
      const page = await openPeer(bench.browser, bench.server, rows, "/kepler/");
      peers?.push(page.opening);
      await page.close();
    }
    const wall = await openWall(bench.browser, bench.server, county, rows);
    ours?.push(wall.opening);
    if (round === OPENINGS - 1)
      return {
        ours: medians(ours ?? []),
        ...(kepler ? { kepler: medians(peers ?? []) } : {}),
        overOurs: (of) => median((peers ?? []).map((peer, n) => of(peer, ours?.[n] as Opening))),
        wall,
      };
    await wall.close();
  }
}

/** kepler.gl with the same cases, from the navigation to the first frame with all of them, beside ours. */
export function* keplerFigures(
  { kepler, overOurs }: Openings,
  figure: (name: string, value: number, unit: string) => Figure,
  isHeld: boolean,
): Iterable<Figure> {
  if (!kepler) return;
  yield figure("kepler.gl: time to all cases on screen", kepler.lastMs, "ms");
  yield figure("kepler.gl: main-thread CPU to all cases on screen", kepler.lastCpuMs, "ms");
  yield figure("kepler.gl: bytes", kepler.lastBytes / 1e6, "MB");
  yield figure("kepler.gl: heap", kepler.heap / 1e6, "MB");
  const ratios: readonly (readonly [string, (kepler: Opening, ours: Opening) => number])[] = [
    ["main-thread CPU to open", (peer, ours) => peer.lastCpuMs / ours.lastCpuMs],
    ["time to open, software drawing included", (peer, ours) => peer.lastMs / ours.lastMs],
    ["time to the first useful picture", (peer, ours) => peer.lastMs / ours.firstMs],
  ];
  for (const [what, of] of ratios) {
    const ratio = overOurs(of);
    yield {
      ...figure(`${what}, kepler.gl over ours`, ratio, "×"),
      ...(isHeld ? { goal: `>= ${SOONER_THAN_KEPLER}`, ok: ratio >= SOONER_THAN_KEPLER } : {}),
    };
  }
}

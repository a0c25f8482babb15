import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { AreaFeature } from "../../../web/data/county-data.ts";
import { createSmallTown, SMALL_TOWN_AS_OF } from "../../fixtures/small-town.ts";
import { launchChromium } from "../../helpers/browser.ts";
import { buildHarness } from "../../helpers/build-harness.ts";
import { type CountyAnswers, countyAnswers } from "../../helpers/county-answers.ts";
import { installPeer } from "../peer-install.ts";
import { CASES_SEED, syntheticCases } from "./cases.ts";
import { serveWall, type WallServer } from "./server.ts";

/** What runs the client under test: pages built once, a server, a browser. */
export interface WallBench {
  readonly server: WallServer;
  readonly browser: Browser;
  readonly answers: CountyAnswers;
  readonly lowest: readonly AreaFeature[];
  /** Why kepler.gl is left out. */
  readonly noKepler: string | undefined;
  close(): Promise<void>;
}

export async function startWallBench(): Promise<WallBench> {
  const answers = countyAnswers(createSmallTown(), SMALL_TOWN_AS_OF);
  const lowest = answers
    .areas(["grid"])
    .features.map(({ properties, geometry }) => ({ ...properties, geometry }) as unknown as AreaFeature);
  const wall = await buildHarness(undefined, "/wall/");
  const peer = await buildHarness(fileURLToPath(new URL("peer", import.meta.url)), "/peer/");
  const kepler = installPeer("kepler");
  const folders = { wall, peer, ...("missing" in kepler ? {} : { kepler: kepler.folder }) };
  const server = await serveWall(folders, answers, syntheticCases(1000, CASES_SEED, lowest, SMALL_TOWN_AS_OF / 1000));
  const browser = await launchChromium();
  return {
    server,
    browser,
    answers,
    lowest,
    noKepler: "missing" in kepler ? kepler.missing : undefined,
    close: async () => {
      await browser.close();
      await server.close();
      await Promise.all([wall, peer].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

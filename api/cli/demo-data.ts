import type { DemoSlug } from "../../data/demo/profile.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import type { Database } from "../../db/driver.ts";
import { listCounties } from "../../db/import/county-admin.ts";
import { loadCounty } from "../../db/load/load-county.ts";

/** Seed of every demo that a command makes: two machines started in the same minute show the same counties. */
const SEED = "jingwei";

export interface DemoLoad {
  readonly slug: DemoSlug;
  readonly county: string;
  readonly name: string;
  /** False when the county was there already and was left as it is. */
  readonly added: boolean;
  readonly seconds: number;
}

/**
 * Generates and loads demo counties, anchored at the current minute; counties that are there are left alone.
 *
 * @param nowMs the clock, epoch ms
 */
export async function addDemos(
  database: Database,
  slugs: readonly DemoSlug[],
  nowMs: number,
  onProgress: (message: string) => void,
): Promise<DemoLoad[]> {
  const present = new Set((await listCounties(database)).map((county) => county.code));
  const anchor = new Date(Math.floor(nowMs / 60_000) * 60_000).toISOString();
  const loads: DemoLoad[] = [];
  for (const slug of slugs) {
    const { profile } = DEMO_PROFILES[slug];
    const { county, name } = profile;
    if (present.has(county)) {
      loads.push({ slug, county, name, added: false, seconds: 0 });
      continue;
    }
    const started = performance.now();
    onProgress(`${name} ${profile.nameEn}: generating`);
    // Loaded when needed: most starts generate nothing.
    const { generate } = await import("../../data/demo/generate.ts");
    const dataset = generate(DEMO_PROFILES[slug], SEED, anchor);
    await loadCounty(database, dataset, { now: new Date(nowMs).toISOString(), actor: "cli", onProgress });
    loads.push({ slug, county, name, added: true, seconds: Math.round(performance.now() - started) / 1000 });
  }
  return loads;
}

import type { CountyDataset } from "../model/dataset.ts";
import { generateGeography } from "./geography/generate-geography.ts";
import { parseAnchor } from "./population/demo-context.ts";
import { type PopulateOptions, populate } from "./population/populate.ts";
import { Prng } from "./prng.ts";
import type { DemoProfile } from "./profile.ts";

/**
 * A whole demo county: real names, synthetic lines, people and cases. Equal bytes for equal arguments on every engine.
 *
 * @param seed any text; another seed is another county of the same figures
 * @param anchorDate date (midnight in the county's zone) or ISO 8601 instant with offset: nothing happens after it, and
 *   the year before it holds the profile's incidents. Geography does not depend on it.
 * @throws AppError USER for an anchor that is not a date
 */
export function generate(
  profile: DemoProfile,
  seed: string,
  anchorDate: string,
  options: PopulateOptions = {},
): CountyDataset {
  parseAnchor(anchorDate);
  const geography = generateGeography(profile, new Prng(`${profile.profile.county}/${seed}/geography`));
  return populate(profile, geography, seed, anchorDate, options);
}

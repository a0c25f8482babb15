import { type Home, unitsOf } from "../../../data/blocks/homes.ts";
import { LocateIndex } from "../../../data/geo/locate-index.ts";
import { largestRemainder } from "../../../data/households/spread.ts";
import type { ReadBlock } from "./read-blocks.ts";

/** Blocks with more households than a grid may have, cut along the buildings in them. */
export function cutLarge(
  blocks: readonly ReadBlock[],
  homes: readonly Home[],
  max: number,
): { readonly blocks: readonly ReadBlock[]; readonly cut: readonly string[] } {
  const large = blocks.filter(({ households, point }) => households > max && !point);
  if (large.length === 0) return { blocks, cut: [] };
  const index = new LocateIndex(large.map(({ ground }, n) => ({ code: String(n).padStart(8, "0"), geometry: ground })));
  const inside: Home[][] = large.map(() => []);
  for (const home of homes) {
    const { owner } = index.locate(home.at[0], home.at[1]);
    if (owner >= 0) inside[owner]?.push(home);
  }
  const cut: string[] = [];
  const parts = blocks.flatMap((block): readonly ReadBlock[] => {
    const own = inside[large.indexOf(block)] ?? [];
    if (own.length < 2) return [block];
    // The block's own count holds: it is spread over its buildings.
    const spread = largestRemainder(
      block.households,
      own.map(({ households }) => households),
    );
    const counted = own.map((home, n) => ({ at: home.at, households: spread[n] as number }));
    const { units } = unitsOf([block.ground], counted, { max });
    if (units.length < 2) return [block];
    cut.push(block.at);
    return units.map((unit, n) => ({
      ...block,
      at: `${block.at}/${n + 1}`,
      properties: { ...block.properties, part: n + 1, part_households: unit.households },
      ground: unit.ground,
      households: unit.households,
    }));
  });
  return { blocks: parts, cut };
}

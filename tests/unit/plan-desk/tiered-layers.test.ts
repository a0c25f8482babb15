import type { Layer } from "@deck.gl/core";
import { describe, expect, it } from "vitest";
import { type Tier, TieredLayers } from "../../../web/seats/plan/drawing/tiered-layers.ts";

interface Thing {
  readonly key: string;
  readonly version: number;
}

/** Things of 1,000 corners each, and what is seen of them in the layers on screen. */
function board(count: number) {
  const versions = new Map(Array.from({ length: count }, (_, n) => [`t${n}`, 1]));
  const made: Tier<string, Thing>[] = [];
  const tiers = new TieredLayers<string, Thing>({
    id: "things",
    itemsOf: (key) => (versions.has(key) ? [{ key, version: versions.get(key) as number }] : []),
    cornersOf: () => 1000,
    make: (tier) => {
      made.push(tier);
      return { tier, hidden: tier.data.filter(({ key }) => tier.isHidden(key)) } as unknown as Layer;
    },
  });
  const draw = (changed: readonly string[], restyled: readonly string[] | "all", isMoving: boolean) => {
    made.length = 0;
    const layers = tiers.layers(changed, restyled, isMoving) as unknown as {
      readonly tier: Tier<string, Thing>;
      readonly hidden: readonly Thing[];
    }[];
    return layers.flatMap(({ tier, hidden }) => tier.data.filter((thing) => !hidden.includes(thing)));
  };
  return { versions, draw, made };
}

const sorted = (things: readonly Thing[]): string[] => things.map(({ key, version }) => `${key}.${version}`).sort();

describe("layers in tiers", () => {
  it("shows each thing once, as it is now, whatever is moved, rests, ends or begins", () => {
    const { versions, draw } = board(90);
    const all = (): string[] => [...versions].map(([key, version]) => `${key}.${version}`).sort();
    expect(sorted(draw([...versions.keys()], [], false))).toEqual(all());
    for (let gesture = 0; gesture < 40; gesture++) {
      const keys = [`t${gesture * 2}`, `t${(gesture * 7) % 90}`];
      for (let event = 0; event < 3; event++) {
        for (const key of keys) versions.set(key, (versions.get(key) ?? 0) + 1);
        expect(sorted(draw(keys, [], true))).toEqual(all());
      }
      if (gesture % 5 === 0) versions.delete(keys[0] as string);
      if (gesture % 7 === 0) versions.set(`new${gesture}`, 1);
      expect(sorted(draw([...keys, `new${gesture}`], [], false))).toEqual(all());
    }
  });

  it("makes only the small layer of what moves anew with each event, and the one that it was taken from once", () => {
    const { versions, draw, made } = board(90);
    draw([...versions.keys()], [], false);
    expect(made.length).toBeGreaterThan(3);
    draw(["t5"], [], true);
    expect(made.map(({ id }) => id)).toEqual(["things-0", "things-moving"]);
    draw(["t5"], [], true);
    expect(made.map(({ id, data }) => [id, data.length])).toEqual([["things-moving", 1]]);
    draw([], [], false);
    expect(made.map(({ id }) => id)).toEqual(["things-lately"]);
    draw([], ["t5"], false);
    expect(made.map(({ id }) => id)).toEqual(["things-lately"]);
    draw([], [], false);
    expect(made).toEqual([]);
    draw([], "all", false);
    expect(made.length).toBeGreaterThan(4);
  });
});

import { describe, expect, it } from "vitest";
import { blocksToGraph } from "../../data/blocks/blocks-to-graph.ts";
import { BARRIER, type BorderLine, walkOf } from "../../data/blocks/border-lines.ts";
import { type Home, unitsOf } from "../../data/blocks/homes.ts";
import { riverBank } from "../../data/blocks/river-bank.ts";
import { gridsApart, walkGround } from "../../data/blocks/walk-check.ts";
import { fromLattice, type LonLat, type MultiPolygonRings } from "../../data/model/geometry.ts";
import { propose } from "../../data/partition/propose.ts";

/** One unit of the drawing: 100 m. */
const at = (x: number, y: number): LonLat => [
  fromLattice(1_120_000_000 + Math.round(x * 11_700)),
  fromLattice(400_000_000 + Math.round(y * 9_000)),
];
const box = (west: number, south: number, east: number, north: number): MultiPolygonRings => [
  [[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]],
];
const [WIDE, HIGH] = [12, 8];
const GROUNDS = Array.from({ length: WIDE * HIGH }, (_, n) => {
  const [x, y] = [n % WIDE, Math.floor(n / WIDE)];
  return box(x, y, x + 1, y + 1);
});
const column = (block: number): number => block % WIDE;
const row = (block: number): number => Math.floor(block / WIDE);

const line = (points: readonly LonLat[], more: Partial<BorderLine>): BorderLine => ({
  lines: [points],
  ground: [],
  weight: 1,
  ...more,
});
/** Streets along every border but across the river only at the given rows; the river runs between two columns. */
const town = (river: number, bridges: readonly number[]): BorderLine[] => [
  line([at(river, -1), at(river, HIGH + 1)], { obstacle: true, weight: 0.3 }),
  ...Array.from({ length: HIGH - 1 }, (_, n) => n + 1).flatMap((y) =>
    bridges.includes(y)
      ? [line([at(0, y), at(WIDE, y)], { street: true })]
      : [
          line([at(0, y), at(river - 0.3, y)], { street: true }),
          line([at(river + 0.3, y), at(WIDE, y)], { street: true }),
        ],
  ),
];

function divided(lines: readonly BorderLine[], households: Int32Array, seed: number) {
  const { graph } = blocksToGraph({ grounds: GROUNDS, nameOf: String, households, lines });
  const walk = walkGround({ grounds: GROUNDS, households, lines, graph });
  return { graph, walk, ...propose(graph, { min: 300, max: 500, seed, sweeps: 150 }) };
}

/**
 * The oracle, by squares of 10 m: what the river covers is wet unless a bridge is there, and from one home of a grid water
 * spreads over the grid's own dry squares. Names grids in which it misses a home.
 */
function floodedApart(part: Int32Array, river: number, bridges: readonly number[]): number[] {
  const FINE = 10;
  const gridAt = (x: number, y: number): number => {
    const [cx, cy] = [Math.floor(x / FINE), Math.floor(y / FINE)];
    return cx >= 0 && cy >= 0 && cx < WIDE && cy < HIGH ? (part[cy * WIDE + cx] as number) : -1;
  };
  const isWet = (x: number, y: number): boolean =>
    Math.abs(x + 0.5 - river * FINE) < 1 && !bridges.some((b) => Math.abs(y + 0.5 - b * FINE) < 2);
  const apart: number[] = [];
  for (const grid of new Set(part)) {
    const homes = [...part.keys()]
      .filter((block) => part[block] === grid)
      .map((block) => [column(block) * FINE + 5, row(block) * FINE + 5] as const);
    const seen = new Set<number>();
    const waiting = homes.slice(0, 1);
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      const [x, y] = one;
      if (gridAt(x, y) !== grid || isWet(x, y) || seen.has(y * 1000 + x)) continue;
      seen.add(y * 1000 + x);
      waiting.push([x + 1, y], [x - 1, y], [x, y + 1], [x, y - 1]);
    }
    if (homes.some(([x, y]) => !seen.has(y * 1000 + x))) apart.push(grid);
  }
  return apart.sort((a, b) => a - b);
}

describe("walking within a grid", () => {
  it.each([
    [4, [4]],
    [5, []],
    [7, [2, 6]],
  ])("a proposal has no grid that must be left to walk through it: river at %i, bridges at %j", (river, bridges) => {
    const lines = town(river, bridges);
    const households = Int32Array.from(GROUNDS, (_, n) => 30 + ((n * 37) % 50));
    for (const seed of [1, 2, 3]) {
      const { walk, part, unmet } = divided(lines, households, seed);
      expect(unmet).toEqual([]);
      expect(gridsApart(walk, part)).toEqual([]);
      expect(floodedApart(part, river, bridges)).toEqual([]);
    }
  });

  it("names what cannot be walked, as flooding the squares does", () => {
    const lines = town(6, [3]);
    const households = new Int32Array(GROUNDS.length).fill(40);
    const { walk } = divided(lines, households, 1);
    // Grids of 2 × 2 blocks, shifted so that some lie on both sides of the river, one of them at the bridge.
    const part = Int32Array.from(
      GROUNDS,
      (_, n) => Math.floor((column(n) + 1) / 2) * 10 + Math.floor((row(n) + 1) / 2),
    );
    const apart = gridsApart(walk, part).map(({ grid }) => grid);
    expect(apart).toEqual(floodedApart(part, 6, [3]));
    expect(apart.length).toBe(3);
    expect(gridsApart(walk, part).every(({ groups }) => groups === 2)).toBe(true);
  });

  it("sees a river that runs through a block, and does not mind one where no street is known", () => {
    const grounds = [box(0, 0, 4, 4), box(4, 0, 6, 4)];
    const households = Int32Array.from([80, 40]);
    const homes: Home[] = [1, 3].map((x) => ({ at: at(x, 2), households: 40 }));
    const river = line([at(2, -1), at(2, 5)], { obstacle: true });
    const street = line([at(4, -1), at(4, 5)], { street: true });
    const apartWith = (lines: readonly BorderLine[]): number => {
      const { graph } = blocksToGraph({ grounds, nameOf: String, households, lines });
      return gridsApart(walkGround({ grounds, households, lines, homes, graph }), Int32Array.from([0, 0])).length;
    };
    expect(apartWith([river, street])).toBe(1);
    expect(apartWith([river, street, line([at(0, 2), at(6, 2)], { street: true })])).toBe(0);
    expect(apartWith([river])).toBe(0);
  });

  it("takes one bank of a river drawn as ground, and none of a lake", () => {
    const band: LonLat[] = [
      ...[0, 2, 4, 6, 8].map((x) => at(x, 1)),
      ...[8, 6, 4, 2, 0].map((x) => at(x, 1.3)),
      at(0, 1),
    ];
    const bank = riverBank(band) ?? [];
    expect(bank.length).toBeGreaterThanOrEqual(5);
    expect(new Set(bank.map(([, lat]) => lat)).size).toBeLessThanOrEqual(2);
    expect(riverBank(box(0, 0, 2, 2)[0]?.[0] ?? [])).toBeUndefined();
  });

  it("takes words of OpenStreetMap for streets and for what nobody walks across", () => {
    expect(walkOf({ highway: "residential" })).toEqual({ street: true });
    expect(walkOf({ highway: "motorway" })).toEqual({ obstacle: true });
    expect(walkOf({ waterway: "river" })).toEqual({ obstacle: true });
    expect(walkOf({ waterway: "stream" })).toEqual({});
    expect(walkOf({ name: "somewhere" })).toEqual({});
  });
});

describe("barriers", () => {
  it("none is crossed when a plan without crossing exists", () => {
    for (const river of [3, 5, 6, 8])
      for (const seed of [1, 2]) {
        const households = Int32Array.from(GROUNDS, (_, n) => 25 + ((n * 53 + seed * 17) % 60));
        const lines = [line([at(river, -1), at(river, HIGH + 1)], { weight: BARRIER })];
        const { part, unmet } = divided(lines, households, seed);
        const sides = new Map<number, Set<boolean>>();
        part.forEach((grid, block) => {
          sides.set(grid, (sides.get(grid) ?? new Set()).add(column(block) < river));
        });
        expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
        // Both sides can be divided by themselves: their households fit a whole number of grids.
        expect(unmet).toEqual([]);
      }
  });
});

describe("arterial roads", () => {
  it("carry more of the borders between grids when they weigh less", () => {
    const arterial = 3;
    const shareAt = (weight: number): number => {
      let [along, all] = [0, 0];
      for (const seed of [1, 2, 3, 4]) {
        const households = Int32Array.from(GROUNDS, (_, n) => 25 + ((n * 53 + seed * 17) % 60));
        const { graph, part } = divided(
          [line([at(-1, arterial), at(WIDE + 1, arterial)], { weight })],
          households,
          seed,
        );
        for (let v = 0; v < graph.count; v++)
          for (let entry = graph.offsets[v] as number; entry < (graph.offsets[v + 1] as number); entry++) {
            const u = graph.neighbours[entry] as number;
            if (part[u] === part[v]) continue;
            all += graph.sharedLength[entry] as number;
            if (Math.min(row(u), row(v)) === arterial - 1 && row(u) !== row(v))
              along += graph.sharedLength[entry] as number;
          }
      }
      return along / all;
    };
    const [plain, weighted] = [shareAt(1), shareAt(0.4)];
    expect(weighted).toBeGreaterThan(plain * 1.2);
  });
});

describe("compounds", () => {
  it("up to a grid's most households are never split; larger ones are cut along their buildings and listed", () => {
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const homes: Home[] = Array.from({ length: 300 }, (_, n) => {
      const compound = Math.floor(n / 10);
      const [x, y] = [(compound % 6) * 2, Math.floor(compound / 6) * 1.6];
      return {
        at: at(x + random() * 1.9, y + random() * 1.5),
        households: compound % 7 === 0 ? 70 : 20 + Math.floor(random() * 25),
        compound: `c${compound}`,
      };
    });
    const { units, outside } = unitsOf(GROUNDS, homes, { max: 500, cutAbove: 250 });
    expect(outside).toEqual([]);
    const unitsOfCompound = new Map<string, Set<number>>();
    const householdsOf = new Map<string, number>();
    units.forEach((unit, number) => {
      for (const home of unit.homes) {
        const { compound = "", households } = homes[home] as Home;
        unitsOfCompound.set(compound, (unitsOfCompound.get(compound) ?? new Set()).add(number));
        householdsOf.set(compound, (householdsOf.get(compound) ?? 0) + households);
      }
    });
    const split = [...unitsOfCompound].filter(([, own]) => own.size > 1).map(([compound]) => compound);
    expect(split.every((compound) => (householdsOf.get(compound) ?? 0) > 500)).toBe(true);
    expect(split.length).toBeGreaterThan(0);
    expect(split.every((name) => [...(unitsOfCompound.get(name) ?? [])].every((unit) => units[unit]?.cut))).toBe(true);
    expect(units.filter(({ households }) => households > 500).length).toBe(0);
  });
});

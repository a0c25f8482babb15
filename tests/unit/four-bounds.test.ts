import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceM } from "../../data/geo/measure.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";
import {
  areaLines,
  type BoundSide,
  fourBounds,
  misnamed,
  type NamedLine,
  TOUCHING_M,
} from "../../data/planning/four-bounds.ts";

const GUIXI = "../shared/data/osm-cn-guixi/";

/** Even-odd rule on plain numbers. */
function holds(ring: readonly LonLat[], [x, y]: LonLat): boolean {
  let inside = false;
  for (let n = 0; n + 1 < ring.length; n++) {
    const [[x1, y1], [x2, y2]] = [ring[n] as LonLat, ring[n + 1] as LonLat];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

const along = ([a, b]: LonLat, [c, d]: LonLat, t: number): LonLat => [a + (c - a) * t, b + (d - b) * t];

/** Points of the outer borders that face a side, found by asking which of two points beside the border lies outside: slow and plainly right. */
function facing(geometry: MultiPolygonRings, side: BoundSide): LonLat[] {
  const out: LonLat[] = [];
  for (const [ring = []] of geometry)
    for (let n = 0; n + 1 < ring.length; n++) {
      const [from, to] = [ring[n] as LonLat, ring[n + 1] as LonLat];
      const scale = Math.cos((from[1] * Math.PI) / 180);
      const [ux, uy] = [(to[0] - from[0]) * scale, to[1] - from[1]];
      const length = Math.hypot(ux, uy);
      if (length === 0) continue;
      const middle = along(from, to, 0.5);
      const e = Math.min(1e-7, length / 10);
      const right: LonLat = [middle[0] + ((uy / length) * e) / scale, middle[1] - (ux / length) * e];
      const sign = holds(ring, right) ? -1 : 1;
      const [nx, ny] = [uy * sign, -ux * sign];
      const own: BoundSide =
        Math.abs(nx) >= Math.abs(ny) * 0.999 ? (nx > 0 ? "east" : "west") : ny > 0 ? "north" : "south";
      if (own !== side) continue;
      const steps = Math.max(1, Math.ceil(distanceM(from, to) / 4));
      for (let k = 0; k <= steps; k++) out.push(along(from, to, k / steps));
    }
  return out;
}

/** Least distance from a line to points, by dense sampling; metres. */
function leastDistance(lines: NamedLine["lines"], points: readonly LonLat[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines)
    for (let n = 0; n + 1 < line.length; n++) {
      const [from, to] = [line[n] as LonLat, line[n + 1] as LonLat];
      const steps = Math.max(1, Math.ceil(distanceM(from, to) / 4));
      for (let k = 0; k <= steps; k++) {
        const [x, y] = along(from, to, k / steps);
        for (const [px, py] of points) {
          const dx = (x - px) * Math.cos((y * Math.PI) / 180) * 111_320;
          const dy = (y - py) * 110_900;
          least = Math.min(least, Math.hypot(dx, dy));
        }
      }
    }
  return least;
}

/** Every name of every sentence touches its side. */
function everyNameTouches(geometry: MultiPolygonRings, lines: readonly NamedLine[]): number {
  let named = 0;
  for (const { side, touching, text } of fourBounds(geometry, lines)) {
    const points = facing(geometry, side);
    for (const { kind, name } of touching) {
      const own = lines.filter((line) => line.kind === kind && line.name === name);
      // Sampling every 4 m on both finds a distance up to 3 m too long.
      expect(
        leastDistance(
          own.flatMap((line) => line.lines),
          points,
        ),
        `${text}: ${name}`,
      ).toBeLessThan(TOUCHING_M + 4);
      expect(text).toContain(name);
      named++;
    }
    expect(misnamed(text, side, geometry, lines)).toEqual([]);
  }
  return named;
}

const ORIGIN: LonLat = [117.2, 28.3];
/** Metres east and north of a corner. */
const at = (x: number, y: number): LonLat => [ORIGIN[0] + x / 98_000, ORIGIN[1] + y / 110_850];
const road = (name: string, ...line: LonLat[]): NamedLine => ({ kind: "road", name, lines: [line] });

describe("the four bounds", () => {
  const square: MultiPolygonRings = [[[at(0, 0), at(300, 0), at(300, 200), at(0, 200), at(0, 0)]]];
  const roads = [
    road("建设路", at(310, -500), at(310, 120)),
    road("沿河街", at(295, 110), at(295, 600)),
    { kind: "water" as const, name: "信江", lines: [[at(-100, -12), at(500, -8)]] },
    // Crosses the north side and touches it at a point only.
    road("中山路", at(150, 100), at(150, 400)),
    // Runs beside the west side, too far away.
    road("远山路", at(-60, -100), at(-60, 400)),
  ];
  const neighbours = areaLines([
    { name: "第二网格", geometry: [[[at(0, 200), at(300, 200), at(300, 400), at(0, 400), at(0, 200)]]] },
    { name: "第三网格", geometry: [[[at(300, 0), at(600, 0), at(600, 200), at(300, 200), at(300, 0)]]] },
  ]);

  it("tells what each side runs along, in order, and neighbours where nothing named does", () => {
    expect(fourBounds(square, [...roads, ...neighbours]).map(({ text }) => text)).toEqual([
      "东至沿河街、建设路",
      "南至信江",
      "",
      "北至第二网格",
    ]);
    everyNameTouches(square, [...roads, ...neighbours]);
  });

  it("is the same whichever way the ring runs", () => {
    const turned = square.map((rings) => rings.map((ring) => [...ring].reverse()));
    expect(fourBounds(turned, roads)).toEqual(fourBounds(square, roads));
  });

  it("finds what an edited sentence names wrongly", () => {
    expect(misnamed("东至远山路和建设路", "east", square, roads)).toEqual(["远山路"]);
    expect(misnamed("北至中山路口", "north", square, roads)).toEqual([]);
    expect(misnamed("西至田埂", "west", square, roads)).toEqual([]);
    const longer = [...roads, road("远山路二巷", at(300, 0), at(300, 200))];
    expect(misnamed("东至远山路二巷", "east", square, longer)).toEqual([]);
  });

  it("names nothing that does not touch the side, whatever is drawn", () => {
    const place = fc.tuple(fc.integer({ min: -200, max: 500 }), fc.integer({ min: -200, max: 500 }));
    const corners = fc.array(fc.integer({ min: 60, max: 300 }), { minLength: 5, maxLength: 11 });
    fc.assert(
      fc.property(
        corners,
        fc.array(fc.array(place, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        (radii, drawn) => {
          // A star: any radii give a ring that does not cross itself.
          const ring = radii.map((r, n) => {
            const angle = (2 * Math.PI * n) / radii.length;
            return at(150 + r * Math.cos(angle), 150 + r * Math.sin(angle));
          });
          const lines = drawn.map((line, n) => road(`路${n}号`, ...line.map(([x, y]) => at(x, y))));
          everyNameTouches([[[...ring, ring[0] as LonLat]]], lines);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("names nothing that does not touch the side in Guixi", (context) => {
    if (!existsSync(GUIXI)) return context.skip("../shared/data/osm-cn-guixi is not there");
    const read = (
      file: string,
    ): { features: { properties: Record<string, unknown>; geometry: { type: string; coordinates: unknown } }[] } =>
      JSON.parse(readFileSync(`${GUIXI}${file}`, "utf8"));
    const lines = read("guixi_roads.geojson").features.flatMap(({ properties, geometry }): NamedLine[] => {
      const name = properties["name"];
      if (typeof name !== "string" || name === "") return [];
      const parts = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
      return [{ kind: "road", name, lines: parts as LonLat[][] }];
    });
    expect(lines.length).toBeGreaterThan(50);
    const blocks = read("guixi_blocks_derived.geojson").features.map(
      ({ geometry }) =>
        (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates) as MultiPolygonRings,
    );
    const named = blocks.filter((_, n) => n % 3 === 0).map((block) => everyNameTouches(block, lines));
    // Blocks were cut out by roads: most of those that named roads surround say so.
    expect(named.filter((count) => count > 0).length).toBeGreaterThan(20);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth } from "../../web/layers/labels/text-size.ts";
import { type PixelPoint, type Plate, placePlates, plateRect } from "../../web/layers/staff/place-names.ts";

const START: PixelPoint = [0, 0];
const plate = (x: number, y: number): Plate => ({ at: [x, y], width: 160, height: 40 });
const rects = (plates: readonly Plate[], by = 1) => {
  const places = placePlates(plates, [], START);
  return plates.map((one, i) => {
    const { offset, anchor } = places[i] as (typeof places)[number];
    return plateRect({ ...one, at: [one.at[0] * by, one.at[1] * by] }, offset, anchor);
  });
};
type Rect = ReturnType<typeof plateRect>;
const meet = (a: Rect, b: Rect): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

describe("plates of names", () => {
  it("keep off the side of their post that the line comes from", () => {
    const [east, west, south] = placePlates([plate(300, 0), plate(-300, 0), plate(0, 300)], [], START);
    expect([east?.anchor, west?.anchor]).toEqual(["left", "right"]);
    // Above a post to the south the line comes in.
    expect(south?.anchor).not.toContain("bottom");
  });

  it("never cover each other, at this zoom or half a step nearer", () => {
    const places = fc.uniqueArray(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: -6, max: 6 })), {
      minLength: 2,
      maxLength: 8,
      selector: ([x, y]) => `${x},${y}`,
    });
    fc.assert(
      fc.property(places, (at) => {
        const plates = at.map(([x, y]) => plate(x * 190, y * 70));
        for (const by of [1, Math.SQRT2]) {
          const all = rects(plates, by);
          for (const [i, one] of all.entries())
            for (const other of all.slice(i + 1)) expect(meet(one, other)).toBe(false);
        }
      }),
    );
  });

  it("part even when posts stand side by side", () => {
    const [a, b, c] = rects([plate(200, 0), plate(212, 6), plate(205, -12)]) as [Rect, Rect, Rect];
    expect([meet(a, b), meet(b, c), meet(a, c)]).toEqual([false, false, false]);
  });

  it("move aside for a sign, and rather cover a closed case than a late one", () => {
    const sign = (x: number, y: number, weight: number) => ({ at: [x, y] as const, radius: 14, weight });
    const [free] = placePlates([plate(300, 0)], [], START, [1]);
    const aside = placePlates([plate(300, 0)], [sign(380, 0, 4)], START, [1])[0];
    expect(aside).not.toEqual(free);
    const rect = plateRect(plate(300, 0), aside?.offset ?? [0, 0], aside?.anchor ?? "");
    expect(meet(rect, [366, -14, 394, 14])).toBe(false);
    // Signs on a lattice all around, late to the east, closed elsewhere: something must be covered.
    const around = Array.from({ length: 21 * 21 }, (_, i) => [(i % 21) - 10, Math.floor(i / 21) - 10] as const);
    const signs = around.map(([x, y]) => sign(300 + x * 28, y * 28, x > 0 ? 6 : 0.6));
    expect(placePlates([plate(300, 0)], signs, START, [1])[0]?.anchor).toBe("right");
  });

  it("are the same in every run", () => {
    const plates = [plate(10, 10), plate(20, 15), plate(-40, 60)];
    expect(placePlates(plates, [], START)).toEqual(placePlates(plates, [], START));
  });

  it("keep room for Han signs twice as wide as Latin letters", () => {
    expect(textWidth("网格长", 10)).toBe(30);
    expect(textWidth("abc", 10)).toBeLessThan(20);
    expect(textWidth("网格长网格长", 10, 4)).toBe(40);
  });
});

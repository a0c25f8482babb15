import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClassInfo } from "../../web/app/county-info.ts";
import { ownPart } from "../../web/seats/field/area/own-part.ts";
import { holds, phonePlane, viewOf, zoomedAt } from "../../web/seats/field/area/phone-plane.ts";
import { pixelate, rectBetween } from "../../web/seats/field/photo/pixelate.ts";
import { admittedClasses } from "../../web/seats/field/report/admitted-classes.ts";
import "../helpers/property-seed.ts";

const lon = fc.double({ min: 98, max: 117, noNaN: true });
const lat = fc.double({ min: 29, max: 41, noNaN: true });

describe("the phone's map", () => {
  it("gives back the place that was tapped", () => {
    fc.assert(
      fc.property(lon, lat, fc.double({ min: -5000, max: 5000, noNaN: true }), (lon0, lat0, away) => {
        const { toXy, toLonLat } = phonePlane([lon0, lat0]);
        const [x, y] = toXy(toLonLat(away, -away));
        expect(x).toBeCloseTo(away, 4);
        expect(y).toBeCloseTo(-away, 4);
      }),
    );
  });

  it("keeps the point under the finger where it is while it zooms", () => {
    const view = { x: 10, y: 20, width: 400 };
    const at = [110, -30] as const;
    const closer = zoomedAt(view, 2, at);
    expect(closer.width).toBe(200);
    expect((at[0] - closer.x) / closer.width).toBeCloseTo((at[0] - view.x) / view.width);
    expect((at[1] - closer.y) / closer.width).toBeCloseTo((at[1] - view.y) / view.width);
  });

  it("shows the whole area", () => {
    const { x, y, width } = viewOf(
      [
        [-100, 0],
        [100, 0],
        [0, 300],
      ],
      360,
      225,
    );
    expect(x).toBe(0);
    expect(y).toBe(150);
    expect(width * (225 / 360)).toBeGreaterThan(300);
  });

  it("tells inside from outside, holes too", () => {
    const square = (low: number, high: number) =>
      [
        [low, low],
        [high, low],
        [high, high],
        [low, high],
        [low, low],
      ] as const;
    const polygons = [[square(0, 10), square(4, 6)]];
    expect(holds(polygons, [2, 2])).toBe(true);
    expect(holds(polygons, [5, 5])).toBe(false);
    expect(holds(polygons, [12, 5])).toBe(false);
  });

  it("names a neighbour by what tells it apart", () => {
    expect(ownPart("云和园社区第五网格", "云和园社区第七网格")).toBe("第五网格");
    expect(ownPart("南河村", "云和园社区第七网格")).toBe("南河村");
    expect(ownPart("云和园社区", "云和园社区第七网格")).toBe("云和园社区");
  });
});

describe("covering a face", () => {
  const image = (width: number, height: number) =>
    Uint8ClampedArray.from({ length: width * height * 4 }, (_, n) => (n % 4 === 3 ? 255 : (n * 37) % 251));

  it("leaves at most six blocks along a side, and nothing outside is touched", () => {
    fc.assert(
      fc.property(fc.nat(39), fc.nat(29), fc.nat(39), fc.nat(29), (x1, y1, x2, y2) => {
        const [width, height] = [40, 30];
        const rect = rectBetween([x1, y1], [x2 + 1, y2 + 1], width, height);
        const before = image(width, height);
        const after = image(width, height);
        pixelate(after, width, rect);
        const colours = new Set<string>();
        let touched = 0;
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const at = (y * width + x) * 4;
            const inside = x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
            if (inside) colours.add(after.slice(at, at + 3).join());
            else if ([0, 1, 2, 3].some((n) => after[at + n] !== before[at + n])) touched++;
          }
        expect(touched).toBe(0);
        expect(colours.size).toBeLessThanOrEqual(36);
      }),
    );
  });

  it("stays inside the picture, however far the finger went", () => {
    expect(rectBetween([-50, 10], [500, 12], 100, 80)).toEqual({ x: 0, y: 10, width: 100, height: 2 });
  });
});

describe("classes of a report", () => {
  const classes = ["01001", "01002", "02003", "80001"].map(
    (code): ClassInfo => ({ code, kind: "matter", major: code.slice(0, 2), name: code, nameEn: code }),
  );
  const item = (prefixes: string[], kind: "UNDERTAKE" | "FORBIDDEN" | "ASSIST") => ({
    id: prefixes.join(),
    item: "",
    department: "",
    classes: prefixes,
    kind,
  });
  const used = [
    { key: ["01002"], count: 7 },
    { key: ["02003"], count: 9 },
  ];
  const codes = (admissionList: ReturnType<typeof item>[]) =>
    admittedClasses(classes, { admissionList, stats: { groups: used } }).map(({ code }) => code);

  it("are those that the list takes on, most used first", () => {
    expect(codes([item(["01"], "UNDERTAKE"), item(["80"], "ASSIST")])).toEqual(["01002", "01001", "80001"]);
  });
  it("leave out what the list refuses, whatever else admits it", () => {
    expect(codes([item(["01"], "UNDERTAKE"), item(["01002"], "FORBIDDEN")])).toEqual(["01001"]);
  });
  it("are all of the county's where its list names none", () => {
    expect(codes([item([], "UNDERTAKE")])).toEqual(["02003", "01002", "01001", "80001"]);
  });
});

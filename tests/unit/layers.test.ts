import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeColumns } from "../../data/columns/format.ts";
import { histogramByDay, zoneOffsetSeconds } from "../../data/columns/histogram.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { adjacencyOf } from "../../data/metrics/adjacency.ts";
import { DEFAULT_VIEW, LAYER_IDS } from "../../web/app/view-state.ts";
import type { AreaFeature } from "../../web/data/county-data.ts";
import { dashes, viewRing } from "../../web/layers/cameras/camera-views.ts";
import { rampColour, rampPosition } from "../../web/layers/heat/ramp.ts";
import { hatch } from "../../web/layers/ownership/ownership.layer.ts";
import {
  medianCommunityWidth,
  ownershipColour,
  ownershipCounts,
  ownershipUnits,
  showsUnits,
  UNITS_FROM_PX,
  unitNameFits,
  widthPx,
} from "../../web/layers/ownership/ownership.ts";
import { LAYERS, partsOf } from "../../web/layers/registry.ts";
import { mergeEnds, type StaffLink, toStaffLinks } from "../../web/layers/staff/staff-links.ts";
import { describeLink } from "../../web/layers/staff/staff-names.ts";
import { areaIndex, closestKnown } from "../../web/map/area-index.ts";
import { scaleBar } from "../../web/map/map-status.tsx";
import { PALETTES, unitColour } from "../../web/map/palette.ts";
import { areaAt } from "../../web/map/pick-area.ts";
import { moveEdge, moveWindow, playFor, playFrom, wholeDays } from "../../web/map/playback.ts";
import { createSmallTown, SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import { countyAnswers } from "../helpers/county-answers.ts";

const town = createSmallTown();
const answers = countyAnswers(town, SMALL_TOWN_AS_OF);
const columns = incidentColumns(decodeColumns(answers.incidents));
const areas = answers
  .areas(["county", "town", "community", "grid"])
  .features.map(({ properties, geometry }) => ({ ...properties, geometry }) as unknown as AreaFeature);
const index = areaIndex(areas);

describe("layer registry", () => {
  it("has every layer under its own id, in both languages", () => {
    for (const id of LAYER_IDS) {
      const { texts, ...layer } = LAYERS[id];
      expect(layer.id).toBe(id);
      expect(layer.style ?? layer.deck).toBeDefined();
      expect(Object.keys(texts.en).sort()).toEqual(Object.keys(texts["zh-CN"]).sort());
      expect(texts["zh-CN"].name).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it("fetches only what is on screen", () => {
    const view = { ...DEFAULT_VIEW, layers: ["outlines", "incidents"] as const };
    expect(partsOf({ view, zoom: 18 })).toEqual([]);
    expect(partsOf({ view: { ...view, layers: ["context"] }, zoom: 12 })).toEqual([]);
    expect(partsOf({ view: { ...view, layers: ["context"] }, zoom: 15 })).toContain("footprints");
    expect(partsOf({ view: { ...view, layers: ["heat"], heatPer: "households" }, zoom: 12 })).toEqual(["buildings"]);
  });
});

describe("ownership", () => {
  it("gives touching units different colours and one unit one colour", () => {
    const units = ownershipUnits(index);
    const adjacency = adjacencyOf(
      index.lowest.flatMap((area) => (area.owner ? [{ key: area.owner.id, rings: area.geometry.coordinates }] : [])),
    );
    let pairs = 0;
    for (const [unit, around] of adjacency) {
      for (const other of around) {
        pairs++;
        expect(unitColour(PALETTES.dark, units.get(unit)?.colour ?? -1)).not.toBe(
          unitColour(PALETTES.dark, units.get(other)?.colour ?? -1),
        );
      }
    }
    expect(pairs).toBeGreaterThan(20);
  });

  it("knows only owned, expired and nobody from afar", () => {
    const palette = PALETTES.dark;
    const units = ownershipUnits(index);
    const colours = new Set(index.lowest.map((area) => ownershipColour(palette, units, area.owner, false)));
    expect([...colours].sort()).toEqual([palette.expired, palette.owned, palette.unowned].sort());
    const { owned, expired, unowned } = ownershipCounts(index, SMALL_TOWN);
    expect(owned + expired + unowned).toBe(48);
    expect(Math.min(owned, expired, unowned)).toBeGreaterThan(0);
  });

  it("colours units once the median community is wide enough on screen, or one is drilled to", () => {
    const view = { ...DEFAULT_VIEW, area: SMALL_TOWN };
    const widths = index.areas
      .filter(({ level }) => level === "community")
      .map(({ code }) => index.bboxes.get(code) ?? [0, 0, 0, 0])
      .map(([west, , east]) => east - west);
    const median = medianCommunityWidth(index);
    expect(widths.filter((width) => width <= median).length).toBeGreaterThanOrEqual(widths.length / 2);
    expect(widths.filter((width) => width >= median).length).toBeGreaterThanOrEqual(widths.length / 2);
    const steps = Array.from({ length: 30 }, (_, i) => 5 + i / 2);
    const first = steps.find((zoom) => showsUnits({ zoom, view, index })) ?? Number.NaN;
    expect(widthPx([0, 0, median, 0], first + 0.25)).toBeGreaterThanOrEqual(UNITS_FROM_PX);
    expect(widthPx([0, 0, median, 0], first - 0.25)).toBeLessThan(UNITS_FROM_PX);
    expect(showsUnits({ zoom: 5, view: { ...view, area: `${SMALL_TOWN}001002` }, index })).toBe(true);
  });

  it("writes a unit's name only where it fits its grid", () => {
    const grid = `${SMALL_TOWN}001002002`;
    expect(unitNameFits(index, grid, "某某物业服务公司", 12, 10)).toBe(false);
    expect(unitNameFits(index, grid, "某某物业服务公司", 12, 17)).toBe(true);
    const box = index.bboxes.get(grid) ?? [0, 0, 0, 0];
    expect(unitNameFits(index, grid, "一".repeat(9), widthPx(box, 14) / 9, 14)).toBe(true);
    expect(unitNameFits(index, grid, "一".repeat(9), widthPx(box, 14) / 6, 14)).toBe(false);
    expect(unitNameFits(index, "999999001", "某", 12, 17)).toBe(false);
  });

  it("repeats its hatch without a seam", () => {
    const { width, data } = hatch([255, 255, 255], 1);
    const alpha = (x: number, y: number): number => data[((y % width) * width + (x % width)) * 4 + 3] as number;
    for (let y = 0; y < width; y++) for (let x = 0; x < width; x++) expect(alpha(x + 1, y)).toBe(alpha(x, y + 1));
  });
});

describe("camera views", () => {
  it("are wedges in metres around the azimuth, clockwise from north", () => {
    const ring = viewRing([112.7, 40], 90, 60, 100) ?? [];
    const lons = ring.map(([lon]) => lon);
    // East of the camera by 100 m: 100 / (111195 · cos 40°) degrees.
    expect(Math.max(...lons) - 112.7).toBeCloseTo(100 / (111_195 * Math.cos((40 * Math.PI) / 180)), 5);
    expect(Math.min(...lons)).toBe(112.7);
    expect(ring[0]).toEqual(ring.at(-1));
  });

  it("are circles all round, nothing without a range, and broken lines when offline", () => {
    const circle = viewRing([112.7, 40], undefined, 360, 50) ?? [];
    expect(circle.length).toBe(61);
    expect(viewRing([112.7, 40], 10, 60, 0)).toBeUndefined();
    expect(dashes(circle).length).toBeGreaterThan(20);
  });
});

describe("linked staff", () => {
  const link = (over: Partial<StaffLink>): StaffLink => ({
    postId: "p",
    kind: "FULL_TIME",
    place: "中心",
    point: [112.7, 40],
    name: "甲",
    onDuty: true,
    lead: false,
    phone: undefined,
    ofResponsible: false,
    ...over,
  });

  it("merges lines with a common end and puts who answers now first", () => {
    const ends = mergeEnds([
      link({ name: "闲", onDuty: false }),
      link({ name: "远", point: [112.8, 40], kind: "POLICE" }),
      link({ name: "长", lead: true, kind: "GRID_LEADER" }),
      link({ name: null, point: [112.9, 40], onDuty: false }),
    ]);
    expect(ends.map((end) => end.links.map(({ name }) => name))).toEqual([["长", "闲"], ["远"], [null]]);
    expect(ends.map((end) => end.answersNow)).toEqual([true, false, false]);
    expect(ends[2]?.onDuty).toBe(false);
  });

  it("says nobody answers when nobody is on duty", () => {
    expect(mergeEnds([link({ onDuty: false }), link({ name: null, onDuty: false })])[0]?.answersNow).toBe(false);
    expect(mergeEnds([])).toEqual([]);
  });

  it("shows a phone on the desk and never on the wall", () => {
    const person = link({ phone: "000-0000-0001" });
    expect(describeLink(person, "zh-CN", "desk")).toContain("000-0000-0001");
    expect(describeLink(person, "zh-CN", "wall")).not.toContain("000");
    expect(describeLink(link({ name: null, onDuty: false }), "en", "wall")).toContain("nobody on duty");
  });

  it("starts lines at the incident when there is one, else at the area's label", () => {
    const area = { code: "c", name: "n", label: [1, 2], responsible: null, staffLinks: [] };
    expect(toStaffLinks(area).from).toEqual([1, 2]);
    expect(toStaffLinks(area, [3, 4]).from).toEqual([3, 4]);
  });
});

describe("picking and indexes", () => {
  const inGrid = index.byCode.get(`${SMALL_TOWN}001002002`)?.label ?? [0, 0];

  it("means the next level down inside the area, and a neighbour outside it", () => {
    expect(areaAt(index, inGrid, SMALL_TOWN)?.code).toBe(`${SMALL_TOWN}001`);
    expect(areaAt(index, inGrid, `${SMALL_TOWN}001`)?.code).toBe(`${SMALL_TOWN}001002`);
    expect(areaAt(index, inGrid, `${SMALL_TOWN}001002`)?.code).toBe(`${SMALL_TOWN}001002002`);
    expect(areaAt(index, inGrid, `${SMALL_TOWN}002001`)?.code).toBe(`${SMALL_TOWN}001002`);
    expect(areaAt(index, [100, 10], SMALL_TOWN)).toBeUndefined();
  });

  it("falls back to the closest area it knows", () => {
    expect(closestKnown(index, `${SMALL_TOWN}001009001`)?.code).toBe(`${SMALL_TOWN}001`);
  });
});

describe("time", () => {
  it("counts every case in the county's own days", () => {
    const rows = Uint32Array.from({ length: columns.rows }, (_, i) => i);
    const offset = zoneOffsetSeconds("Asia/Shanghai", columns.asOf);
    expect(offset).toBe(8 * 3600);
    const histogram = histogramByDay(columns, rows, [columns.opened[0] as number, columns.asOf], offset);
    expect(histogram.counts.reduce((sum, n) => sum + n, 0)).toBe(700);
    expect((histogram.start + offset) % 86_400).toBe(0);
  });

  it("keeps the window inside and at least a day wide", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 399 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: -500, max: 500 }),
        (length, start, width, by) => {
          const from = Math.min(start, length - 1);
          const window = { from, to: Math.min(length, from + width) };
          for (const next of [
            moveWindow(window, by, length),
            moveEdge(window, "from", by, length),
            moveEdge(window, "to", by, length),
            playFor(playFrom(window, length), 3.4, length).window,
            wholeDays(playFor(window, 0.7, length).window, length),
          ]) {
            expect(next.from).toBeGreaterThanOrEqual(0);
            expect(next.to).toBeLessThanOrEqual(length);
            expect(next.to - next.from).toBeGreaterThanOrEqual(1);
          }
        },
      ),
    );
  });

  it("plays to the end and says so", () => {
    let window = playFrom({ from: 0, to: 30 }, 30);
    expect(window).toEqual({ from: 0, to: 7 });
    let steps = 0;
    for (let ended = false; !ended && steps < 100; steps++) ({ window, ended } = playFor(window, 1, 30));
    expect(steps).toBe(23);
    expect(window.to).toBe(30);
  });
});

describe("scales", () => {
  it("grow in lightness on dark and fall on light, from nothing to full", () => {
    const light = ([r, g, b]: readonly number[]): number =>
      0.2126 * (r as number) + 0.7152 * (g as number) + 0.0722 * (b as number);
    for (let i = 1; i <= 20; i++) {
      expect(light(rampColour(i / 20, "dark"))).toBeGreaterThan(light(rampColour((i - 1) / 20, "dark")));
      expect(light(rampColour(i / 20, "light"))).toBeLessThan(light(rampColour((i - 1) / 20, "light")));
    }
    expect(rampColour(0, "dark")[3]).toBe(0);
    expect(rampPosition(25, 100)).toBe(0.5);
  });

  it("draw a bar of a round length that fits", () => {
    for (const metresPerPixel of [0.3, 1.7, 42, 900]) {
      const { metres, px } = scaleBar(metresPerPixel, 112);
      expect(px).toBeLessThanOrEqual(112);
      expect(px).toBeGreaterThan(112 / 2.6);
      expect([1, 2, 5]).toContain(metres / 10 ** Math.floor(Math.log10(metres) + 1e-9));
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeColumns } from "../../data/columns/format.ts";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import { createSmallTown, SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import { chromiumPath } from "../helpers/browser.ts";
import { countyAnswers } from "../helpers/county-answers.ts";
import { type MapHarness, type OpenPage, startMapHarness } from "../helpers/map-harness.ts";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** What an imported city without base map, buildings and household figures answers (issue 2: Boston 311). */
function bareAnswers() {
  const whole = countyAnswers(createSmallTown(), SMALL_TOWN_AS_OF);
  return {
    context: NOTHING,
    footprints: NOTHING,
    compounds: NOTHING,
    buildings: encodeColumns({
      layer: "buildings",
      county: SMALL_TOWN,
      rows: 0,
      version: "fixture",
      asOf: 0,
      columns: {
        lon: new Int32Array(0),
        lat: new Int32Array(0),
        households: new Uint16Array(0),
        grid: new Uint32Array(0),
      },
      dictionaries: { grids: [] },
    }),
    areas: (levels: Parameters<typeof whole.areas>[0]): FeatureCollection => {
      const { features } = whole.areas(levels);
      const strip = (properties: unknown) => ({ ...(properties as object), households: null, owner: null });
      return {
        type: "FeatureCollection",
        features: features.map((one) => ({ ...one, properties: strip(one.properties) })),
      };
    },
  };
}

describe.skipIf(!chromiumPath())("a county without base map, buildings and households", () => {
  let harness: MapHarness;
  let open: OpenPage;
  beforeAll(async () => {
    harness = await startMapHarness(bareAnswers());
    open = await harness.open(960, 540, {
      widgets: true,
      pixelRatio: 0.5,
      view: { county: SMALL_TOWN, layers: ["context", "heat", "outlines", "labels"] },
    });
    await open.idle();
  });
  afterAll(() => harness?.close());

  const legend = async (): Promise<string> =>
    (await open.page.locator('.legend-entry[data-layer="heat"]').textContent()) ?? "";

  it("shows names, borders and heat per km² on an empty ground", async () => {
    expect((await open.page.evaluate(() => window.__jingweiNames())).names.length).toBeGreaterThan(5);
    expect(await legend()).toContain("件 / km²");
    expect(await legend()).toContain("692");
  });

  it("says why there is no heat per household", async () => {
    await open.show({ heatPer: "households" });
    expect(await legend()).toContain("不能按每百户计算");
    await open.show({ heatMode: "cells" });
    expect(await legend()).toContain("不能按每百户计算");
  });

  it("draws every other layer, near as well", async () => {
    await open.show({
      layers: ["context", "ownership", "outlines", "cameras", "incidents", "labels"],
      area: `${SMALL_TOWN}001002002`,
    });
    expect((await open.page.evaluate(() => window.__jingweiNames())).names.length).toBeGreaterThan(0);
    expect(open.complaints).toEqual([]);
  });
});

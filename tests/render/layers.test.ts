import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAYER_IDS, type LayerId, type ViewState } from "../../web/app/view-state.ts";
import { SMALL_TOWN } from "../fixtures/small-town.ts";
import { chromiumPath } from "../helpers/browser.ts";
import type { CountyAnswers } from "../helpers/county-answers.ts";
import { compareGolden } from "../helpers/golden.ts";
import { type MapHarness, type OpenPage, startMapHarness } from "../helpers/map-harness.ts";

/** Cases per layer: the layer on the ground it needs to be read on. A layer without one does not compile. */
const CASES: Readonly<
  Record<LayerId, readonly { readonly name: string; readonly view: Partial<ViewState>; readonly visitor?: boolean }[]>
> = {
  basemap: [
    { name: "basemap", view: { layers: ["basemap", "context", "outlines"] } },
    { name: "basemap-light", view: { layers: ["basemap", "context", "outlines"], theme: "light" } },
  ],
  context: [
    { name: "context", view: { layers: ["context"] } },
    { name: "context-near", view: { layers: ["context"], area: `${SMALL_TOWN}001002002` } },
    { name: "context-light", view: { layers: ["context"], theme: "light" } },
    { name: "context-without", view: { layers: ["context"], ground: ["railways"] } },
  ],
  heat: [
    { name: "heat-smooth-km2", view: { layers: ["heat", "outlines"] } },
    { name: "heat-cells-km2", view: { layers: ["heat", "outlines"], heatMode: "cells" } },
    {
      name: "heat-cells-households-light",
      view: { layers: ["heat", "outlines"], heatMode: "cells", heatPer: "households", theme: "light" },
    },
    { name: "heat-smooth-households", view: { layers: ["heat", "outlines"], heatPer: "households" } },
  ],
  ownership: [
    { name: "ownership-county", view: { layers: ["ownership"], camera: { lon: 112.7, lat: 40.01, zoom: 10.8 } } },
    { name: "ownership-units", view: { layers: ["ownership"], area: `${SMALL_TOWN}001002` } },
  ],
  // Asked for as cases: visitors see published counts in their place.
  published: [
    { name: "published", visitor: true, view: { layers: ["ownership", "outlines", "incidents"] } },
    { name: "published-light", visitor: true, view: { layers: ["outlines", "incidents"], theme: "light" } },
  ],
  outlines: [{ name: "outlines", view: { layers: ["outlines"], area: `${SMALL_TOWN}001` } }],
  cameras: [{ name: "cameras", view: { layers: ["outlines", "cameras"], area: `${SMALL_TOWN}002002` } }],
  incidents: [
    { name: "incidents-far", view: { layers: ["outlines", "incidents"] } },
    { name: "incidents-near", view: { layers: ["outlines", "incidents"], area: `${SMALL_TOWN}001001001` } },
  ],
  whistles: [
    { name: "whistles", view: { layers: ["outlines", "whistles"] } },
    { name: "whistles-light", view: { layers: ["outlines", "whistles"], theme: "light" } },
  ],
  staff: [{ name: "staff", view: { layers: ["outlines", "staff", "labels"], area: `${SMALL_TOWN}001002002` } }],
  labels: [{ name: "labels", view: { layers: ["outlines", "labels"] } }],
};

/** What the view is between cases. */
const PLAIN: Partial<ViewState> = {
  area: SMALL_TOWN,
  camera: undefined,
  heatMode: "smooth",
  heatPer: "km2",
  ground: ["water", "roads", "railways"],
  theme: "dark",
  layers: [],
};

/** A base map of orange stripes, which no other layer has. */
const stripes = new Uint8Array(256 * 256 * 3).map((_, i) => {
  const dark = Math.floor(i / 3 / 256 / 32) % 2 === 0;
  return [dark ? 200 : 250, dark ? 90 : 160, 40][i % 3] as number;
});
const BASE_MAP: CountyAnswers["basemap"] = {
  tile: encode({ width: 256, height: 256, data: stripes, channels: 3 }),
  description: {
    ...{ county: SMALL_TOWN, kind: "pmtiles", type: "raster", tileSize: 256, minzoom: 0, maxzoom: 16, bounds: null },
    tiles: `/basemap/${SMALL_TOWN}/{z}/{x}/{y}?v=1`,
    ...{ source: "省自然资源厅", reviewNumber: "晋S(2023)005号", addedAt: "2026-01-15T00:00:00Z" },
  },
};

describe.skipIf(!chromiumPath())("golden image of each layer", () => {
  let harness: MapHarness;
  let open: OpenPage;
  beforeAll(async () => {
    harness = await startMapHarness({ basemap: BASE_MAP });
    open = await harness.open(960, 540, { view: { county: SMALL_TOWN, layers: ["outlines"] } });
    await open.idle();
  });
  afterAll(() => harness?.close());

  for (const layer of LAYER_IDS) {
    for (const { name, view, visitor = false } of CASES[layer]) {
      it(name, async () => {
        await open.page.evaluate((on) => window.__jingweiVisit(on), visitor);
        await open.show({ ...PLAIN, ...view });
        expect(compareGolden(`layers/${name}`, await open.page.screenshot(), 1)).toBeUndefined();
      });
    }
  }

  it("shows who made the base map and its review number, as long as the map is on", async () => {
    const credit = open.page.locator(".map-review");
    await open.show({ ...PLAIN, layers: ["basemap", "outlines"] });
    expect(await credit.textContent()).toBe("底图来源：省自然资源厅　审图号：晋S(2023)005号");
    await open.show({ layers: ["outlines"] });
    expect(await credit.count()).toBe(0);
  });

  it("leaves the console clean and asks no other host", () => {
    expect(open.complaints).toEqual([]);
  });
});

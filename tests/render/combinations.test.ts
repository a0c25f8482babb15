import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AREA_FILLS, LAYER_IDS, type LayerId } from "../../web/app/view-state.ts";
import { SMALL_TOWN } from "../fixtures/small-town.ts";
import { chromiumPath } from "../helpers/browser.ts";
import { compareGolden } from "../helpers/golden.ts";
import { type MapHarness, type OpenPage, startMapHarness } from "../helpers/map-harness.ts";

const POINTS: readonly LayerId[] = ["cameras", "incidents", "staff"];
const GROUND: readonly LayerId[] = ["context", "outlines", "labels"];

/**
 * Every permitted combination: no fill or one of them, with every subset of the point layers; each differs from the one before
 * in one of these, since what is switched on again is prepared again.
 */
const combinations = [undefined, ...AREA_FILLS].flatMap((fill) =>
  Array.from({ length: 2 ** POINTS.length }, (_, n) => {
    const bits = n ^ (n >> 1);
    const points = POINTS.filter((_, i) => bits & (1 << i));
    const on = [...GROUND, ...(fill ? [fill] : []), ...points];
    return {
      name: [fill ?? "none", ...points].join("+"),
      layers: LAYER_IDS.filter((id) => on.includes(id)),
    };
  }),
);

/**
 * Layout is that of the full size; pixels are drawn at `ratio`, at least twice as finely as they are compared, since
 * software draws a full wall in half a minute.
 */
const SIZES = [
  { width: 1920, height: 1080, rem: 20, zoom: 13.3, ratio: 0.5 },
  { width: 3840, height: 1080, rem: 20, zoom: 13.3, ratio: 0.5 },
  { width: 3840, height: 2160, rem: 40, zoom: 14.3, ratio: 0.25 },
] as const;
/** Width of a golden image, pixels. */
const GOLDEN_PX = 480;

describe.skipIf(!chromiumPath())("golden image of every permitted combination", () => {
  let harness: MapHarness;
  beforeAll(async () => {
    harness = await startMapHarness();
  });
  afterAll(() => harness?.close());

  for (const { width, height, rem, zoom, ratio } of SIZES) {
    describe(`${width} × ${height}`, () => {
      let open: OpenPage;
      beforeAll(async () => {
        open = await harness.open(width, height, {
          rem,
          pixelRatio: ratio,
          seat: "wall",
          view: { county: SMALL_TOWN, layers: [...GROUND], incidentRef: 655, camera: { lon: 112.7, lat: 40.01, zoom } },
        });
        await open.idle();
      });
      afterAll(() => open?.page.context().close());

      for (const { name, layers } of combinations) {
        it(name, async () => {
          await open.show({ layers });
          const shown = await open.page.screenshot();
          expect(compareGolden(`${width}x${height}/${name}`, shown, (width * ratio) / GOLDEN_PX)).toBeUndefined();
        });
      }

      it("leaves the console clean and asks no other host", () => {
        expect(open.complaints).toEqual([]);
      });
    });
  }
});

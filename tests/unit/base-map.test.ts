import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeReviewNumber } from "../../data/basemap/base-map.ts";
import { type RgbaImage, resample } from "../../data/basemap/resample.ts";
import {
  degreeTiles,
  firstMatrixOf,
  mercatorAddress,
  serviceTemplate,
  tileUrl,
} from "../../data/basemap/service-address.ts";
import { tileEdges, toDegrees } from "../../data/basemap/tile-edges.ts";
import { Prng } from "../../data/demo/prng.ts";

/** Colour of one output pixel straight from the definition: each source pixel by the area that the footprint covers. */
function bruteForce(source: RgbaImage, columns: Float64Array, rows: Float64Array, x: number, y: number): number[] {
  const span = (edges: Float64Array, i: number): [number, number] => {
    const [a, b] = [edges[i] as number, edges[i + 1] as number];
    const width = Math.max(1, b - a);
    return [(a + b - width) / 2, (a + b + width) / 2];
  };
  const [west, east] = span(columns, x);
  const [north, south] = span(rows, y);
  const sums = [0, 0, 0, 0];
  for (let sy = 0; sy < source.height; sy++)
    for (let sx = 0; sx < source.width; sx++) {
      const overlap =
        Math.max(0, Math.min(east, sx + 1) - Math.max(west, sx)) *
        Math.max(0, Math.min(south, sy + 1) - Math.max(north, sy));
      const at = (sy * source.width + sx) * 4;
      const alpha = (overlap / ((east - west) * (south - north))) * ((source.data[at + 3] as number) / 255);
      for (let c = 0; c < 3; c++) sums[c] = (sums[c] as number) + (source.data[at + c] as number) * alpha;
      sums[3] = (sums[3] as number) + alpha;
    }
  const alpha = sums[3] as number;
  if (alpha === 0) return [0, 0, 0, 0];
  return [...sums.slice(0, 3).map((sum) => sum / alpha), alpha * 255];
}

describe("resampling", () => {
  it("is what the definition gives, enlarged, reduced, shifted and beyond the edge", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: -3, max: 5, noNaN: true }),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.integer(),
        (width, height, start, step, growth, seed) => {
          const prng = new Prng(String(seed));
          const data = Uint8Array.from({ length: width * height * 4 }, () => prng.int(0, 255));
          const edges = Float64Array.from({ length: 8 }, (_, i) => start + i * step + i * i * growth);
          const source = { width, height, data };
          const out = resample(
            source,
            edges,
            edges.map((edge) => edge * 0.7),
          );
          const rows = edges.map((edge) => edge * 0.7);
          for (let y = 0; y < 7; y++)
            for (let x = 0; x < 7; x++) {
              const expected = bruteForce(source, edges, rows, x, y);
              const found = [...out.data.slice((y * 7 + x) * 4, (y * 7 + x) * 4 + 4)];
              if ((expected[3] as number) < 0.6) expect(found[3]).toBeLessThanOrEqual(1);
              else
                for (const [c, value] of found.entries())
                  expect(Math.abs(value - (expected[c] as number))).toBeLessThanOrEqual(1);
            }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("leaves a picture on its own grid as it is", () => {
    const prng = new Prng("same");
    const data = Uint8Array.from({ length: 5 * 4 * 4 }, (_, i) => (i % 4 === 3 ? 255 : prng.int(0, 255)));
    const edges = (size: number): Float64Array => Float64Array.from({ length: size + 1 }, (_, i) => i);
    expect([...resample({ width: 5, height: 4, data }, edges(5), edges(4)).data]).toEqual([...data]);
  });
});

describe("edges of a tile's pixels", () => {
  it("are the corners of the world at zoom 0, and run on from tile to tile", () => {
    const { x, y } = tileEdges({ z: 0, x: 0, y: 0 }, 256, "EPSG:4490");
    expect([x[0], x[256]]).toEqual([-180, 180]);
    expect(y[0]).toBeCloseTo(85.0511287798066, 10);
    expect(y[128]).toBeCloseTo(0, 12);
    const metres = tileEdges({ z: 0, x: 0, y: 0 }, 256, "EPSG:3857");
    expect([metres.x[0], metres.y[0]]).toEqual([-20037508.342789244, 20037508.342789244]);
    const [a, b] = [
      tileEdges({ z: 9, x: 417, y: 194 }, 512, "EPSG:4326"),
      tileEdges({ z: 9, x: 418, y: 195 }, 512, "EPSG:4326"),
    ];
    expect(a.x[512]).toBe(b.x[0]);
    expect(a.y[512]).toBe(b.y[0]);
    // By PROJ: 113.3 E, 45 N.
    const [lon, lat] = toDegrees(12_612_498.306877896, 5_621_521.486192066, "EPSG:3857");
    expect(lon).toBeCloseTo(113.3, 6);
    expect(lat).toBeCloseTo(45, 9);
  });
});

describe("addresses of tile services", () => {
  it("of 天地图's degree grid are those of its manual", () => {
    // T=vec_c: level 1 has two tiles of 180 degrees. Beijing, 116.39 E 39.9 N, at level 10: column 843, row 142.
    const z = 10;
    const column = Math.floor(((116.39 + 180) / 360) * 2 ** z);
    const edges = tileEdges({ z, x: column, y: 388 }, 256, "EPSG:4490");
    const { addresses, north, pixel } = degreeTiles(
      { z, x: column, y: 388 },
      [edges.y[0] as number, edges.y[256] as number],
      firstMatrixOf("EPSG:4490"),
    );
    expect([(edges.y[0] as number) > 39.9, (edges.y[256] as number) < 39.9]).toEqual([true, true]);
    expect(addresses.map(({ matrix, column: x }) => [matrix, x])).toContainEqual([10, 843]);
    expect(addresses.map(({ row }) => row)).toContain(Math.floor((90 - 39.9) / (360 / 1024)));
    expect(north).toBeGreaterThanOrEqual(edges.y[0] as number);
    expect(pixel).toBe(360 / 1024 / 256);
  });

  it("cover every tile with the rows below it, and not more than three", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 18 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (z, share) => {
        const tile = { z, x: 0, y: Math.floor(share * 2 ** z) };
        const { y } = tileEdges(tile, 256, "EPSG:4490");
        const [top, bottom] = [y[0] as number, y[256] as number];
        const { addresses, north, pixel } = degreeTiles(tile, [top, bottom], 1);
        const south = north - addresses.length * pixel * 256;
        expect(addresses.length).toBeGreaterThan(0);
        expect(addresses.length).toBeLessThanOrEqual(3);
        expect(north).toBeGreaterThanOrEqual(top);
        expect(south).toBeLessThanOrEqual(bottom);
        for (const { row } of addresses) expect(row >= 0 && row < 2 ** (z - 1)).toBe(true);
      }),
    );
  });

  it("are filled into templates of either form, and asked for by key and value", () => {
    const address = mercatorAddress({ z: 7, x: 104, y: 48 }, 0);
    expect(tileUrl(serviceTemplate("http://map.gov.example/t/{z}/{x}/{y}.png", undefined), address)).toBe(
      "http://map.gov.example/t/7/104/48.png",
    );
    const wmts = { layer: "vec", style: "default", matrixSet: "c", format: "tiles" };
    expect(
      tileUrl(serviceTemplate("https://10.1.2.3:8080/vec_c/wmts?tk=k%2B1&request=GetCapabilities", wmts), address),
    ).toBe(
      "https://10.1.2.3:8080/vec_c/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&tk=k%2B1&TILEMATRIX=7&TILEROW=48&TILECOL=104",
    );
    expect(
      tileUrl(serviceTemplate("http://h/rest/{TileMatrix}/{TileRow}/{TileCol}?m=EPSG:4490:{z}", undefined), address),
    ).toBe("http://h/rest/7/48/104?m=EPSG:4490:7");
  });

  it.each([
    ["file:///etc/passwd", /no way/],
    ["ftp://h/{z}/{x}/{y}", /no way/],
    ["http://{z}.h/{x}/{y}", /host has a placeholder/],
    ["http://a:b@h/{z}/{x}/{y}", /user name/],
    ["http://h/{z}/{x}", /placeholders are missing/],
    ["http://h/{z}/{x}/{y}/{s}", /\{s\} is not known/],
    ["tiles/{z}/{x}/{y}", /not an address/],
  ])("%s is refused", (text, why) => {
    expect(() => serviceTemplate(text, undefined)).toThrow(why);
  });

  it("knows a review number when it sees one", () => {
    for (const good of ["GS(2024)0650号", "GS京（2022）1061号", "晋S(2023)005号", "审图号GS(2019)1822号"])
      expect(looksLikeReviewNumber(good.replace(/^审图号/, "")), good).toBe(true);
    for (const bad of ["", "none", "2024", "GS 0650"]) expect(looksLikeReviewNumber(bad), bad).toBe(false);
  });
});

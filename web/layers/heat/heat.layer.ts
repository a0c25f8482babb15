import type { Layer } from "@deck.gl/core";
import { BitmapLayer, SolidPolygonLayer } from "@deck.gl/layers";
import { rasterBbox } from "../../../data/columns/heat.ts";
import { fromPlane } from "../../../data/columns/local-plane.ts";
import type { Theme } from "../../app/view-state.ts";
import { memoLast, type Scene } from "../../map/scene.ts";
import { FLAT } from "../deck-parameters.ts";
import { type HeatField, heatOf } from "./heat-field.ts";
import { rampColour, rampPosition } from "./ramp.ts";

/** Pixels over which the field fades where too few households live: the edge of knowledge is not a cliff. */
const FEATHER_PX = 3;

/** Share of known values around each pixel, 0 … 1, by running sums across and then down. */
function knownShare(values: Float64Array, columns: number, rows: number): Float32Array {
  const across = new Float32Array(values.length);
  const share = new Float32Array(values.length);
  const width = 2 * FEATHER_PX + 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = Math.max(0, column - FEATHER_PX); k <= Math.min(columns - 1, column + FEATHER_PX); k++)
        if (!Number.isNaN(values[row * columns + k] as number)) sum++;
      across[row * columns + column] = sum / width;
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = Math.max(0, row - FEATHER_PX); k <= Math.min(rows - 1, row + FEATHER_PX); k++)
        sum += across[k * columns + column] as number;
      share[row * columns + column] = sum / width;
    }
  }
  return share;
}

/** Smooth values as an RGBA picture, north at the top. */
export function heatImage(field: HeatField, theme: Theme) {
  const { columns, rows } = field.raster;
  const data = new Uint8ClampedArray(columns * rows * 4);
  const [startR, startG, startB] = rampColour(0, theme);
  const share = field.per === "households" ? knownShare(field.values, columns, rows) : undefined;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = row * columns + column;
      const value = field.values[from] as number;
      const at = ((rows - 1 - row) * columns + column) * 4;
      if (Number.isNaN(value)) {
        // Nothing has the colour of the scale's start, so that edges blend into it and not into black.
        data.set([startR, startG, startB, 0], at);
        continue;
      }
      const [r, g, b, a] = rampColour(rampPosition(value, field.max), theme);
      // From half known (a straight edge) to wholly known.
      data.set([r, g, b, share ? a * Math.max(0, 2 * (share[from] as number) - 1) : a], at);
    }
  }
  return { width: columns, height: rows, data };
}

const pictureOf = ({ width, height, data }: ReturnType<typeof heatImage>): ImageData =>
  new ImageData(data, width, height);

/** Squares as binary polygons: positions and precomputed triangles, no object per cell. */
export function heatPolygons(field: HeatField, theme: Theme) {
  const { plane, x0, y0, cellM } = field.raster;
  const n = field.cells.length;
  const positions = new Float64Array(n * 8);
  const colours = new Uint8Array(n * 16);
  const indices = new Uint32Array(n * 6);
  const starts = Uint32Array.from({ length: n + 1 }, (_, i) => i * 4);
  field.cells.forEach((cell, i) => {
    // A hair of ground between cells shows that they are cells.
    const gap = cellM * 0.03;
    const [west, south] = fromPlane(plane, x0 + cell.column * cellM + gap, y0 + cell.row * cellM + gap);
    const [east, north] = fromPlane(
      plane,
      x0 + (cell.column + cell.span) * cellM - gap,
      y0 + (cell.row + cell.span) * cellM - gap,
    );
    positions.set([west, south, east, south, east, north, west, north], i * 8);
    indices.set(
      [0, 1, 2, 0, 2, 3].map((k) => i * 4 + k),
      i * 6,
    );
    const colour = rampColour(rampPosition(cell.value, field.max), theme);
    for (let k = 0; k < 4; k++) colours.set(colour, i * 16 + k * 4);
  });
  return { n, positions, colours, indices, starts };
}

const layers = memoLast((field: HeatField | undefined, theme: Theme): Layer[] => {
  if (!field || field.incidents === 0) return [];
  if (field.mode === "smooth") {
    const [west, south, east, north] = rasterBbox(field.raster);
    return [
      new BitmapLayer({
        id: "heat-smooth",
        image: pictureOf(heatImage(field, theme)),
        bounds: [west, south, east, north],
        // Rows are equal steps of latitude, not of Mercator's y.
        _imageCoordinateSystem: "lnglat",
        textureParameters: { minFilter: "linear", magFilter: "linear" },
        parameters: FLAT,
      }),
    ];
  }
  const { n, positions, colours, indices, starts } = heatPolygons(field, theme);
  return [
    new SolidPolygonLayer({
      id: "heat-cells",
      data: {
        length: n,
        startIndices: starts,
        attributes: {
          getPolygon: { value: positions, size: 2 },
          getFillColor: { value: colours, size: 4, normalized: true },
          indices: { value: indices, size: 1 },
        },
      },
      _normalize: false,
      positionFormat: "XY",
      parameters: FLAT,
    }),
  ];
});

/** Density of the selected incidents, in cells or smooth. */
export const heatDeck = (scene: Scene): Layer[] => layers(heatOf(scene), scene.palette.theme);

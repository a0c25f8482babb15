import type { Layer } from "@deck.gl/core";
import { BitmapLayer, SolidPolygonLayer } from "@deck.gl/layers";
import { rasterBbox } from "../../../data/columns/heat.ts";
import type { HeatField } from "../../../data/columns/heat-field.ts";
import { fromPlane } from "../../../data/columns/local-plane.ts";
import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import type { Theme } from "../../app/view-state.ts";
import type { AreaFeature } from "../../data/county-data.ts";
import { closestKnown } from "../../map/area-index.ts";
import { memoLast, type Scene } from "../../map/scene.ts";
import { FLAT } from "../deck-parameters.ts";
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

/** The picture is drawn this much finer than the raster at most, so that the clipped edge is a line and not steps. */
const FINER = 4;
const CANVAS_PX = 2048;

/**
 * The smooth picture cut along the outline of `area`: a kernel reaches over the border, what the map knows does not.
 * deck.gl makes a texture of the canvas; its types only name the texture.
 */
function clippedPicture(field: HeatField, theme: Theme, area: MultiPolygonRings) {
  const { width, height, data } = heatImage(field, theme);
  const raster = document.createElement("canvas");
  raster.width = width;
  raster.height = height;
  const canvas = document.createElement("canvas");
  const finer = Math.max(1, Math.min(FINER, Math.floor(CANVAS_PX / Math.max(width, height))));
  canvas.width = width * finer;
  canvas.height = height * finer;
  const ground = canvas.getContext("2d");
  const paper = raster.getContext("2d");
  if (!ground || !paper) throw new Error("this browser cannot draw on a canvas");
  paper.putImageData(new ImageData(data, width, height), 0, 0);
  ground.imageSmoothingEnabled = true;
  ground.imageSmoothingQuality = "high";
  ground.drawImage(raster, 0, 0, canvas.width, canvas.height);
  const [west, south, east, north] = rasterBbox(field.raster);
  const outline = new Path2D();
  for (const ring of area.flat()) {
    ring.forEach(([lon, lat], i) => {
      const x = ((lon - west) / (east - west)) * canvas.width;
      const y = ((north - lat) / (north - south)) * canvas.height;
      if (i === 0) outline.moveTo(x, y);
      else outline.lineTo(x, y);
    });
    outline.closePath();
  }
  ground.globalCompositeOperation = "destination-in";
  ground.fill(outline, "evenodd");
  return canvas;
}

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

const layers = memoLast((field: HeatField | undefined, theme: Theme, area: AreaFeature | undefined): Layer[] => {
  if (!field || field.incidents === 0 || !area) return [];
  if (field.mode === "smooth") {
    const [west, south, east, north] = rasterBbox(field.raster);
    return [
      new BitmapLayer({
        id: "heat-smooth",
        image: clippedPicture(field, theme, area.geometry.coordinates),
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
export const heatDeck = (scene: Scene): Layer[] =>
  layers(scene.cases.heat, scene.palette.theme, closestKnown(scene.index, scene.view.area));

import { LATTICE_PER_DEGREE } from "../../../../data/model/geometry.ts";

/** What the shader is told of the camera: where a point of the lattice lies, and what a step from it adds in clip space. */
export interface DotsView {
  /** Lon and lat in 1e-7 degree. */
  readonly origin: readonly [lon: number, lat: number];
  /** Sine and cosine of the origin's latitude. */
  readonly mercator: readonly [sin: number, cos: number];
  readonly clipOrigin: readonly number[];
  /** For a degree of longitude. */
  readonly clipEast: readonly number[];
  /** For a radian of Mercator's y. */
  readonly clipNorth: readonly number[];
}

/** What of deck.gl's viewport is needed. */
export interface CameraMatrix {
  readonly longitude: number;
  readonly latitude: number;
  /** From common space (the world 512 wide at zoom 0, y north) to clip space, by columns. */
  readonly viewProjectionMatrix: ArrayLike<number>;
  projectPosition(at: number[]): number[];
}

/** Width of common space over degrees of longitude, and over radians of Mercator's y. */
const PER_DEGREE = 512 / 360;
const PER_RADIAN = 512 / (2 * Math.PI);

/**
 * The camera in double precision around the middle of the screen: what the GPU then adds is small, so that single
 * precision holds to a fraction of a millimetre at street zoom.
 */
export function dotsView(camera: CameraMatrix): DotsView {
  const origin = [
    Math.round(camera.longitude * LATTICE_PER_DEGREE),
    Math.round(camera.latitude * LATTICE_PER_DEGREE),
  ] as const;
  const [lon, lat] = origin.map((value) => value / LATTICE_PER_DEGREE) as [number, number];
  const [x, y] = camera.projectPosition([lon, lat, 0]) as [number, number];
  const m = camera.viewProjectionMatrix;
  const column = (at: number): number[] => [0, 1, 2, 3].map((row) => m[at * 4 + row] as number);
  const [east, north, , base] = [0, 1, 2, 3].map(column) as [number[], number[], number[], number[]];
  const radians = (lat * Math.PI) / 180;
  return {
    origin,
    mercator: [Math.sin(radians), Math.cos(radians)],
    clipOrigin: base.map((value, row) => value + (east[row] as number) * x + (north[row] as number) * y),
    clipEast: east.map((value) => value * PER_DEGREE),
    clipNorth: north.map((value) => value * PER_RADIAN),
  };
}

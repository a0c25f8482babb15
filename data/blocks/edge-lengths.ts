import { metresPerDegree } from "../geo/measure.ts";
import { fromLattice } from "../model/geometry.ts";

/** Metres of a lattice unit of longitude and of latitude. */
export interface UnitMetres {
  readonly lon: number;
  readonly lat: number;
}

/** Bands of latitude within which scales are taken as one: they change by less than 1e-7 over 1e-5 degree. */
const BAND = 100;

/** Scales of the ellipsoid by latitude in lattice units, each band worked out once. */
export function scales(): (y: number) => UnitMetres {
  const known = new Map<number, UnitMetres>();
  return (y) => {
    const band = Math.round(y / BAND);
    let scale = known.get(band);
    if (!scale) {
      const { lon, lat } = metresPerDegree(fromLattice(band * BAND));
      scale = { lon: lon / 1e7, lat: lat / 1e7 };
      known.set(band, scale);
    }
    return scale;
  };
}

interface Edges {
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Length of each edge, metres: in the plane of the ellipsoid's scales at its middle, true to 1e-6 up to some kilometres. */
export function edgeLengths({ xs, ys, from, to }: Edges): Float64Array {
  const scaleAt = scales();
  const lengths = new Float64Array(from.length);
  for (let edge = 0; edge < lengths.length; edge++) {
    const a = from[edge] as number;
    const b = to[edge] as number;
    const scale = scaleAt(((ys[a] as number) + (ys[b] as number)) / 2);
    const dx = ((xs[b] as number) - (xs[a] as number)) * scale.lon;
    const dy = ((ys[b] as number) - (ys[a] as number)) * scale.lat;
    lengths[edge] = Math.sqrt(dx * dx + dy * dy);
  }
  return lengths;
}

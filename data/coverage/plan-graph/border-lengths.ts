import { metresPerDegree } from "../../geo/measure.ts";
import { fromLattice } from "../../model/geometry.ts";
import type { Face, PlanGraph } from "./plan-graph.ts";
import { arcOf, faceOf, walkOf } from "./walks.ts";

const lengths = new WeakMap<Int32Array, number>();

/**
 * Length of a line in whole millimetres, so that sums do not depend on their order: each segment in the plane of the
 * ellipsoid's scales at its middle, true to 1e-6 up to some kilometres.
 */
export function lineLengthMm(line: Int32Array): number {
  const known = lengths.get(line);
  if (known !== undefined) return known;
  let sum = 0;
  let [scaleAt, scale] = [Number.NaN, { lon: 0, lat: 0 }];
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [ax, ay, bx, by] = [line[i], line[i + 1], line[i + 2], line[i + 3]] as [number, number, number, number];
    const middle = fromLattice((ay + by) / 2);
    // Scales change by less than 1e-8 over 1e-6 degree.
    if (!(Math.abs(middle - scaleAt) < 1e-6)) [scaleAt, scale] = [middle, metresPerDegree(middle)];
    sum += Math.hypot(fromLattice(bx - ax) * scale.lon, fromLattice(by - ay) * scale.lat);
  }
  const millimetres = Math.round(sum * 1000);
  lengths.set(line, millimetres);
  return millimetres;
}

/** Metres of border that a face has with each face beside it. */
export function borderLengths(graph: PlanGraph, face: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const start of (graph.faces.get(face) as Face).walks)
    for (const ref of walkOf(graph, start)) {
      const beyond = faceOf(graph, ~ref);
      found.set(beyond, (found.get(beyond) ?? 0) + lineLengthMm(arcOf(graph, ref).line) / 1000);
    }
  return found;
}

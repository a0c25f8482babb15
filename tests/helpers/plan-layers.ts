import { readFileSync } from "node:fs";
import type { CellInput } from "../../data/coverage/plan-graph/graph-of.ts";
import { type LatticePolygons, toLatticePolygons } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";

interface Topology {
  readonly arcs: readonly (readonly (readonly [number, number])[])[];
  readonly transform: { readonly scale: readonly [number, number]; readonly translate: readonly [number, number] };
  readonly objects: Readonly<
    Record<
      string,
      { readonly geometries: readonly { readonly id: string; readonly type: string; readonly arcs: unknown }[] }
    >
  >;
}

/** Areas of a TopoJSON object (quantised, delta-coded arcs; `~arc` is the arc run back) as cells of a plan. */
export function cellsOfTopology(path: string, object: string): CellInput[] {
  const { arcs, transform, objects } = JSON.parse(readFileSync(path, "utf8")) as Topology;
  const lines = arcs.map((deltas) => {
    let [x, y] = [0, 0];
    return deltas.map(([dx, dy]): LonLat => {
      [x, y] = [x + dx, y + dy];
      return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]];
    });
  });
  const ring = (refs: readonly number[]): LonLat[] =>
    refs.flatMap((ref, n) => {
      const line = ref < 0 ? (lines[~ref] ?? []).toReversed() : (lines[ref] ?? []);
      return n === 0 ? line : line.slice(1);
    });
  return (objects[object]?.geometries ?? []).map(({ id, type, arcs: refs }, n) => {
    const polygons = (type === "Polygon" ? [refs] : refs) as readonly (readonly (readonly number[])[])[];
    const geometry: MultiPolygonRings = polygons.map((rings) => rings.map(ring));
    return { id: `${id}/${n}`, code: null, kind: "county", name: id, geometry: toLatticePolygons(geometry) };
  });
}

/** Rings as cycles of corners that begin at the least one, without those in `without`: order and begin do not matter. */
export function ringCycles(polygons: LatticePolygons, without: ReadonlySet<string> = new Set()): string[] {
  return polygons
    .flat()
    .flatMap((ring) => {
      const corners = ring
        .slice(0, -1)
        .map(([x, y]) => `${x},${y}`)
        .filter((corner) => !without.has(corner));
      if (corners.length === 0) return [];
      const first = corners.indexOf(corners.toSorted()[0] as string);
      const turned = [...corners.slice(first), ...corners.slice(0, first)];
      const ways = [turned, [...turned.slice(0, 1), ...turned.slice(1).reverse()]].map((way) => way.join(" "));
      return ways.sort().slice(0, 1);
    })
    .sort();
}

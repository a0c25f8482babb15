import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../../model/geometry.ts";

/** A corner in lattice units of 1e-7 degree: x east, y north. */
export type LatticePoint = readonly [x: number, y: number];
/** Closed rings of lattice corners, nested as a GeoJSON MultiPolygon: exterior first and counter-clockwise, then holes. */
export type LatticePolygons = readonly (readonly (readonly LatticePoint[])[])[];

/** WGS 84 degrees to the lattice; corners that fall on the one before are left out. */
export const toLatticePolygons = (polygons: MultiPolygonRings): LatticePolygons =>
  polygons.map((rings) =>
    rings.map((ring) => {
      const corners: LatticePoint[] = [];
      for (const [lon, lat] of ring) {
        const [x, y] = [toLattice(lon), toLattice(lat)];
        const last = corners[corners.length - 1];
        if (last?.[0] !== x || last[1] !== y) corners.push([x, y]);
      }
      return corners;
    }),
  );

export const toLonLat = ([x, y]: LatticePoint): LonLat => [fromLattice(x), fromLattice(y)];

export const fromLatticePolygons = (polygons: LatticePolygons): MultiPolygonRings =>
  polygons.map((rings) => rings.map((ring) => ring.map(toLonLat)));

import { readFileSync } from "node:fs";
import { fromLattice, toLattice } from "../../data/model/geometry.ts";

interface Instance {
  readonly nodes: readonly { readonly pop: number; readonly ring: readonly number[] }[];
}

/** Where the instance's metres are laid out: degrees, and metres of a degree there. */
const [WEST, SOUTH] = [112, 40];
const [METRES_LON, METRES_LAT] = [85_394, 111_035];

/** An instance of `../shared/plan-instances` with rings as a layer of polygons with their households: GeoJSON text. */
export function blocksFile(path: string): string {
  const { nodes } = JSON.parse(readFileSync(path, "utf8")) as Instance;
  const features = nodes.map(({ pop, ring }) => {
    const corners = Array.from({ length: ring.length / 2 }, (_, n) => [
      fromLattice(toLattice(WEST + (ring[2 * n] as number) / METRES_LON)),
      fromLattice(toLattice(SOUTH + (ring[2 * n + 1] as number) / METRES_LAT)),
    ]);
    const geometry = { type: "Polygon", coordinates: [[...corners, corners[0]]] };
    return JSON.stringify({ type: "Feature", properties: { households: pop }, geometry });
  });
  return `{"type":"FeatureCollection","features":[\n${features.join(",\n")}\n]}\n`;
}

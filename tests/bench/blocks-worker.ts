import { blocksToGraph } from "../../data/blocks/blocks-to-graph.ts";
import { openGeoJson } from "../../data/importers/formats/geojson.ts";
import { isFault, repairPolygon } from "../../data/importers/polygon-rings.ts";
import { ImportLog } from "../../data/importers/report.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import { propose } from "../../data/partition/propose.ts";

/** In a worker of the browser: bytes of a layer of blocks in, its shapes and their grids out. */
self.onmessage = async ({ data }: MessageEvent<Uint8Array>) => {
  const layer = await openGeoJson(
    async function* () {
      yield data;
    },
    "blocks.geojson",
    true,
  );
  const grounds: MultiPolygonRings[] = [];
  const households: number[] = [];
  for await (const { geometry, properties } of layer.features(new ImportLog())) {
    const polygon = repairPolygon(geometry);
    if (isFault(polygon)) throw new Error(polygon.message);
    grounds.push(polygon.geometry);
    households.push(Number(properties["households"]));
  }
  const { graph } = blocksToGraph({ grounds, nameOf: String, households: Int32Array.from(households) });
  const graphAt = performance.now();
  const { part, figures } = propose(graph, { min: 300, max: 500, seed: 1, sweeps: 500 });
  const proposeMs = performance.now() - graphAt;
  self.postMessage({ grounds, part, proposeMs, parts: figures.parts, avoidable: figures.avoidable });
};

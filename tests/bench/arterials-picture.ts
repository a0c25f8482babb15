import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStreetBlocks } from "../../api/services/planning/read-street-blocks.ts";
import { blocksToGraph } from "../../data/blocks/blocks-to-graph.ts";
import type { BorderLine } from "../../data/blocks/border-lines.ts";
import { bboxOf } from "../../data/geo/measure.ts";
import type { Bbox, LonLat } from "../../data/model/geometry.ts";
import { propose } from "../../data/partition/propose.ts";
import type { Figure } from "./figure.ts";

const GUIXI = "../shared/data/osm-cn-guixi";
const PICTURE = "docs/propose-arterials.svg";
const [WIDTH, HEIGHT] = [420, 330];

/** Guixi's street blocks divided twice, without and with weights of arterial roads: the shares of border on these, and a picture. */
export async function* arterials(): AsyncIterable<Figure> {
  if (!existsSync(GUIXI)) return;
  const source = {
    streets: [join(GUIXI, "guixi_roads.geojson")],
    outline: undefined,
    homes: undefined,
    counts: { total: 3000 },
  };
  const { blocks, lines } = await readStreetBlocks(source, undefined, 500);
  const grounds = blocks.map(({ ground }) => ground);
  const graphWith = (own: readonly BorderLine[]) =>
    blocksToGraph({
      grounds,
      nameOf: String,
      households: Int32Array.from(blocks, ({ households }) => households),
      lines: own,
    }).graph;
  const weighted = graphWith(lines);
  const plain = { ...weighted, borderWeight: undefined };
  const divided = [plain, weighted].map((graph) => propose(graph, { min: 300, max: 500, seed: 1, sweeps: 1000 }).part);
  const shares = divided.map((part) => {
    let [along, all] = [0, 0];
    for (let v = 0; v < weighted.count; v++)
      for (let entry = weighted.offsets[v] as number; entry < (weighted.offsets[v + 1] as number); entry++) {
        if (part[v] === part[weighted.neighbours[entry] as number]) continue;
        all += weighted.sharedLength[entry] as number;
        if ((weighted.borderWeight?.[entry] ?? 1) < 1) along += weighted.sharedLength[entry] as number;
      }
    return along / all;
  });
  const [without = 0, withWeights = 0] = shares.map((share) => Math.round(share * 1000) / 10);
  yield { bench: "blocks", name: "Guixi: border on arterial roads, these not weighted", value: without, unit: "%" };
  yield {
    bench: "blocks",
    name: "Guixi: border on arterial roads, these weighted",
    value: withWeights,
    unit: "%",
    goal: `> ${without}`,
    ok: withWeights > without,
  };
  const box: Bbox = bboxOf(grounds.flat()) ?? [0, 0, 1, 1];
  const scale = Math.min(WIDTH / (box[2] - box[0]), HEIGHT / (box[3] - box[1]));
  const path = (line: readonly LonLat[]): string =>
    `M${line.map(([lon, lat]) => `${((lon - box[0]) * scale).toFixed(0)} ${((box[3] - lat) * scale).toFixed(0)}`).join("L")}`;
  const roads = lines.filter(({ weight }) => weight < 1).flatMap((line) => line.lines);
  const panels = divided.map((part, n) => {
    const fills = grounds.map(
      (ground, block) =>
        `<path fill="hsl(${((part[block] as number) * 67) % 360} 45% 72%)" d="${ground.flat().map(path).join("")}"/>`,
    );
    const title = n === 0 ? `主干道不加权 not weighted: ${without} %` : `主干道加权 weighted: ${withWeights} %`;
    const body = `${fills.join("")}<path fill="none" stroke="#222" stroke-width="1.6" d="${roads.map(path).join("")}"/>`;
    return `<g transform="translate(${n * (WIDTH + 20)} 24)"><text y="-8">${title}</text>${body}</g>`;
  });
  const credit = `<text x="0" y="${HEIGHT + 42}" font-size="11">贵溪 Guixi, © OpenStreetMap contributors (ODbL)</text>`;
  const size = `viewBox="0 0 ${2 * WIDTH + 20} ${HEIGHT + 50}"`;
  writeFileSync(
    PICTURE,
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="14"><title>界线沿主干道 borders along arterial roads</title><rect width="100%" height="100%" fill="#fff"/>${panels.join("")}${credit}</svg>\n`,
  );
}

import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Forms that a generated file of features can have. */
export type LayerForm = "geojson" | "geojsonl" | "csv";

/** Writes a file of at least so many bytes: small polygons with a code and a name, each different. */
export async function writeLayerFile(path: string, form: LayerForm, bytes: number): Promise<number> {
  let features = 0;
  function* lines(): Generator<string> {
    let written = 0;
    if (form === "geojson") yield '{"type":"FeatureCollection","features":[\n';
    if (form === "csv") yield "code,name,lon,lat,note\n";
    while (written < bytes) {
      const piece = Array.from({ length: 500 }, () => oneLine(form, features++)).join("");
      written += piece.length;
      yield piece;
    }
    // A last feature without the comma that follows the others.
    if (form === "geojson") yield `${oneLine("geojsonl", features++)}]}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return features;
}

function oneLine(form: LayerForm, n: number): string {
  const [x, y] = [112 + (n % 1000) / 1000, 40 + (n % 777) / 1000];
  const code = `140226${String(n).padStart(9, "0")}`;
  if (form === "csv") return `${code},第${n}号,${x},${y},"巷口,垃圾${"堆".repeat(n % 9)}"\n`;
  const ring = Array.from({ length: 24 }, (_, i) => [x + Math.cos(i) / 5e3, y + Math.sin(i) / 5e3]);
  const feature = {
    type: "Feature",
    properties: { code, name: `第${n}号` },
    geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] },
  };
  return `${JSON.stringify(feature)}${form === "geojson" ? "," : ""}\n`;
}

import { setInterval } from "node:timers";
import { openLayers } from "../../../api/services/importing/open-layers.ts";
import { ImportLog } from "../../../data/importers/report.ts";

/** Reads the file of its argument as an import does, and prints what that took as JSON. */
const path = process.argv[2] ?? "";
const before = process.memoryUsage().rss;
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);
const started = performance.now();
let features = 0;
const log = new ImportLog();
for (const layer of await openLayers([path], log)) {
  for await (const _ of layer.features(log)) features++;
  await layer.close();
}
clearInterval(timer);
process.stdout.write(
  JSON.stringify({
    features,
    seconds: (performance.now() - started) / 1000,
    growth: Math.max(peak, process.memoryUsage().rss) - before,
  }),
);

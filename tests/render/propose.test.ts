import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../helpers/browser.ts";
import { proposeDigest } from "../helpers/propose-digest.ts";

const ENTRY = fileURLToPath(new URL("harness/propose-worker.ts", import.meta.url));

describe.skipIf(chromiumPath() === undefined)("proposals in a worker of Chromium", () => {
  it("are the same bytes as in Node", { timeout: 60_000 }, async () => {
    const built = await build({
      configFile: false,
      logLevel: "error",
      build: { write: false, target: "es2022", lib: { entry: ENTRY, formats: ["iife"], name: "propose" } },
    });
    const [bundle] = [built].flat() as Rollup.RollupOutput[];
    const code = bundle?.output[0].code as string;
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const digest = await page.evaluate(
        (source) =>
          new Promise<string>((resolve, reject) => {
            const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
            worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
            worker.onerror = ({ message }) => reject(new Error(message));
          }),
        code,
      );
      const own = proposeDigest();
      expect(own.length).toBeGreaterThan(10_000);
      expect(digest).toBe(own);
    } finally {
      await browser.close();
    }
  });
});

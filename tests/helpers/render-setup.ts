import { rm } from "node:fs/promises";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { chromiumPath, LAUNCH } from "./browser.ts";
import { buildHarness } from "./build-harness.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the one browser of all render tests, and the folder with the built page; undefined without Chromium. */
    render: { readonly browser: string; readonly folder: string } | undefined;
  }
}

/** Global setup of the render tests: the page is built and the browser started once, not once per file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!chromiumPath()) {
    project.provide("render", undefined);
    return async () => undefined;
  }
  const [folder, server] = await Promise.all([buildHarness(), chromium.launchServer(LAUNCH())]);
  project.provide("render", { browser: server.wsEndpoint(), folder });
  return async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
}

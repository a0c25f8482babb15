import { existsSync } from "node:fs";
import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";

/** Where Debian, Ubuntu and Alpine put Chromium; `CHROMIUM` names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium to test with; undefined when there is none, which a suite reports as a skip with its reason. */
export const chromiumPath = (): string | undefined =>
  [process.env["CHROMIUM"], ...PLACES].find((path) => path !== undefined && path !== "" && existsSync(path));

/**
 * Headless Chromium drawing WebGL 2 in software (SwiftShader), so that every machine draws the same pixels. Nothing of it
 * talks to a network of its own.
 */
export const LAUNCH = (): LaunchOptions => ({
  ...(chromiumPath() === undefined ? {} : { executablePath: chromiumPath() as string }),
  args: [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
  ],
});

/**
 * Puts pages together without WebGL, which is left to the maps: in software that is less than half of the work for the same
 * picture. Not for what measures frames.
 */
export const PLAIN_COMPOSITING: readonly string[] = ["--disable-gpu-compositing"];

/** A browser of one's own, for tests that do not share one. @param more arguments of Chromium besides those of every test */
export const launchChromium = (more: readonly string[] = []): Promise<Browser> => {
  const options = LAUNCH();
  return chromium.launch({ ...options, args: [...(options.args ?? []), ...more] });
};

/** luma.gl and the software driver talk in debug words that are no fault of the page. */
const BENIGN = [
  /uniform block reflection failed/,
  /layout for attribute/,
  /GPU stall due to ReadPixels/,
  /GL Driver Message/,
];

/** What a page did that it must not: filled while it runs. */
export interface PageWatch {
  readonly complaints: string[];
}

/** Notes console errors and warnings, page errors, failed answers and every request that leaves `origin`. */
export function watchPage(page: Page, origin: string): PageWatch {
  const complaints: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !BENIGN.some((known) => known.test(text)))
      complaints.push(`console ${message.type()}: ${text}`);
  });
  page.on("pageerror", (error) =>
    complaints.push(`page error: ${(error.stack ?? error.message).split("\n").slice(0, 6).join(" ← ")}`),
  );
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:") && !url.startsWith("blob:"))
      complaints.push(`request leaves the page's origin: ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { complaints };
}

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize } from "node:v8";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { inject } from "vitest";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Database } from "../../db/driver.ts";
import { openTestApi } from "../helpers/api.ts";
import { launchChromium, type PageWatch, PLAIN_COMPOSITING, watchPage } from "../helpers/browser.ts";
import { ANCHOR } from "../helpers/seat-anchor.ts";

export { ANCHOR };
/** A software renderer on a busy machine: seconds for the first frame are normal. */
export const PATIENCE_MS = 90_000;

export interface Seats {
  readonly origin: string;
  readonly dataset: CountyDataset;
  /** The database behind the server, to put more into it. */
  readonly database: Database;
  readonly browser: Browser;
  /** A page with the console and the network watched. */
  open(path: string, options?: SeatPageOptions): Promise<{ page: Page; watch: PageWatch; requests: string[] }>;
  /**
   * Stops answering without closing the page's view of the server, sockets included: what a pulled cable looks like.
   *
   * @returns plugs it in again
   */
  silence(page: Page, what?: "everything" | "feed"): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface SeatPageOptions extends BrowserContextOptions {
  /** Runs in the page before anything of it. */
  readonly before?: () => void;
  /**
   * Who sits there: the demo account of a role, signed in before the page opens; `nobody` meets the sign-in page. The
   * dispatcher of the whole county when absent, who sees every case and every work phone.
   */
  readonly as?: Role | "nobody" | { readonly login: string; readonly password: string };
  /** Draw the WebGL map (software: many seconds a frame); otherwise the page gets no WebGL and shows its plain map. */
  readonly webGl?: boolean;
}

/** Login of the demo account of a role in the county of these tests. */
export const demoLogin = (role: Role): string => `zuoyun-${role.replaceAll("_", "-")}`;

/** Signs a browser in as the sign-in page does; its pages share the session. */
export async function signIn(
  context: BrowserContext,
  origin: string,
  as: Role | { readonly login: string; readonly password: string },
): Promise<void> {
  const [route, data] = typeof as === "string" ? ["demo", { login: demoLogin(as) }] : ["sign-in", as];
  const answer = await context.request.post(`${origin}/auth/${route}`, { data, headers: { origin } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
}

/** What a browser without WebGL answers. */
function withoutWebGl(): void {
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
    return kind.startsWith("webgl") ? null : Reflect.apply(real, this, [kind, ...rest]);
  } as typeof real;
}

/** One real server over a generated Zuoyun on the embedded database, the client of this run, and one browser. */
export async function openSeats(): Promise<Seats> {
  const clientDir = inject("clientDir");
  const seatsDir = inject("seatsDir");
  const dataset: CountyDataset = deserialize(await readFile(join(seatsDir, "dataset.bin")));
  // As it runs for people: no introspection, and the client's own documents only.
  const filesDir = await mkdtemp(join(tmpdir(), "jingwei-files-"));
  const environment = { NODE_ENV: "production", JINGWEI_DIR: filesDir };
  const loaded = join(seatsDir, "data");
  const api = await openTestApi(
    { datasets: [], classes: [], now: ANCHOR, clientDir, signIn: true, environment },
    loaded,
  );
  const origin = await api.listen();
  const browser = await launchChromium(PLAIN_COMPOSITING);
  /** Pages whose cable is pulled. */
  const silent = new Set<Page>();
  return {
    origin,
    dataset,
    database: api.database,
    browser,
    async open(path, { before, webGl = false, as = "dispatcher", ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1920, height: 1080 },
        // What moves is drawn many times in software: only where the moving map itself is looked at.
        reducedMotion: webGl ? "no-preference" : "reduce",
        ...options,
      });
      if (as !== "nobody") await signIn(context, origin, as);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const watch = watchPage(page, origin);
      const requests: string[] = [];
      page.on("request", (request) => requests.push(new URL(request.url()).pathname));
      if (!webGl) await page.addInitScript(withoutWebGl);
      if (before) await page.addInitScript(before);
      await page.routeWebSocket(/\/graphql$/, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => silent.has(page) || server.send(message));
        server.onMessage((message) => silent.has(page) || socket.send(message));
      });
      await page.goto(origin + path);
      return { page, watch, requests };
    },
    async silence(page, what = "everything") {
      silent.add(page);
      if (what === "everything") await page.route("**/*", () => new Promise(() => undefined));
      return async () => {
        silent.delete(page);
        await page.unrouteAll({ behavior: "ignoreErrors" });
      };
    },
    async close() {
      await browser.close();
      await api.close();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { PNG } from "pngjs";
import { chromiumPath, LAUNCH, watchPage } from "../helpers/browser.ts";

/**
 * Runs inside a network namespace that has loopback only (`archive.bench.ts` makes it): starts the unpacked archive with a path
 * on which neither npm nor Node is, draws the wall in Chromium, and has strace write down every connection and datagram of
 * both. Prints one JSON document.
 */
const { values } = parseArgs({
  options: { folder: { type: "string", default: "" }, work: { type: "string", default: "" } },
});
const { folder, work } = values;
const PORT = 8080;
const ORIGIN = `http://127.0.0.1:${PORT}`;
const PATIENCE_MS = 600_000;
const SYSCALLS = ["-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none"];
/** What Chromium would ask for by itself: names of its maker's services, and whether there is an IPv6 network. */
const OF_THE_BROWSER = [
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  "--disable-ipv6",
  "--disable-domain-reliability",
];
/** The name of the demo county on the wall. */
const COUNTY = "左云";
/** A drawn map has many colours; an empty one has its background and little else. */
const COLOURS_OF_A_MAP = 200;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What `./jingwei` needs of a system, and nothing more: no npm, no Node. */
function barePath(): string {
  const bin = join(work, "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of ["dirname", "readlink"]) symlinkSync(`/usr/bin/${name}`, join(bin, name));
  return bin;
}

interface Start {
  readonly readySeconds: number;
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
}

async function start(trace: string, bin: string): Promise<Start> {
  const began = performance.now();
  const program = [
    "-o",
    trace,
    ...SYSCALLS,
    join(folder, "jingwei"),
    "start",
    "--port",
    String(PORT),
    "--demo",
    "zuoyun",
  ];
  const child = spawn("/usr/bin/strace", program, {
    env: { PATH: bin, HOME: work, JINGWEI_DIR: join(work, "data") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  while (!(await fetch(`${ORIGIN}/readyz`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
    if (performance.now() - began > PATIENCE_MS) throw new Error(`it is not ready: ${said}`);
    await wait(50);
  }
  return { readySeconds: (performance.now() - began) / 1000, process: child, ended };
}

/** Passes SIGTERM to the program that strace runs; strace then ends with it. */
async function stop({ process: tracer, ended }: Start): Promise<void> {
  const children = readFileSync(`/proc/${tracer.pid}/task/${tracer.pid}/children`, "utf8").trim().split(" ");
  for (const pid of children) process.kill(Number(pid), "SIGTERM");
  await ended;
}

/** Addresses other than loopback in a trace. */
function foreignAddresses(trace: string): string[] {
  const found = new Set<string>();
  for (const [, v4, v6] of readFileSync(trace, "utf8").matchAll(
    /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g,
  )) {
    const address = v4 ?? v6 ?? "";
    if (!/^127\.|^::1$|^::ffff:127\./.test(address)) found.add(address);
  }
  return [...found];
}

/** Different colours of the map's place on the screen. */
async function mapColours(page: Page): Promise<{ readonly colours: number; readonly picture: Buffer }> {
  const picture = await page.screenshot();
  const box = await page.locator(".wall-map canvas").first().boundingBox();
  const png = PNG.sync.read(picture);
  const colours = new Set<number>();
  if (box)
    for (let y = Math.ceil(box.y); y < Math.min(png.height, box.y + box.height); y++)
      for (let x = Math.ceil(box.x); x < Math.min(png.width, box.x + box.width); x++)
        colours.add(png.data.readUIntBE((y * png.width + x) * 4, 3));
  return { colours: colours.size, picture };
}

async function drawWall(trace: string) {
  const wrapper = join(work, "chromium");
  writeFileSync(wrapper, `#!/bin/sh\nexec strace -o '${trace}' ${SYSCALLS.join(" ")} '${chromiumPath()}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  const { args = [], ...launch } = LAUNCH();
  const browser = await chromium.launch({
    ...{ ...launch, executablePath: wrapper, timeout: PATIENCE_MS },
    args: [...args, ...OF_THE_BROWSER],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: "zh-CN" });
    await context.request.post(`${ORIGIN}/auth/demo`, { data: { login: "zuoyun-wall" }, headers: { origin: ORIGIN } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const watch = watchPage(page, ORIGIN);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const began = performance.now();
    await page.goto(`${ORIGIN}/wall`);
    await page.locator(".wall-head").filter({ hasText: COUNTY }).waitFor();
    await page
      .locator('[data-kpi="open"] dd')
      .filter({ hasText: /^[\d,]+$/ })
      .waitFor();
    let drawn = await mapColours(page);
    while (drawn.colours < COLOURS_OF_A_MAP && performance.now() - began < PATIENCE_MS) {
      await wait(1000);
      drawn = await mapColours(page);
    }
    const drawnSeconds = (performance.now() - began) / 1000;
    // Long enough for what a page asks for later: the next case, the feed, fonts of labels.
    await wait(10_000);
    const { colours, picture } = await mapColours(page);
    writeFileSync(join(work, "wall.png"), picture);
    const leaving = requests.filter((url) => !/^(data:|blob:)/.test(url) && new URL(url).host !== new URL(ORIGIN).host);
    return { drawnSeconds, colours, requests: requests.length, leaving, complaints: watch.complaints };
  } finally {
    await browser.close();
  }
}

/** An attempt that strace must have written down, or it would not have written down others either. */
function attemptSeen(): boolean {
  const trace = join(work, "control.trace");
  const attempt = 'require("node:net").connect(80, "192.0.2.1").on("error", () => undefined)';
  spawnSync("/usr/bin/strace", ["-o", trace, ...SYSCALLS, join(folder, "runtime", "node"), "-e", attempt]);
  return foreignAddresses(trace).join() === "192.0.2.1";
}

const bin = barePath();
const first = await start(join(work, "server-1.trace"), bin);
const wall = await drawWall(join(work, "chromium.trace"));
await stop(first);
const second = await start(join(work, "server-2.trace"), bin);
await stop(second);
const server = [...foreignAddresses(join(work, "server-1.trace")), ...foreignAddresses(join(work, "server-2.trace"))];
console.log(
  JSON.stringify({
    firstSeconds: first.readySeconds,
    secondSeconds: second.readySeconds,
    wall,
    server,
    attemptSeen: attemptSeen(),
    browser: foreignAddresses(join(work, "chromium.trace")),
  }),
);

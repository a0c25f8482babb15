import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figure } from "./figure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

async function firstAnswer(port: number, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ query: '{ county(code: "140226") { name area { counts { microGrids } } } }' });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`jingwei start ended with ${child.exitCode}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const { data } = (await answer.json()) as { data?: { county?: { area: { counts: { microGrids: number } } } } };
      if (data?.county?.area.counts.microGrids === 573) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** From the command to the first right answer of GraphQL: a fresh folder with a fresh client build, then a second start. */
export async function* start(): AsyncIterable<Figure> {
  const folder = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  rmSync(join(root, "dist"), { recursive: true, force: true });
  for (const [name, goal] of [
    ["first start to first answer", 60],
    ["second start to first answer", 10],
  ] as const) {
    const port = await freePort();
    const started = Date.now();
    const child = spawn(process.execPath, ["bin/jingwei.mjs", "start", "--port", String(port), "--dir", folder], {
      cwd: root,
      stdio: "ignore",
    });
    await firstAnswer(port, child);
    const seconds = (Date.now() - started) / 1000;
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    yield { bench: "start", name, value: seconds, unit: "s", goal: `<= ${goal}`, ok: seconds <= goal };
  }
  rmSync(folder, { recursive: true, force: true });
}

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packHere, unpack } from "./archive-program.ts";
import type { Figure } from "./figure.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const INSIDE = fileURLToPath(new URL("./archive-inside.ts", import.meta.url));

/** What `archive-inside.ts` prints. */
interface Inside {
  readonly firstSeconds: number;
  readonly secondSeconds: number;
  readonly wall: {
    readonly drawnSeconds: number;
    readonly colours: number;
    readonly requests: number;
    readonly leaving: readonly string[];
    readonly complaints: readonly string[];
  };
  readonly server: readonly string[];
  readonly attemptSeen: boolean;
  readonly browser: readonly string[];
}

const figure = (name: string, value: number, unit: string, goal?: string, ok?: boolean): Figure => ({
  bench: "archive",
  name,
  value: Math.round(value * 10) / 10,
  unit,
  ...(goal === undefined || ok === undefined ? {} : { goal, ok }),
});
/** Things that there should be none of, named in the figure. */
const none = (name: string, found: readonly string[]): Figure =>
  figure(`${name}${found.length > 0 ? `: ${found.join(", ")}` : ""}`, found.length, "", "= 0", found.length === 0);

/**
 * An archive of this machine's platform: made, unpacked, checked, and started where there is no network and no npm, with the
 * wall drawn in a browser there. `BENCH_ARCHIVE` names one that is made already, `BENCH_SCREENSHOT` where the picture goes.
 */
export async function* archive(): AsyncIterable<Figure> {
  if (spawnSync("unshare", ["-n", "true"]).status !== 0) throw new Error("unshare -n is not permitted here");
  const work = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  try {
    const file = process.env["BENCH_ARCHIVE"] ?? join(work, "jingwei.tar.gz");
    if (!process.env["BENCH_ARCHIVE"]) {
      const { bytes, unpackedBytes } = packHere(file);
      yield figure("archive", bytes / 1e6, "MB");
      yield figure("unpacked", unpackedBytes / 1e6, "MB");
    }
    const { folder } = unpack(file, join(work, "program"));
    const sums = spawnSync("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: folder });
    yield figure("checksums that hold", sums.status === 0 ? 1 : 0, "", "= 1", sums.status === 0);
    const script = 'ip link set lo up && exec "$@"';
    const args = ["-n", "sh", "-c", script, "sh", process.execPath, "--import", "tsx", INSIDE];
    const ran = spawnSync("unshare", [...args, "--folder", folder, "--work", work], { cwd: ROOT, encoding: "utf8" });
    if (ran.status !== 0) throw new Error(ran.stderr);
    const inside = JSON.parse(ran.stdout) as Inside;
    const { wall } = inside;
    yield figure("first start with demo data to ready, no network, no npm", inside.firstSeconds, "s");
    yield figure("second start to ready", inside.secondSeconds, "s");
    yield figure("wall drawn after", wall.drawnSeconds, "s");
    yield figure("colours of the map", wall.colours, "", ">= 200", wall.colours >= 200);
    yield figure("requests of the page", wall.requests, "", "> 5", wall.requests > 5);
    yield none("of them to another host", wall.leaving);
    yield none("complaints of the page", wall.complaints);
    const seen = inside.attemptSeen ? 1 : 0;
    yield figure("strace sees an attempt that is made on purpose", seen, "", "= 1", inside.attemptSeen);
    yield none("addresses other than loopback that the server tried", inside.server);
    // Chromium's own: what the page asked for is counted above.
    yield figure(
      `addresses that Chromium itself tried (${inside.browser.join(", ") || "none"})`,
      inside.browser.length,
      "",
    );
    const picture = process.env["BENCH_SCREENSHOT"];
    if (picture) copyFileSync(join(work, "wall.png"), picture);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

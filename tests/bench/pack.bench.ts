import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figure } from "./figure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const WATCH = join(root, "tests/helpers/network-watch.cjs");

/** Runs in the namespace: only loopback, no npm on the path. Prints the milliseconds until the wall's page and data answer. */
const INSIDE = `
ip link set lo up
cd "$1"
begin=$(date +%s%N)
env -i PATH=/nowhere:/bin HOME="$2" JINGWEI_DIR="$2/data" JINGWEI_NETWORK_LOG="$2/network.log" NODE_OPTIONS="--require=$3" \\
  ./jingwei start --port 8080 >"$2/out.log" 2>"$2/err.log" &
server=$!
for i in $(seq 1 1200); do
  curl -sf http://127.0.0.1:8080/readyz >/dev/null && break
  sleep 0.1
done
echo "ms $(( ($(date +%s%N) - begin) / 1000000 ))"
curl -s http://127.0.0.1:8080/wall | grep -c '<div id="root"'
curl -s http://127.0.0.1:8080/healthz -o /dev/null -w '%{http_code}\\n'
kill $server
wait $server
`;

/** Why it cannot run in a namespace of its own here; undefined when it can. */
const namespaceMissing = (): string | undefined =>
  spawnSync("unshare", ["-n", "true"]).status === 0 ? undefined : "unshare -n is not permitted here";

/** Targets outside this machine that a process wanted to reach. */
function attempts(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => String((JSON.parse(line) as { target: unknown }).target))
    .filter((target) => !/^(127\.\d+\.\d+\.\d+|::1|localhost)$|^\//.test(target));
}

/** An archive of this machine's platform: made, unpacked, checked, and started where there is no network and no npm. */
export async function* pack(): AsyncIterable<Figure> {
  const missing = namespaceMissing();
  if (missing) throw new Error(missing);
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const figure = (name: string, value: number, unit: string, goal?: string, ok?: boolean): Figure => ({
    bench: "pack",
    name,
    value,
    unit,
    ...(goal === undefined || ok === undefined ? {} : { goal, ok }),
  });
  try {
    const archive = join(dir, "jingwei.tar.gz");
    const made = spawnSync(process.execPath, ["bin/jingwei.mjs", "pack", "-o", archive, "--json"], {
      cwd: root,
      encoding: "utf8",
    });
    if (made.status !== 0) throw new Error(made.stderr);
    const { bytes, unpackedBytes } = JSON.parse(made.stdout) as { bytes: number; unpackedBytes: number };
    yield figure("archive", bytes / 1e6, "MB");
    yield figure("unpacked", unpackedBytes / 1e6, "MB");
    if (spawnSync("tar", ["-xzf", archive], { cwd: dir }).status !== 0) throw new Error("tar could not unpack it");
    const folder = readdirSync(dir).find((name) => name.startsWith("jingwei-")) ?? "";
    const sums = spawnSync("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: join(dir, folder) });
    yield figure("checksums that hold", sums.status === 0 ? 1 : 0, "", "= 1", sums.status === 0);
    for (const name of ["first start", "second start"]) {
      const child = spawn("unshare", ["-n", "sh", "-c", INSIDE, "sh", join(dir, folder), dir, WATCH], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      await new Promise((resolve) => child.once("close", resolve));
      const [first = "", page = "", health = ""] = said.split("\n");
      const answered = page === "1" && health === "200";
      yield figure(`${name} to ready, no network, no npm`, Number(first.replace("ms ", "")) / 1000, "s");
      yield figure(`${name}: the wall's page answered`, answered ? 1 : 0, "", "= 1", answered);
    }
    const outside = attempts(join(dir, "network.log"));
    yield figure("attempts to reach another machine", outside.length, "", "= 0", outside.length === 0);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

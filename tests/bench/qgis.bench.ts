import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { openTestApi } from "../helpers/api.ts";
import { commandRunner } from "../helpers/command-runner.ts";
import type { Figure } from "./figure.ts";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("peers/qgis-oapif.py", import.meta.url));
/** The distribution's own interpreter is the one that its QGIS belongs to. */
const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const COLLECTIONS = ["areas", "grids", "compounds", "incidents", "cameras"] as const;

interface QgisAnswer {
  readonly version: string;
  readonly collections: Readonly<
    Record<
      string,
      {
        readonly crs: string;
        readonly count: number;
        readonly features: readonly {
          readonly attributes: Readonly<Record<string, string | null>>;
          readonly geometry: string | null;
        }[];
      }
    >
  >;
}

interface Exported {
  readonly features: readonly {
    readonly id: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
  }[];
}

/** Numbers of a geometry in their order, 7 digits, whatever the notation. */
const numbersOf = (text: string): string =>
  (text.match(/-?\d+(?:\.\d+)?(?:e-?\d+)?/gi) ?? []).map((one) => Number(one).toFixed(7)).join(" ");

/**
 * QGIS's own provider of OGC API – Features, without a screen (Debian: `apt-get install python3-qgis`), against the export of
 * the same collection: the same ids, the same numbers of every geometry, no text value lost.
 */
export async function* qgis(): AsyncIterable<Figure> {
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    bench: "qgis",
    name,
    value,
    unit,
    ...more,
  });
  if (spawnSync(PYTHON, ["-c", "import qgis.core"]).status !== 0) {
    yield figure("left out: python3-qgis is not installed", 0, "");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "jingwei-qgis-"));
  const api = await openTestApi({
    datasets: [smallCounty(230)],
    classes: SMALL_CLASSES,
    now: SMALL_NOW,
    signIn: true,
  });
  try {
    const commands = await commandRunner(api.database);
    commands.now = SMALL_NOW;
    const words = `token add --county ${SMALL_COUNTY} --role admin --days 30 --name QGIS --json`;
    const { secret } = JSON.parse((await commands.run(...words.split(" "))).out) as { secret: string };
    const address = `${await api.listen()}/ogc`;
    const names = COLLECTIONS.map((kind) => `${SMALL_COUNTY}.${kind}`);
    const { stdout } = await run(PYTHON, [SCRIPT, address, "qgis", secret, ...names], { maxBuffer: 1 << 28 });
    const answer = JSON.parse(stdout.slice(stdout.indexOf("{"))) as QgisAnswer;
    for (const kind of COLLECTIONS) {
      const file = join(folder, `${kind}.geojson`);
      await commands.run("export", kind, "--county", SMALL_COUNTY, "--format", "geojson", "-o", file);
      const { features } = JSON.parse(readFileSync(file, "utf8")) as Exported;
      const read = answer.collections[`${SMALL_COUNTY}.${kind}`]?.features ?? [];
      const shapes = new Map<string, number>();
      for (const { geometry } of features) {
        const key = numbersOf(JSON.stringify(geometry?.coordinates ?? null));
        shapes.set(key, (shapes.get(key) ?? 0) + 1);
      }
      let same = 0;
      for (const { geometry, attributes } of read) {
        const key = numbersOf(geometry ?? "");
        const left = shapes.get(key) ?? 0;
        const own = features.find(({ id }) => id === attributes["id"]);
        const lost = Object.entries(own?.properties ?? {}).some(
          ([name, value]) => typeof value === "string" && !(name in attributes),
        );
        if (left === 0 || lost) continue;
        shapes.set(key, left - 1);
        same++;
      }
      yield figure(`QGIS ${answer.version}: ${kind} as exported`, same, "features", {
        goal: `= ${features.length}`,
        ok: same === features.length && read.length === features.length,
      });
    }
  } finally {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CHANNELS } from "../api/channels.ts";
import { COMMANDS } from "../api/cli/commands/registry.ts";
import { generate } from "../api/codegen.ts";
import { DEMO_PROFILES } from "../data/demo/profiles/registry.ts";
import { IMPORT_KINDS } from "../data/importers/registry.ts";
import { LAYER_IDS } from "../web/app/view-state.ts";
import { LAYERS } from "../web/layers/registry.ts";
import { PANEL_IDS } from "../web/panels/registry.ts";
import { ADAPTERS } from "./api/differential/adapters.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["data", "db", "api", "web", "tests"] as const;
type Folder = (typeof FOLDERS)[number];

/** Import arrows (DESIGN section 2): folder → folders that it may import. */
const ARROWS: Record<Folder, readonly Folder[]> = {
  data: ["data"],
  db: ["db", "data"],
  api: ["api", "db", "data"],
  web: ["web", "data"],
  tests: ["tests", "web", "api", "db", "data"],
};

/** Packages that `data/` may use: pure ones that run in a browser, a worker and Node alike. */
const PURE_PACKAGES = ["d3-delaunay", "pinyin-pro", "robust-predicates", "zod"];

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(root, folder, name))
    .filter((path) => /\.tsx?$/.test(path) && statSync(path).isFile()),
);

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const imports: Import[] = sources.flatMap((path) => {
  const text = withoutComments(readFileSync(path, "utf8"));
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+["']([^"']+)["']/gm))
    found.push({ from: path, specifier: match[2] as string, typeOnly: Boolean(match[1]) });
  for (const match of text.matchAll(/(?:^|[^.:\w"'])import\s*\(?\s*["']([^"']+)["']/gm))
    found.push({ from: path, specifier: match[1] as string, typeOnly: false });
  return found;
});

const folderOf = (path: string): Folder | undefined =>
  FOLDERS.find((folder) => relative(root, path).startsWith(`${folder}/`));
const target = ({ from, specifier }: Import): string | undefined =>
  specifier.startsWith(".") ? resolve(dirname(from), specifier.replace(/\?.*$/, "")) : undefined;

describe("architecture", () => {
  it("sees the project's files", () => {
    for (const folder of FOLDERS)
      expect(sources.filter((path) => folderOf(path) === folder).length, folder).toBeGreaterThan(3);
    expect(imports.length).toBeGreaterThan(100);
  });

  it("imports go only along the arrows", () => {
    const wrong = imports.filter((entry) => {
      const to = target(entry);
      const from = folderOf(entry.from);
      if (!to || !from) return false;
      const folder = folderOf(to);
      return folder !== undefined && !ARROWS[from].includes(folder);
    });
    expect(wrong.map((entry) => `${relative(root, entry.from)} → ${entry.specifier}`)).toEqual([]);
  });

  it("data/ is pure: no DOM, file system, SQL, React or map library", () => {
    const wrong = imports.filter(
      (entry) =>
        folderOf(entry.from) === "data" &&
        !entry.specifier.startsWith(".") &&
        !PURE_PACKAGES.includes(entry.specifier.split("/")[0] as string),
    );
    expect(wrong.map((entry) => `${relative(root, entry.from)} → ${entry.specifier}`)).toEqual([]);
    const dom = sources
      .filter((path) => folderOf(path) === "data")
      .filter((path) =>
        /\b(document|window|localStorage)\.|\bfetch\(/.test(withoutComments(readFileSync(path, "utf8"))),
      );
    expect(dom.map((path) => relative(root, path))).toEqual([]);
  });

  it("SQL stands only in db/", () => {
    const wrong = sources.filter(
      (path) =>
        ["api", "web", "data"].includes(folderOf(path) ?? "") &&
        !path.includes("/generated") &&
        /[`"'](?:\s*)(SELECT\s+[\w.*"(]|INSERT INTO\s|UPDATE\s+\w+\s+SET\s|DELETE FROM\s)/.test(
          readFileSync(path, "utf8"),
        ),
    );
    expect(wrong.map((path) => relative(root, path))).toEqual([]);
  });

  it("has no import cycles", () => {
    const graph = new Map<string, string[]>();
    for (const entry of imports) {
      const to = target(entry);
      if (!to || entry.typeOnly || !existsSync(to)) continue;
      graph.set(entry.from, [...(graph.get(entry.from) ?? []), to]);
    }
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (done.has(path)) return;
      const at = trail.indexOf(path);
      if (at >= 0) {
        cycles.push(
          trail
            .slice(at)
            .concat(path)
            .map((step) => relative(root, step))
            .join(" → "),
        );
        return;
      }
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it("every folder says what lives in it", () => {
    const folders = FOLDERS.flatMap((folder) => [
      folder,
      ...readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !["generated", "fixtures"].includes(entry.name))
        .map((entry) => `${folder}/${entry.name}`),
    ]).filter((folder) => folder.split("/").length === 1 || hasSource(folder));
    expect(folders.filter((folder) => !existsSync(join(root, folder, "README.md")))).toEqual([]);
  });

  it("every entry of a registry has a test", () => {
    const text = (folder: string): string =>
      readdirSync(join(root, "tests", folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => readFileSync(join(root, "tests", folder, name), "utf8"))
        .join("\n");
    const golden = readdirSync(join(root, "tests/render/expected/layers")).join("\n");
    expect(LAYER_IDS.filter((id) => !new RegExp(`^${id}\\b`, "m").test(golden))).toEqual([]);
    const unit = text("unit");
    expect(PANEL_IDS.length).toBeGreaterThan(0);
    expect(unit).toMatch(/of PANEL_IDS|each\(PANEL_IDS/);
    expect(Object.keys(DEMO_PROFILES).length).toBe(6);
    expect(unit).toMatch(/Object\.(values|entries|keys)\(DEMO_PROFILES\)/);
    const api = text("api");
    expect(IMPORT_KINDS.filter((kind) => !new RegExp(`["']${kind}["']`).test(api))).toEqual([]);
    expect(Object.keys(COMMANDS).filter((name) => !new RegExp(`["']${name}["']`).test(api))).toEqual([]);
  });

  it("every channel that carries data is held against the policy", () => {
    const withData = Object.entries(CHANNELS).filter(([, { carriesData }]) => carriesData);
    expect(withData.length).toBeGreaterThan(1);
    expect(Object.keys(ADAPTERS).sort()).toEqual(withData.map(([name]) => name).sort());
    for (const [channel, operations] of Object.entries(ADAPTERS)) expect(operations.length, channel).toBeGreaterThan(0);
  });

  it("every layer speaks Chinese and English with the same words", () => {
    for (const id of LAYER_IDS) {
      const { "zh-CN": chinese, en } = LAYERS[id].texts;
      expect(Object.keys(en).sort(), id).toEqual(Object.keys(chinese).sort());
      for (const [key, words] of Object.entries(chinese)) expect(words, `${id}.${key}`).not.toBe("");
    }
  });

  it("generated files are up to date with the SDL and the operations", async () => {
    for (const [path, content] of await generate()) expect(readFileSync(join(root, path), "utf8"), path).toBe(content);
  });

  it("no file is longer than 400 lines", () => {
    const long = sources
      .filter((path) => !path.includes("generated"))
      .filter((path) => readFileSync(path, "utf8").split("\n").length > 401);
    expect(long.map((path) => relative(root, path))).toEqual([]);
  });

  it("no committed file names a package registry or a path of a developer's machine", () => {
    const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
    expect(files.length).toBeGreaterThan(50);
    const pattern = new RegExp(
      ["registry\\.npm" + "js", "npm" + "mirror", "deb\\.deb" + "ian", "/home/\\w+/"].join("|"),
    );
    const wrong = files
      .filter(
        (path) => /\.(ts|tsx|mjs|json|md|sql|yaml|css|html)$|\.ci\/run$/.test(path) && existsSync(join(root, path)),
      )
      .filter((path) => pattern.test(readFileSync(join(root, path), "utf8")));
    expect(wrong).toEqual([]);
  });
});

function hasSource(folder: string): boolean {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).some((name) =>
    /\.(tsx?|sql)$/.test(name),
  );
}

/** Code without comments, so that a word in a sentence is not taken for a call or an import. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "$1");
}

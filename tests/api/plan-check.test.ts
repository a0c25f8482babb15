import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { COMMANDS } from "../../api/cli/commands/registry.ts";
import type { CheckedLayer } from "../../api/services/planning/check-layer-file.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-plan-check-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const SHARED = resolve("../shared/data");

async function check(...words: string[]): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  const [positionals, values]: [string[], Record<string, string | boolean>] = [["check"], {}];
  for (const word of words)
    if (word === "--json") values["json"] = true;
    else if (word.startsWith("--")) values[word.slice(2, word.indexOf("="))] = word.slice(word.indexOf("=") + 1);
    else positionals.push(word);
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    env: {},
    now: () => 0,
    openDatabase: () => Promise.reject(new Error("a check needs no database")),
  };
  const command = await COMMANDS["plan"].load();
  return { code: await command.run({ values, positionals }, io), out };
}

const box = (code: string, west: number, south: number, east: number, north: number): object => ({
  type: "Feature",
  properties: { code },
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  },
});

function layer(name: string, features: readonly object[]): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
  return path;
}

describe("jingwei plan check", () => {
  it("ends well for a sound layer, without a database", async () => {
    const { code, out } = await check(
      layer("sound.geojson", [box("A", 112, 40, 112.01, 40.01), box("B", 112.01, 40, 112.02, 40.01)]),
    );
    expect(code).toBe(0);
    expect(out).toContain("面 polygons 2");
    expect(out).toContain("no gaps, no overlaps");
  });

  it("names gap, overlap and what reaches over the outline, with place and size, and ends with 1", async () => {
    const file = layer("faults.geojson", [
      box("A", 112, 40, 112.01, 40.01),
      box("B", 112.0098, 40, 112.02, 40.01),
      box("C", 112.02, 40, 112.031, 40.01),
    ]);
    const within = layer("outline.geojson", [box("whole", 112, 40, 112.03, 40.02)]);
    const { code, out } = await check(file, `--within=${within}`, "--json");
    expect(code).toBe(1);
    const { issues, counts } = JSON.parse(out) as CheckedLayer;
    expect(counts).toMatchObject({ gap: 1, overlap: 1, outside_parent: 1 });
    const overlap = issues.find(({ kind }) => kind === "overlap");
    expect(overlap?.areaCodes).toEqual(["A", "B"]);
    expect(overlap?.areaM2 ?? 0).toBeGreaterThan(18_000);
    expect(overlap?.areaM2 ?? 0).toBeLessThan(20_000);
    expect(overlap?.where[0]).toBeCloseTo(112.0099, 4);
    expect(issues.find(({ kind }) => kind === "outside_parent")?.areaCodes).toEqual(["C"]);
  });

  it("refuses what is no layer of polygons", async () => {
    const points = layer("points.geojson", [
      { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [112, 40] } },
    ]);
    await expect(check(points)).rejects.toThrow("holds no polygon");
    await expect(check(join(dir, "absent.geojson"))).rejects.toThrow("does not exist");
  });

  describe("real layers", () => {
    beforeEach(({ skip }) => skip(!existsSync(SHARED), "../shared/data is absent"));

    it("finds the gaps and overlaps that Boston's precincts have, all of them slips of the hand", async () => {
      const { code, out } = await check(join(SHARED, "boston-311-2011/precincts_255.geojson"), "--json");
      expect(code).toBe(1);
      const { polygons, issues } = JSON.parse(out) as CheckedLayer;
      expect(polygons).toBe(255);
      const thin = issues.filter(({ kind }) => kind === "sliver");
      expect(thin.filter(({ of }) => of === "gap")).toHaveLength(65);
      expect(thin.filter(({ of }) => of === "overlap")).toHaveLength(67);
      expect(issues.some(({ kind }) => kind === "gap" || kind === "overlap")).toBe(false);
    });
  });
});

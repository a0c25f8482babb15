import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CAMERA_NETWORKS, CAMERA_STATUSES } from "../../data/model/camera.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { POST_KINDS } from "../../data/model/staff.ts";
import en from "../../web/i18n/en.json" with { type: "json" };
import zhCN from "../../web/i18n/zh-CN.json" with { type: "json" };
import { LIVE_PANEL_IDS, LIVE_PANELS } from "../../web/panels/live-registry.ts";
import { PANEL_IDS, PANELS } from "../../web/panels/registry.ts";

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, path = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
const chinese = new Map(flat(zhCN));
const english = new Map(flat(en));
const holes = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] as string).sort();

const web = join(import.meta.dirname, "../../web");
const sources = readdirSync(web, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(web, name), "utf8") }));

describe("texts", () => {
  it("both languages have the same keys with the same holes", () => {
    expect(chinese.size).toBeGreaterThan(200);
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, text] of chinese) expect(holes(english.get(key) ?? ""), key).toEqual(holes(text));
  });

  it("no text is empty, Chinese has Chinese and English has none", () => {
    const signs = /^[\s{}\w、%°.:·–-]*$/;
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe("");
      expect(/\p{Script=Han}/u.test(text) || signs.test(text), `${key}: ${text}`).toBe(true);
    }
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe("");
      expect(/\p{Script=Han}/u.test(text), `${key}: ${text}`).toBe(false);
    }
  });

  it("every key that the code names exists", () => {
    let seen = 0;
    for (const { name, text } of sources)
      for (const [, key] of text.matchAll(/\bt\(\s*"([a-z]\w*(?:\.\w+)+)"/g)) {
        seen++;
        expect(chinese.has(key as string), `${name}: ${key}`).toBe(true);
      }
    expect(seen).toBeGreaterThan(120);
  });

  it("every word of the model has a text", () => {
    const words = [
      ...INCIDENT_STATES.map((word) => `incidentState.${word}`),
      ...INCIDENT_SOURCES.map((word) => `source.${word}`),
      ...INCIDENT_SEVERITIES.map((word) => `severity.${word}`),
      ...POST_KINDS.map((word) => `post.${word}`),
      ...CAMERA_NETWORKS.map((word) => `network.${word}`),
      ...CAMERA_STATUSES.map((word) => `cameraStatus.${word}`),
      ...LIVE_PANEL_IDS.flatMap((id) => [LIVE_PANELS[id].title, LIVE_PANELS[id].basis, `panel.${id}.summary`]),
      ...PANEL_IDS.flatMap((id) => [PANELS[id].title, PANELS[id].basis, `panel.${id}.summary`]),
    ];
    for (const key of words) expect(chinese.has(key), key).toBe(true);
  });
});

describe("the wall asks for no contact", () => {
  it("its operations name no phone", () => {
    const operations = readFileSync(join(web, "seats/wall/wall.graphql"), "utf8").replace(/#.*$/gm, "");
    expect(operations).toContain("dutyNow");
    expect(operations).not.toMatch(/phone|contact/i);
    const files = sources.filter(({ name }) => name.startsWith("seats/wall/"));
    expect(files.length).toBeGreaterThan(5);
    for (const { name, text } of files) expect(/phone|seats\/desk|from "\.\.\/desk/i.test(text), name).toBe(false);
  });
});

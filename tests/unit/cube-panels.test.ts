import { describe, expect, it } from "vitest";
import type { PublishedCell } from "../../web/data/cube-store.ts";
import type { CubePanelInput } from "../../web/panels/cube-types.ts";
import { markText } from "../../web/panels/cube-types.ts";
import { publishedFigures } from "../../web/panels/published/published.options.ts";
import { CUBE_PANEL_IDS, CUBE_PANELS } from "../../web/panels/registry.ts";
import { sensitiveFigures } from "../../web/panels/sensitive/sensitive.options.ts";
import type { ChartStyle } from "../../web/panels/types.ts";
import { syntheticArea } from "../helpers/synthetic-columns.ts";

const COUNTY = "140226";
const TOWN = `${COUNTY}100`;
const A = `${TOWN}001`;
const B = `${TOWN}002`;
const C = `${COUNTY}101001`;

const cell = (
  areaCode: string,
  major: string,
  count: number | null,
  more: Partial<PublishedCell> = {},
): PublishedCell => ({
  areaCode,
  level: areaCode.length === 12 ? "COMMUNITY" : areaCode.length === 6 ? "COUNTY" : "TOWN",
  major,
  sensitive: true,
  month: "2026-01",
  count,
  mark: count === null ? "LESS_THAN_FIVE" : "EXACT",
  ...more,
});
const CELLS: readonly PublishedCell[] = [
  cell(A, "80", 10, { mark: "AT_LEAST" }),
  cell(A, "81", null),
  cell(B, "80", null),
  cell(B, "81", 7),
  cell(C, "80", 30),
  cell(`${TOWN}*`, "80", 90),
  cell(TOWN, "80", null, { mark: "HIDDEN" }),
  cell(TOWN, "06", 41, { sensitive: false }),
  cell(A, "06", 40, { sensitive: false }),
  cell(TOWN, "09", null, { mark: "HIDDEN" }),
  cell(TOWN, "09", 3, { sensitive: false }),
];

const style: ChartStyle = {
  rem: 20,
  font: "sans-serif",
  text: "#fff",
  muted: "#999",
  line: "#333",
  surface: "#0b1424",
  accent: "#4cc2ff",
  good: "#3fd0a0",
  soon: "#f2c14e",
  late: "#ff8a5c",
  idle: "#8d9db8",
  animate: false,
};
const input = (more: Partial<CubePanelInput> = {}): CubePanelInput => ({
  month: "2026-01",
  cells: CELLS,
  area: TOWN,
  areas: [COUNTY, TOWN, A, B, C].map((code) => syntheticArea(code)),
  t: (key, values) => (values ? `${key} ${JSON.stringify(values)}` : key),
  className: (code) => `class ${code}`,
  number: String,
  ...more,
});

describe("panels of published numbers", () => {
  it("reads a number as it is marked", () => {
    const words = (count: number | null, mark: PublishedCell["mark"]) => markText({ count, mark }, input());
    expect(words(12, "EXACT")).toBe("12");
    expect(words(10, "AT_LEAST")).toBe("≥10");
    expect(words(null, "LESS_THAN_FIVE")).toBe("<5");
    expect(words(null, "HIDDEN")).toBe("cube.hidden");
  });

  it("sensitive: communities of the area by number, the others only by how many", () => {
    const town = sensitiveFigures({ cells: CELLS, area: TOWN });
    expect(town.known.map(({ areaCode, major, count }) => [areaCode, major, count])).toEqual([
      [A, "80", 10],
      [B, "81", 7],
    ]);
    expect([...town.small]).toEqual([
      ["80", 1],
      ["81", 1],
    ]);
    const county = sensitiveFigures({ cells: CELLS, area: COUNTY });
    expect(county.known[0]?.areaCode).toBe(C);
    // A grid shows its community.
    expect(sensitiveFigures({ cells: CELLS, area: `${A}001` }).known).toHaveLength(1);
  });

  it("published: the area's own cells, what is withheld last", () => {
    const figures = publishedFigures({ cells: CELLS, area: TOWN });
    expect(figures.map(({ major, sensitive, mark }) => [major, sensitive, mark])).toEqual([
      ["06", false, "EXACT"],
      ["09", false, "EXACT"],
      ["09", true, "HIDDEN"],
      ["80", true, "HIDDEN"],
    ]);
    expect(publishedFigures({ cells: CELLS, area: `${A}001-01` }).map(({ areaCode }) => areaCode)).toEqual([A, A, A]);
  });

  for (const id of CUBE_PANEL_IDS) {
    it(`${id}: draws something, says it in words, in letters that can be read from afar`, () => {
      const { option, empty, summary } = CUBE_PANELS[id].build(input(), style);
      expect(CUBE_PANELS[id].id).toBe(id);
      expect(empty).toBe(false);
      expect(summary).toMatch(new RegExp(`panel\\.${id}\\.summary`));
      expect(option.animation).toBe(false);
      const sizes = [...JSON.stringify(option).matchAll(/"fontSize":([\d.]+)/g)].map((match) => Number(match[1]));
      // 1.4 % of 1080 px.
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(15.12);
      expect(CUBE_PANELS[id].build(input({ cells: [] }), style).empty).toBe(true);
    });
  }
});

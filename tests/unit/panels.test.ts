import { describe, expect, it } from "vitest";
import { FLAG } from "../../data/columns/incident-columns.ts";
import { childAreas, comparedAreas, lowestAreas } from "../../web/panels/area-tree.ts";
import { classFigures } from "../../web/panels/classes/classes.figures.ts";
import { clockState } from "../../web/panels/clock-state.ts";
import { incidentFigures, onTimeShare } from "../../web/panels/figures.ts";
import { ownershipFigures } from "../../web/panels/ownership/ownership.options.ts";
import { rankCounts } from "../../web/panels/ranking/ranking.figures.ts";
import { rankFigures } from "../../web/panels/ranking/ranking.options.ts";
import { PANEL_IDS, PANELS, type PanelId } from "../../web/panels/registry.ts";
import { rhythmFigures } from "../../web/panels/rhythm/rhythm.figures.ts";
import { sourceFigures } from "../../web/panels/sources/sources.figures.ts";
import { stateFigures } from "../../web/panels/states/states.figures.ts";
import { trendFigures } from "../../web/panels/trend/trend.figures.ts";
import type { ChartStyle } from "../../web/panels/types.ts";
import { dayText, weekdayOfDay, zoneOf } from "../../web/panels/zone.ts";
import { answer } from "../../web/plane/questions.ts";
import { askContext } from "../../web/plane/selected.ts";
import {
  factsOf,
  panelInput,
  type SyntheticCase,
  syntheticArea,
  syntheticColumns,
} from "../helpers/synthetic-columns.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Thursday 2026-01-15 12:00 in Shanghai. */
const NOW = Date.parse("2026-01-15T12:00:00+08:00") / 1000;
const GRIDS = ["140226100001001", "140226100001002", "140226100002001", "140226101001001"];
const AREAS = ["140226", "140226100", "140226101", "140226100001", "140226100002", "140226101001", ...GRIDS].map(
  (code) => syntheticArea(code),
);
const columns = (cases: readonly SyntheticCase[]) => syntheticColumns(cases, GRIDS, NOW);

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

describe("zone", () => {
  it("reads the county's calendar, also where clocks change", () => {
    const boston = zoneOf("America/New_York");
    for (const [instant, day, hour] of [
      ["2011-03-13T06:59:00Z", "2011-03-13", 1],
      ["2011-03-13T07:01:00Z", "2011-03-13", 3],
      ["2011-11-06T05:30:00Z", "2011-11-06", 1],
      ["2011-11-06T06:30:00Z", "2011-11-06", 1],
      ["2011-01-01T04:30:00Z", "2010-12-31", 23],
    ] as const) {
      const seconds = Date.parse(instant) / 1000;
      expect(dayText(boston.dayOf(seconds)), instant).toBe(day);
      expect(boston.hourOf(seconds), instant).toBe(hour);
    }
    const shanghai = zoneOf("Asia/Shanghai");
    expect(weekdayOfDay(shanghai.dayOf(NOW))).toBe(3);
    expect(shanghai.hourOf(NOW)).toBe(12);
  });
});

describe("figures", () => {
  const cases: SyntheticCase[] = [
    { opened: NOW - HOUR, due: NOW + HOUR },
    { opened: NOW - 2 * HOUR, due: NOW + 3 * DAY },
    { opened: NOW - 5 * DAY, due: NOW - DAY },
    { opened: NOW - 5 * DAY, due: NOW - DAY, flags: FLAG.paused },
    { opened: NOW - 5 * DAY, due: NOW + DAY * 9, flags: FLAG.paused, state: "on_hold" },
    { opened: NOW - 3 * DAY },
    { opened: NOW - 4 * DAY, due: NOW - 3 * DAY, closed: NOW - 2 * DAY, state: "closed" },
    { opened: NOW - 4 * DAY, due: NOW - DAY, closed: NOW - HOUR, state: "evaluated" },
    { opened: NOW - 4 * DAY, due: NOW - 3 * DAY, closed: NOW, state: "rejected" },
    {
      opened: NOW - 30 * DAY,
      flags: FLAG.verdict | FLAG.lateAtClose | FLAG.suspicious,
      closed: NOW - 20 * DAY,
      state: "closed",
    },
  ];

  it("counts each case once, by the rules of the model", () => {
    const figures = incidentFigures(panelInput(columns(cases)));
    expect(figures).toEqual({
      reported: 10,
      valid: 9,
      solved: 3,
      open: 6,
      // Open past due (two, one of them paused), closed after due, and late by the source's own verdict.
      late: 5,
      clocked: 8,
      todayReported: 2,
      todaySolved: 1,
      suspicious: 1,
      clocks: { onTime: 1, dueSoon: 1, overdueOpen: 2, paused: 1, noClock: 1 },
    });
    expect(Object.values(figures.clocks).reduce((a, b) => a + b)).toBe(figures.open);
    expect(onTimeShare(figures)).toBeCloseTo(3 / 8);
  });

  it("an on-time share of nothing is not 100 %", () => {
    expect(onTimeShare(incidentFigures(panelInput(columns([]))))).toBeUndefined();
  });

  it("due exactly in 24 h is due soon, due exactly now is not yet late", () => {
    const at = columns([
      { opened: NOW - DAY, due: NOW + DAY },
      { opened: NOW - HOUR, due: NOW },
    ]);
    expect(clockState(at, 0, NOW)).toBe("dueSoon");
    expect(clockState(at, 1, NOW)).toBe("dueSoon");
    expect(clockState(at, 1, NOW + 1)).toBe("overdueOpen");
  });
});

describe("trend", () => {
  it("counts by local day, solved ones on the day they were solved", () => {
    const midnight = Date.parse("2026-01-15T00:00:00+08:00") / 1000;
    const figures = trendFigures(
      panelInput(
        columns([
          { opened: midnight - 1 },
          { opened: midnight },
          { opened: midnight - 3 * DAY, closed: midnight + 5, state: "closed" },
          { opened: midnight - 3 * DAY, closed: midnight + 5, state: "void" },
        ]),
      ),
    );
    expect(figures.days.map(dayText)).toEqual(["2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"]);
    expect(figures.reported).toEqual([2, 0, 1, 1]);
    expect(figures.solved).toEqual([0, 0, 0, 1]);
  });

  it("bars widen with the window and still hold every case", () => {
    const many = Array.from({ length: 365 }, (_, i) => ({ opened: NOW - i * DAY }));
    const input = panelInput(columns(many), AREAS, { from: NOW - 364 * DAY, to: NOW + 1 });
    const figures = trendFigures(input);
    expect(figures.step).toBe(7);
    expect(figures.reported.reduce((a, b) => a + b)).toBe(365);
    expect(trendFigures({ ...input, from: undefined, to: undefined }).reported).toHaveLength(30);
  });
});

describe("groups", () => {
  it("classes by major with their late ones, ties by code", () => {
    const figures = classFigures(
      panelInput(
        columns([
          { opened: 1, classCode: "80001" },
          { opened: 2, classCode: "06010", due: 3 },
          { opened: 3, classCode: "06001" },
          { opened: 4, classCode: "07001" },
        ]),
      ),
    );
    expect(figures).toEqual([
      { code: "06", count: 2, late: 1 },
      { code: "07", count: 1, late: 0 },
      { code: "80", count: 1, late: 0 },
    ]);
  });

  it("tells classes apart where all cases lie in one major, as in a county with classes of its own", () => {
    const one = columns([
      { opened: 1, classCode: "89002" },
      { opened: 2, classCode: "89001" },
      { opened: 3, classCode: "89002" },
    ]);
    expect(classFigures(panelInput(one)).map(({ code, count }) => [code, count])).toEqual([
      ["89002", 2],
      ["89001", 1],
    ]);
  });

  it("states in the order of the workflow, sources by size", () => {
    const input = panelInput(
      columns([
        { opened: 1, state: "handling", source: "hotline" },
        { opened: 2, state: "found", source: "hotline" },
        { opened: 3, state: "closed", source: "patrol" },
      ]),
    );
    expect(stateFigures(input)).toEqual([
      { state: "found", count: 1, ended: false },
      { state: "handling", count: 1, ended: false },
      { state: "closed", count: 1, ended: true },
    ]);
    expect(sourceFigures(input)).toEqual([
      { source: "hotline", count: 2 },
      { source: "patrol", count: 1 },
    ]);
  });

  it("hour and weekday are the county's", () => {
    const counts = rhythmFigures(panelInput(columns([{ opened: NOW }, { opened: NOW - 4 * DAY }])));
    expect(counts[3 * 24 + 12]).toBe(1);
    expect(counts[6 * 24 + 12]).toBe(1);
    expect(counts.reduce((a, b) => a + b)).toBe(2);
  });
});

describe("ranking", () => {
  it("ranks by late share of valid cases and leaves small areas out", () => {
    const late = { due: NOW - DAY };
    const cases: SyntheticCase[] = [
      ...Array.from({ length: 10 }, (_, i) => ({ opened: i, grid: "140226100001001", ...(i < 2 ? late : {}) })),
      ...Array.from({ length: 9 }, (_, i) => ({ opened: i, grid: "140226101001001", ...late })),
      { opened: 5, grid: "140226101001001", state: "void", ...late },
      { opened: 6 },
    ];
    const { ranked, unranked } = rankFigures(
      rankCounts(
        panelInput(columns(cases)),
        comparedAreas(AREAS, "140226").map(({ code }) => code),
      ),
      AREAS,
    );
    expect(ranked.map(({ code, count, late: n }) => [code, count, n])).toEqual([["140226100", 10, 2]]);
    expect(unranked.map(({ code, count }) => [code, count])).toEqual([["140226101", 9]]);
  });

  it("compares deeper areas while a level has only one", () => {
    const areas = ["925000", "925000099", "925000099001", "925000099002"].map((code) => syntheticArea(code));
    expect(comparedAreas(areas, "925000").map(({ code }) => code)).toEqual(["925000099001", "925000099002"]);
    expect(comparedAreas(AREAS, "140226").map(({ code }) => code)).toEqual(["140226100", "140226101"]);
    expect(comparedAreas(areas, "925000099001")).toEqual([]);
  });
});

describe("ownership", () => {
  it("counts lowest grids: a grid with micro-grids does not count itself", () => {
    const owner = { id: "o", name: "unit", status: "owned" } as const;
    const areas = [
      syntheticArea("140226"),
      syntheticArea("140226100001001"),
      syntheticArea("140226100001001-01", owner),
      syntheticArea("140226100001001-02", { ...owner, status: "expired" }),
      syntheticArea("140226100001002"),
      syntheticArea("140226101001001", owner),
    ];
    expect(lowestAreas(areas, "140226")).toHaveLength(4);
    expect(ownershipFigures({ areas, area: "140226" })).toEqual({ owned: 2, expired: 1, unowned: 1, total: 4 });
    expect(ownershipFigures({ areas, area: "140226100" })).toEqual({ owned: 1, expired: 1, unowned: 1, total: 3 });
  });

  it("children are the areas directly inside", () => {
    expect(childAreas(AREAS, "140226100").map((area) => area.code)).toEqual(["140226100001", "140226100002"]);
  });
});

/** A panel as the page draws it: the worker's answer to what it asks. */
function drawn(id: PanelId, { columns: held, ...input }: ReturnType<typeof panelInput>) {
  const question = PANELS[id].ask?.(input);
  const context = askContext({
    columns: held,
    facts: factsOf(held, "Asia/Shanghai"),
    filters: { withSuspicious: false },
    area: input.area,
    timezone: "Asia/Shanghai",
    span: undefined,
    homes: undefined,
    rowOf: () => -1,
  });
  return PANELS[id].draw(question && answer(context, question), input, style);
}

describe("options", () => {
  const full = panelInput(
    columns(
      Array.from({ length: 60 }, (_, i) => ({
        opened: NOW - i * HOUR * 7,
        due: NOW + (i % 5) * DAY - 2 * DAY,
        grid: GRIDS[i % 4] as string,
        ...(i % 3 ? {} : { state: "closed" as const, closed: NOW - i * HOUR }),
      })),
    ),
    AREAS,
  );
  for (const id of PANEL_IDS) {
    it(`${id}: draws something, says it in words, and sets what ECharts 6 would put in the way`, () => {
      const { option, empty, summary } = drawn(id, full);
      expect(PANELS[id].id).toBe(id);
      expect(empty).toBe(false);
      expect(summary).toMatch(new RegExp(`panel\\.${id}\\.summary`));
      expect(option.animation).toBe(false);
      expect(option.legend).toBeDefined();
      expect(option.grid).toBeDefined();
      const sizes = [...JSON.stringify(option).matchAll(/"fontSize":([\d.]+)/g)].map((match) => Number(match[1]));
      expect(sizes.length).toBeGreaterThan(0);
      // 1.4 % of 1080 px.
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(15.12);
    });
  }

  it("a panel without cases says that it is empty", () => {
    const none = panelInput(columns([]), []);
    for (const id of PANEL_IDS) expect(drawn(id, none).empty, id).toBe(true);
  });
});

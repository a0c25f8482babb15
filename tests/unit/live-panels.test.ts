import { describe, expect, it } from "vitest";
import en from "../../web/i18n/en.json" with { type: "json" };
import zhCN from "../../web/i18n/zh-CN.json" with { type: "json" };
import { type BreachCase, breachLines } from "../../web/panels/breach/breach-lines.ts";
import { type FunnelFigures, funnelView } from "../../web/panels/funnel/funnel.options.ts";
import { LIVE_PANEL_IDS, LIVE_PANELS } from "../../web/panels/live-registry.ts";
import { type OnTimeFigures, onTimeView, shownTarget } from "../../web/panels/on-time/on-time.options.ts";
import { periodStart } from "../../web/panels/period.ts";
import type { ChartStyle, Translate } from "../../web/panels/types.ts";

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

type Tree = { readonly [key: string]: string | Tree };
/** Texts as the page fills them in. */
const words =
  (tree: Tree): Translate =>
  (key, values = {}) => {
    const text = key
      .split(".")
      .reduce<string | Tree | undefined>((at, part) => (typeof at === "object" ? at[part] : at), tree);
    return String(text).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
const number = (value: number): string => String(value);
const percent = (share: number): string => `${Math.floor(share * 100)}%`;

describe("panels that the server answers", () => {
  it.each(LIVE_PANEL_IDS)("%s stands under its own id with words in both languages", (id) => {
    const { id: own, title, basis } = LIVE_PANELS[id];
    expect(own).toBe(id);
    for (const tree of [zhCN, en]) for (const key of [title, basis]) expect(words(tree)(key)).not.toBe("undefined");
  });

  it("look at whole days, so that the question stays the same for one", () => {
    const day = Date.parse("2026-01-15T00:00:00Z") / 1000;
    expect(periodStart(day)).toBe("2025-12-16T00:00:00.000Z");
    expect(periodStart(day + 86_399)).toBe(periodStart(day));
    expect(periodStart(day + 86_400)).not.toBe(periodStart(day));
  });
});

describe("the funnel", () => {
  const stage = (key: string, name: string, nameEn: string, reached: number, now: number) => ({
    reached,
    now,
    step: { key, name, nameEn },
  });
  const figures: FunnelFigures = {
    rated: 4,
    satisfied: 3,
    satisfaction: 0.75,
    stages: [
      stage("order", "点单", "Order", 20, 3),
      stage("dispatch", "派单", "Dispatch", 17, 5),
      stage("rate", "评单", "Rate", 4, 4),
    ],
  };
  const labels = (option: unknown): readonly string[] =>
    (option as { yAxis: { data: string[] }[] }).yAxis[1]?.data ?? [];

  it("says how many came so far and how many are there, in the county's words", () => {
    const view = funnelView(figures, { t: words(zhCN), number, english: false }, style);
    expect(view.summary).toBe("工单到达各环节：点单 20、派单 17、评单 4。");
    expect(labels(view.option)).toEqual(["20 · 现 3", "17 · 现 5", "4 · 现 4"]);
    expect(view.empty).toBe(false);
    expect(funnelView(figures, { t: words(en), number, english: true }, style).summary).toContain("Dispatch 17");
  });

  it("is empty without orders", () => {
    const none = { ...figures, stages: figures.stages.map((one) => ({ ...one, reached: 0, now: 0 })) };
    expect(funnelView(none, { t: words(zhCN), number, english: false }, style).empty).toBe(true);
    expect(funnelView({ ...none, stages: [] }, { t: words(zhCN), number, english: false }, style).empty).toBe(true);
  });
});

describe("the ring", () => {
  const figures = (target: OnTimeFigures["target"], more: Partial<OnTimeFigures> = {}): OnTimeFigures => ({
    target,
    met: 0,
    missed: 0,
    late: 0,
    running: 0,
    paused: 0,
    rate: null,
    ...more,
  });
  const told = { t: words(zhCN), number, percent };
  const ring = (option: unknown): readonly { readonly name: string; readonly value: number }[] =>
    (option as { series: { data: { name: string; value: number }[] }[] }).series[0]?.data ?? [];

  it("speaks of the weightiest target that has a clock", () => {
    const all = [figures("ANSWER", { met: 1 }), figures("HANDLE", { running: 2 }), figures("CLOSE")];
    expect(shownTarget(all)?.target).toBe("HANDLE");
    expect(shownTarget([figures("CLOSE")])).toBeUndefined();
  });

  it("counts what is open and too late, and leaves out what runs in time or is paused", () => {
    const view = onTimeView(
      [figures("CLOSE", { met: 6, missed: 1, late: 1, running: 9, paused: 2, rate: 0.75 })],
      told,
      style,
    );
    expect(view.summary).toBe("办结按期率 75%：按期 6、超期完成 1、超期未完成 1、进行中 9、已暂停 2。");
    expect(ring(view.option).map(({ value }) => value)).toEqual([6, 1, 1, 0, 0]);
  });

  it("shows no rate where nothing counts yet, and nothing where nothing is timed", () => {
    const waiting = onTimeView([figures("CLOSE", { running: 3 })], told, style);
    expect(waiting.summary).toContain("–");
    expect(ring(waiting.option).at(-1)).toMatchObject({ name: "", value: 1 });
    expect(onTimeView([], told, style).empty).toBe(true);
  });
});

describe("what is due next", () => {
  const ASOF = Date.parse("2026-01-15T10:00:00+08:00") / 1000;
  const one = (ref: number, dueAt: string | null, more: Partial<BreachCase> = {}): BreachCase => ({
    id: `Incident:140226:${ref}`,
    ref,
    severity: "NORMAL",
    dueAt,
    class: { name: "路灯", nameEn: "Lamp" },
    area: {
      name: "云兴街社区第一网格",
      ancestors: [
        { name: "左云县", level: "COUNTY" },
        { name: "云兴镇", level: "TOWN" },
        { name: "云兴街社区", level: "COMMUNITY" },
      ],
    },
    organisation: null,
    ...more,
  });

  it("comes first to breach first, in the time that is left", () => {
    const lines = breachLines(
      [one(1, "2026-01-15T12:00:00+08:00"), one(2, "2026-01-15T10:30:00+08:00", { severity: "CRITICAL", area: null })],
      ASOF,
    );
    expect(lines.map(({ ref, left, severe, place }) => [ref, left, severe, place])).toEqual([
      [2, 1800, true, ""],
      [1, 7200, false, "云兴街社区 › 第一网格"],
    ]);
  });

  it("leaves out what is paused, and never counts below zero", () => {
    const lines = breachLines([one(1, null), one(2, "2026-01-15T09:59:59+08:00")], ASOF);
    expect(lines.map(({ ref, left }) => [ref, left])).toEqual([[2, 0]]);
  });
});

import { describe, expect, it } from "vitest";
import type { AdmissionFragment, CaseRowFragment } from "../../web/gql/generated.ts";
import { clientKeys } from "../../web/seats/desk/cases/client-keys.ts";
import { missingOf, NO_TEXTS, stepInput, stepOptions, textFault } from "../../web/seats/desk/cases/step-options.ts";
import { byDepartment, byMajor } from "../../web/seats/desk/intake/class-groups.ts";
import { draftFaults, draftFrom, keptDraft, newDraft, reportOf } from "../../web/seats/desk/intake/draft.ts";
import { caseClock } from "../../web/ui/cases/case-clock.ts";

type Next = NonNullable<CaseRowFragment["nextSteps"]>[number];
const next = (key: string, name: string, more: Partial<Next> = {}): Next => ({
  step: { key, name, nameEn: key, state: "ACCEPTED", side: false },
  name,
  nameEn: key,
  requires: [],
  refusal: null,
  refusalEn: null,
  ...more,
});
const side = (key: string, name: string) =>
  next(key, name, { step: { key, name, nameEn: key, state: "ON_HOLD", side: true }, requires: ["REASON"] });
const row = (id: string, nextSteps: Next[], version = 3): CaseRowFragment =>
  ({ id, version, nextSteps }) as unknown as CaseRowFragment;

describe("steps for some cases", () => {
  it("are what leads forward and most can do first, side steps last", () => {
    const options = stepOptions([
      row("a", [side("hold", "挂账"), next("dispatch", "派单"), next("accept", "受理")]),
      row("b", [next("accept", "受理"), side("hold", "挂账")]),
    ]);
    expect(options.map(({ name, rows }) => `${name}${rows.length}`)).toEqual(["受理2", "派单1", "挂账2"]);
  });

  it("need what any of the cases needs, and keep the refused ones with their rule", () => {
    const [option] = stepOptions([
      row("a", [next("verify", "核查", { requires: ["NOTE"] })]),
      row("b", [
        next("verify", "核查", {
          refusal: "办理人不能核查自己办的事",
          refusalEn: "not one's own",
          requires: ["RESOLUTION"],
        }),
      ]),
    ]);
    expect(option?.requires).toEqual(["NOTE"]);
    expect(option?.rows.map(({ id }) => id)).toEqual(["a"]);
    expect(option?.refused.map(({ row, name, nameEn }) => [row.id, name, nameEn])).toEqual([
      ["b", "办理人不能核查自己办的事", "not one's own"],
    ]);
  });

  it("are asked for with the version that was seen, and with one key for one content", () => {
    const keyOf = clientKeys();
    const [option] = stepOptions([row("a", [next("accept", "受理")])]);
    if (!option?.rows[0]) throw new Error("no option");
    const made = stepInput(option.rows[0], option, { ...NO_TEXTS, note: "  已联系 " }, keyOf);
    expect(made).toMatchObject({ id: "a", version: 3, to: "ACCEPTED", step: "accept", note: "已联系" });
    expect(made.reason).toBeUndefined();
    // A second click is the same request; a case that changed meanwhile is another one.
    expect(stepInput(option.rows[0], option, { ...NO_TEXTS, note: "已联系" }, keyOf).key).toBe(made.key);
    expect(stepInput({ id: "a", version: 4 }, option, { ...NO_TEXTS, note: "已联系" }, keyOf).key).not.toBe(made.key);
    expect(made.key).toMatch(/^[\w.:-]{16,100}$/);
  });

  it("say what is missing and what must not be written", () => {
    expect(missingOf(["REASON", "POST", "NOTE"], { ...NO_TEXTS, reason: " ", note: "x" })).toEqual(["REASON", "POST"]);
    expect(textFault("打 13800138000 找他")?.zh).toContain("电话");
    expect(textFault("三号楼 2 单元路灯不亮")).toBeUndefined();
  });
});

describe("a draft", () => {
  const full = {
    ...newDraft(),
    point: [112.7, 40.01] as const,
    class: "06010",
    title: "路灯不亮",
    contact: "13800138000",
  };

  it("is kept without the contact, and comes back as it was", () => {
    expect(keptDraft(full)).not.toContain("13800138000");
    expect(draftFrom(keptDraft(full))).toEqual({ ...full, contact: "" });
    for (const junk of [null, "", "{", "[]", '{"point":["a",1],"severity":7}'])
      expect(draftFaults(draftFrom(junk))).toEqual(["point", "class", "title"]);
  });

  it("is sent once it is whole, with its own key", () => {
    expect(reportOf({ ...full, title: "  " }, "140226")).toBeUndefined();
    expect(draftFaults({ ...full, title: "车牌晋B12345挡路" })).toEqual(["text"]);
    expect(reportOf(full, "140226")).toMatchObject({ key: full.key, lon: 112.7, lat: 40.01, class: "06010" });
    expect(newDraft().key).not.toBe(full.key);
  });
});

describe("classes of the admission list", () => {
  const classes = [
    { code: "06010", name: "路灯损坏", nameEn: "Street lamp", major: "06" },
    { code: "80010", name: "邻里纠纷", nameEn: "Neighbours", major: "80" },
  ];
  const item = (
    id: string,
    department: string,
    kind: AdmissionFragment["kind"],
    codes: string[],
  ): AdmissionFragment => ({
    ...{ id, department, kind, classes: codes, item: `${department}事项`, batch: "第一批", organisation: null },
  });
  const list = [item("1", "城管局", "UNDERTAKE", ["06"]), item("2", "公安局", "FORBIDDEN", ["80"])];

  it("stand under their department, refused ones marked", () => {
    const groups = byDepartment(list, classes, "");
    expect(groups.map(({ key }) => key)).toEqual(["城管局", "公安局"]);
    expect(groups[0]?.items[0]?.classes.map(({ code }) => code)).toEqual(["06010"]);
    expect(groups.flatMap(({ items }) => items.map(({ refused }) => refused))).toEqual([false, true]);
  });

  it("are found by item, class and code", () => {
    expect(byDepartment(list, classes, "路灯").map(({ key }) => key)).toEqual(["城管局"]);
    expect(byMajor(classes, "80").map(({ key }) => key)).toEqual(["80"]);
    expect(byMajor(classes, "").map(({ key }) => key)).toEqual(["06", "80"]);
  });
});

describe("the deadline of a case", () => {
  const now = Date.parse("2026-01-15T10:30:00+08:00") / 1000;
  const open = { state: "HANDLING", closedAt: null, clocks: [] } as const;

  it("is paused while the business clock is, and never in time then", () => {
    const clocks = [{ kind: "BUSINESS", state: "PAUSED", pauseReason: "等备件" }] as const;
    expect(caseClock({ ...open, clocks, dueAt: null }, now)).toEqual({
      state: "paused",
      due: undefined,
      pauseReason: "等备件",
    });
  });

  it("passes by itself as time goes on", () => {
    const dueAt = "2026-01-15T10:31:00+08:00";
    expect(caseClock({ ...open, dueAt }, now).state).toBe("dueSoon");
    expect(caseClock({ ...open, dueAt }, now + 61).state).toBe("overdueOpen");
    expect(caseClock({ ...open, dueAt }, now - 2 * 86_400).state).toBe("onTime");
    expect(caseClock({ ...open, dueAt: null }, now).state).toBe("noClock");
    expect(caseClock({ ...open, state: "VOID", dueAt }, now).state).toBeUndefined();
  });
});

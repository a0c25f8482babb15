import { describe, expect, it } from "vitest";
import { choiceWords, openProposals } from "../../web/seats/admin/import/edition-choices.ts";
import { EDITION_TEXTS } from "../../web/seats/admin/import/edition-texts.ts";
import { stepsOf, type Wizard } from "../../web/seats/admin/import/wizard-state.ts";

const wizard = (change: Partial<Wizard>): Wizard => ({
  ...{ upload: "u", step: "files", kind: "areas", level: "", crs: "", map: {} },
  ...{ mode: "correction", effective: "", decisions: {}, compared: "", tried: "", job: "" },
  ...change,
});

describe("the step that asks for a new edition", () => {
  const levels = new Set(["COUNTY", "TOWN"]);
  const asks = (change: Partial<Wizard>, known = levels): boolean => stepsOf(wizard(change), known).includes("edition");

  it("is there where the county has areas of that level, and for areas alone", () => {
    expect(asks({ level: "TOWN" })).toBe(true);
    expect(asks({ level: "" })).toBe(true);
    expect(asks({ level: "" }, new Set(["COUNTY"]))).toBe(false);
    expect(asks({ level: "COMMUNITY" })).toBe(false);
    expect(asks({ kind: "grids" })).toBe(false);
    expect(asks({ kind: "grids" }, new Set(["GRID"]))).toBe(true);
    expect(asks({ kind: "staff" })).toBe(false);
  });

  it("stays while it is open, before the areas of the county are known", () => {
    expect(asks({ step: "edition" }, new Set())).toBe(true);
  });
});

describe("choices of a proposal", () => {
  const olds = [
    { code: "1", name: "甲镇" },
    { code: "2", name: "乙镇" },
  ];
  const nexts = [
    { code: "3", name: "丙镇", at: "f#1" },
    { code: null, name: "丁镇", at: "f#2" },
  ];
  const words = (choice: string, areas = { olds, nexts }): string => choiceWords(choice, areas, EDITION_TEXTS["zh-CN"]);

  it("are told by names", () => {
    expect(words("1=3")).toBe("甲镇 延续为 丙镇");
    expect(words("1=f#2 2=3")).toBe("甲镇 延续为 丁镇，乙镇 延续为 丙镇");
  });

  it("say what nobody living on means", () => {
    expect(words("none")).toBe(EDITION_TEXTS["zh-CN"].noneLives);
    expect(words("none", { olds: [], nexts })).toBe(EDITION_TEXTS["zh-CN"].onlyNew);
    expect(words("none", { olds, nexts: [] })).toBe(EDITION_TEXTS["zh-CN"].onlyEnds);
  });

  it("stand as they are where they name other areas", () => {
    expect(words("9=3")).toBe("9=3");
  });

  it("are open where they are unsure and not decided", () => {
    const proposals = [
      { id: "a", verdict: "unsure" },
      { id: "b", verdict: "unsure" },
      { id: "c", verdict: "certain" },
    ];
    expect(openProposals(proposals, { a: "none", c: "none" })).toBe(1);
  });
});

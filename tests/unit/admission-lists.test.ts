import { describe, expect, it } from "vitest";
import { admissionItemsOf, listClasses } from "../../data/demo/admission/build-list.ts";
import { Prng } from "../../data/demo/prng.ts";
import { DEMO_SLUGS, type DemoSlug } from "../../data/demo/profile.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { itemsOfClass, refusingItem } from "../../data/dispatch/admission.ts";
import type { AdmissionKind, AdmissionRecord } from "../../data/model/admission.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { POST_KINDS } from "../../data/model/staff.ts";
import { ROLES } from "../../data/policy/roles.ts";

const listOf = (slug: DemoSlug): AdmissionRecord[] => {
  const profile = DEMO_PROFILES[slug];
  return admissionItemsOf({ profile, anchorMs: Date.UTC(2026, 0, 14, 16), prng: new Prng("lists") }, []);
};
const countOf = (items: readonly AdmissionRecord[], kind: AdmissionKind): number =>
  items.filter((item) => item.kind === kind).length;

describe("admission lists of demo counties", () => {
  it("Yungang's first batch has 43 items of 11 departments: 8/3/2/4/10/4/3/1/1/1/6 (YG9)", () => {
    const first = listOf("yungang").filter(({ batch }) => batch.startsWith("第一批"));
    const byDepartment = new Map<string, number>();
    for (const { department } of first) byDepartment.set(department, (byDepartment.get(department) ?? 0) + 1);
    expect([...byDepartment]).toEqual([
      ["政法委", 8],
      ["统战部", 3],
      ["信访局", 2],
      ["公安分局", 4],
      ["民政局", 10],
      ["司法局", 4],
      ["卫健局", 3],
      ["应急局", 1],
      ["消防大队", 1],
      ["妇联", 1],
      ["人社局", 6],
    ]);
    expect(first.length).toBe(43);
    expect(countOf(first, "forbidden")).toBe(0);
  });

  it("Decheng undertakes 12, assists with 26 and stamps 20 papers no more (DC4)", () => {
    const items = listOf("decheng");
    expect([countOf(items, "undertake"), countOf(items, "assist"), countOf(items, "no_stamp")]).toEqual([12, 26, 20]);
    expect(items.length).toBe(58);
  });

  it("refuses each of Decheng's 20 stamps to everybody, each by its own item", () => {
    const items = listOf("decheng");
    const cited = listClasses("decheng").map(({ code }) => {
      const targets = [{}, ...ROLES.map((role) => ({ role })), ...POST_KINDS.map((postKind) => ({ postKind }))];
      const found = new Set(targets.map((target) => refusingItem(items, code, target)?.item));
      expect(found.size).toBe(1);
      return [...found][0];
    });
    expect(new Set(cited).size).toBe(20);
    expect(cited).not.toContain(undefined);
  });

  it("keeps what is forbidden from grid workers, and from nobody else", () => {
    const items = listOf("yungang");
    const refused = items.filter(({ kind }) => kind === "forbidden");
    expect(refused.length).toBe(3);
    for (const { classes, item } of refused) {
      const code = classes[0] as string;
      for (const target of [{ role: "grid_worker" }, { postKind: "full_time" }, { postKind: "grid_leader" }] as const)
        expect(refusingItem(items, code, target)?.item).toBe(item);
      for (const target of [{}, { role: "dispatcher" }, { postKind: "police" }] as const)
        expect(refusingItem(items, code, target)).toBeUndefined();
    }
    expect(refusingItem(items, "06010", { role: "grid_worker" })).toBeUndefined();
    expect(itemsOfClass(items, "06010").map(({ department }) => department)).toEqual(["卫健局"]);
  });

  it.each(DEMO_SLUGS)("%s: every text says that it is an example, every class exists", (slug) => {
    const known = [...CLASS_CODES, ...listClasses(slug)].map(({ code }) => code);
    for (const { batch, classes, item } of listOf(slug)) {
      expect(batch).toContain("示例");
      for (const prefix of classes)
        expect(
          known.some((code) => code.startsWith(prefix)),
          `${item}: ${prefix}`,
        ).toBe(true);
    }
  });
});

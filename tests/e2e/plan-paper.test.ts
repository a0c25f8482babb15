import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPdf } from "../helpers/pdf-text.ts";
import { approvedPlan, importLayersOver, type ReadyPlan } from "./plan-ready.ts";
import { ANCHOR, openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
let plan: ReadyPlan;
let community = "";
beforeAll(async () => {
  seats = await openSeats();
  community = seats.dataset.areas.find(({ name }) => name === "东延路社区")?.code ?? "";
  plan = await approvedPlan(seats.database, community, ANCHOR);
  await importLayersOver(seats.database, seats.dataset, community, ANCHOR);
}, 240_000);
afterAll(() => seats?.close());

const MM = 72 / 25.4;

describe("a plan on paper", () => {
  it("is a sheet for the whole, the codes and each changed grid, to scale, and the PDF that Chromium makes of it says the same", async () => {
    const { page, watch } = await seats.open(`/plan/print?county=140226&plan=${plan.id}&theme=light`, {
      ...{ viewport: { width: 1200, height: 800 }, as: "planner" },
    });
    const sheets = page.locator(".paper-sheet");
    await sheets.first().waitFor();
    const [old, fresh] = plan.codes;
    const grids = await page.locator("[data-sheet]").evaluateAll((all) => all.map((one) => one.dataset["sheet"]));
    expect(grids).toEqual(expect.arrayContaining([old, fresh]));
    expect(await sheets.count()).toBe(2 + grids.length);
    // Approved: no sheet says that it is a draft, each says who drew and who approved.
    const credits = await page.locator(".paper-credit").allInnerTexts();
    for (const credit of credits) {
      expect(credit).toContain("编制：甲规划员　批准：乙书记");
      expect(credit).toContain("审图号");
      expect(credit).not.toContain("草案");
    }
    const row = page.locator(".paper-codes tbody tr", { hasText: fresh });
    expect(await row.first().innerText()).toContain(old);
    expect(await row.first().innerText()).toContain("拆分");
    // Both maps of a grid have one scale, and a bar of whole metres is as long on paper as its scale says.
    const maps = page.locator(`[data-sheet="${fresh}"] svg[data-scale]`);
    const scales = await maps.evaluateAll((all) => all.map((one) => Number(one.getAttribute("data-scale"))));
    expect(scales).toHaveLength(2);
    expect(scales[0]).toBe(scales[1]);
    const bar = maps.first().locator(".paper-bar");
    const [, length] = /H([\d.]+)V/.exec((await bar.locator("path").getAttribute("d")) ?? "") ?? [];
    const [, told, unit] = /([\d.]+) (k?m)$/.exec((await bar.locator("text").last().innerHTML()).trim()) ?? [];
    const metres = Number(told) * (unit === "km" ? 1000 : 1);
    expect((Number(length) * (scales[0] ?? 0)) / 1000).toBeCloseTo(metres, 0);

    // A planner's own words for a side stand on the sheet, and on paper.
    const bounds = page.locator(`[data-sheet="${fresh}"]`);
    expect(await bounds.locator("[data-side]").count()).toBe(4);
    await bounds.getByRole("button", { name: "修改四至" }).click();
    await bounds.getByLabel("东").fill("东至界桩甲");
    await bounds.getByRole("button", { name: "保存" }).click();
    await bounds.locator('[data-side="EAST"]', { hasText: "东至界桩甲" }).waitFor();

    const sizes = { A4: [297, 210], A3: [420, 297] } as const;
    for (const size of ["A4", "A3"] as const) {
      await page.getByRole("button", { name: size, exact: true }).click();
      await page.locator(`.paper[data-paper="${size}"]`).waitFor();
      const pages = readPdf(await page.pdf({ preferCSSPageSize: true }));
      // No sheet spills over, none is empty.
      expect(pages, size).toHaveLength(2 + grids.length);
      for (const { width, height } of pages) {
        expect(width / MM, size).toBeCloseTo(sizes[size][0], 0);
        expect(height / MM, size).toBeCloseTo(sizes[size][1], 0);
      }
      const text = pages.map((one) => one.text.replaceAll(/\s/g, ""));
      expect(text[1], size).toContain(old);
      expect(text[1], size).toContain(fresh);
      const sheet = text.find((one, n) => n > 1 && one.includes(fresh));
      expect(sheet, size).toContain("东至界桩甲");
      for (const one of text) {
        expect(one, size).toContain("审图号");
        // What is for the screen alone is not printed.
        expect(one, size).not.toContain("修改四至");
      }
    }
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

describe("layers of grids", () => {
  it("shows what answers to what and where they differ, and merges with a record of why", async () => {
    const { page, watch } = await seats.open(`/plan/layers?county=140226&area=${community}&theme=light`, {
      ...{ viewport: { width: 1200, height: 800 }, as: "planner" },
    });
    const map = page.locator(".layer-map");
    await map.waitFor();
    const differing = () =>
      map.locator("[data-grid]").evaluateAll((all) => all.map((one) => Number(one.getAttribute("data-differing"))));
    // All layers at once: the two grids that urban management drew as they are differ less than the others.
    await expect.poll(async () => Math.max(...(await differing()))).toBe(2);
    expect(Math.min(...(await differing()))).toBeLessThan(2);
    const conflicts = page.getByRole("region", { name: "不一致的地方" });
    const all = await conflicts.locator("li").count();

    // Grids that stand for base grids as they are: no cut, no spread; the rest is nobody's.
    await page.getByRole("button", { name: /^城管网格/ }).click();
    await expect.poll(async () => (await differing()).filter((count) => count === 0).length).toBe(2);
    expect(await conflicts.getByText("切开基础网格").count()).toBe(0);
    expect(await conflicts.getByText("无人负责").count()).toBeGreaterThan(0);
    const mapping = page.getByRole("region", { name: "对照表" });
    const first = mapping.locator("tbody", { hasText: "城管网格C1" });
    expect((await first.locator("tr").innerText()).replaceAll(/\s+/g, " ")).toMatch(/第一网格 100% 100% ≈?\d+ ✓/);

    // The layer that cuts: a conflict shows its place, on the map, by mouse and by key.
    await page.getByRole("button", { name: /^综治网格/ }).click();
    const cut = conflicts.locator("button", { hasText: "切开基础网格" }).first();
    await cut.click();
    expect(await map.locator(".layer-base.chosen").count()).toBe(1);
    await expect.poll(() => map.locator(".layer-over.chosen").count()).toBe(2);
    await map.locator("[data-grid]").first().focus();
    await page.keyboard.press("Enter");
    expect(await map.locator("[data-grid]").first().locator(".layer-base.chosen").count()).toBe(1);
    expect(await conflicts.locator("li").count()).toBeLessThan(all);

    // Merging asks for its reason, and what it did is on record.
    const west = mapping.locator("tbody", { hasText: "综治网格W" });
    await west.getByRole("button", { name: "把“综治网格W”并入基础网格" }).click();
    expect(await west.getByRole("button", { name: "确认并入" }).isDisabled()).toBe(true);
    await west.getByLabel("依据（文号或说明）").fill("左编办〔2026〕3号");
    await west.getByRole("button", { name: "确认并入" }).click();
    await west.getByText("已并入", { exact: true }).waitFor();
    const record = page.locator(".layer-merges li").first();
    expect(await record.innerText()).toMatch(/综治网格W W → 140226\d+/);
    expect(await record.innerText()).toContain("左编办〔2026〕3号");
    expect(await map.locator(".layer-over.merged").count()).toBe(1);
    // The other one is still open; the merged one cannot be merged again.
    expect(await west.getByRole("button").count()).toBe(0);
    expect(await mapping.locator("tbody", { hasText: "综治网格E" }).getByRole("button").count()).toBe(1);

    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("region", { name: "Where they differ" }).waitFor();
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeGbk } from "../helpers/gbk.ts";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

const small = { viewport: { width: 1366, height: 768 } };
const SHAPES = resolve("../shared/data/cgcs2000-derived/zuoyun_gk3_cm114_4547_gbk");

const next = (page: Page, step: string) => page.getByRole("button", { name: `下一步: ${step}` }).click();
const state = (page: Page, wanted: string) =>
  page.locator(`[data-testid="import-job"][data-state="${wanted}"]`).waitFor();

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

describe("the import wizard", () => {
  it("brings cases from a GBK table in, over a reload, and lists them", async () => {
    const { page, watch } = await seats.open("/admin/import", { as: "admin", ...small });
    await page.getByLabel("导入什么？").selectOption("incidents");
    const [lon, lat] = seats.dataset.areas.find(({ level }) => level === "grid")?.label ?? [0, 0];
    const lines = `编号,上报时间,经度,纬度,标题\nD-1,2026-01-10 08:00:00,${lon},${lat},路灯不亮\nD-2,坏时间,${lon},${lat},井盖\n`;
    await page
      .getByTestId("import-files")
      .setInputFiles({ name: "案件.csv", mimeType: "text/csv", buffer: Buffer.from(encodeGbk(lines)) });
    await page.getByText("✓ 已传").waitFor();
    await next(page, "看一看");
    await page.getByTestId("import-rows").getByText("路灯不亮").waitFor();
    await page.reload();
    await page.getByTestId("import-rows").getByText("路灯不亮").waitFor();
    await expectAccessible(page);
    await next(page, "对列名");
    expect(await page.getByLabel("上报时间").inputValue()).toBe("上报时间");
    await next(page, "定坐标系");
    await next(page, "试一遍");
    await page.getByRole("button", { name: "试一遍", exact: true }).click();
    await state(page, "DONE");
    expect(await page.getByTestId("import-report").innerText()).toContain("下载被跳过的行");
    await next(page, "导入");
    await page.getByRole("button", { name: "正式导入" }).click();
    await state(page, "DONE");
    await page.getByTestId("imports").getByText("案件.csv").waitFor();
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("compares a new edition of the towns, and has what is unsure decided", async () => {
    const { page, watch } = await seats.open("/admin/import", { as: "admin", ...small });
    const [first, second, ...others] = seats.dataset.areas.filter(({ level }) => level === "town");
    if (!first || !second) throw new Error("the demo county has fewer than two towns");
    const feature = (ground: typeof first, { code, name }: typeof first) => ({
      ...{ type: "Feature", properties: { code, name } },
      geometry: { type: "MultiPolygon", coordinates: ground.geometry },
    });
    // Two towns each on the other's ground: who became whom, nobody can tell.
    const features = [feature(first, second), feature(second, first), ...others.map((one) => feature(one, one))];
    await page.getByLabel("哪一级区域？").selectOption("TOWN");
    await page.getByTestId("import-files").setInputFiles({
      ...{ name: "乡镇.geojson", mimeType: "application/json" },
      buffer: Buffer.from(JSON.stringify({ type: "FeatureCollection", features })),
    });
    await page.getByText("✓ 已传").waitFor();
    await page.getByRole("button", { name: "更正或新版" }).click();
    await page.getByRole("radio", { name: "新版本" }).check();
    expect(await page.getByRole("button", { name: "下一步: 试一遍" }).isDisabled()).toBe(true);
    await page.getByLabel("从哪一天起生效？").fill("2026-03-01");
    await page.getByRole("button", { name: "比对", exact: true }).click();
    const proposals = page.getByTestId("import-edition");
    await proposals.getByText("项拿不准").waitFor();
    await expectAccessible(page);
    const unsure = proposals.locator("li[data-open] select");
    for (let left = await unsure.count(); left > 0; left--) await unsure.first().selectOption({ index: 1 });
    await page.getByRole("button", { name: "按现在的决定再比对" }).click();
    await state(page, "DONE");
    await proposals.getByText("已由您决定").first().waitFor();
    expect(await proposals.getByText("项拿不准").count()).toBe(0);
    expect(await page.getByRole("button", { name: "下一步: 试一遍" }).isDisabled()).toBe(false);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it.skipIf(!existsSync(SHAPES))("shows where a shapefile of EPSG:4547 lies in each datum", async () => {
    const { page, watch } = await seats.open("/admin/import", { as: "admin", ...small });
    const files = (await readdir(SHAPES)).map((name) => join(SHAPES, name));
    await page.getByLabel("哪一级区域？").selectOption("TOWN");
    await page.getByTestId("import-files").setInputFiles(files);
    await next(page, "看一看");
    await page.getByTestId("import-rows").waitFor();
    await next(page, "对列名");
    await page.getByTestId("import-columns").waitFor();
    await next(page, "定坐标系");
    await page.getByRole("radio").first().waitFor();
    expect(await page.getByRole("radio", { checked: true }).inputValue()).toBe("EPSG:4547");
    const drawn = () => page.locator(".import-map .import-polygons").getAttribute("d");
    const before = await drawn();
    const others = page.getByRole("radio", { checked: false });
    if ((await others.count()) > 0) {
      await others.first().click();
      await expect.poll(drawn).not.toBe(before);
    }
    await expectAccessible(page);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("Reference systems").waitFor();
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromBuffer } from "yauzl";
import { writeChange } from "../helpers/feed-writes.ts";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

const TOWN = "140226100";
/** The map is left light: what is tested here is the lists and how they drive it. */
const LIGHT = "&layers=outlines,incidents";
const small = { viewport: { width: 1366, height: 768 } };

const listShown = (page: Page) => page.getByTestId("area-list").locator("tbody tr").first().waitFor();
/** A figure of the strip, once the worker has answered for the filters on screen. */
const kpi = async (page: Page, id: string) => {
  await page.locator('.desk-kpis[aria-busy="false"]').waitFor();
  return Number((await page.locator(`[data-kpi="${id}"] dd`).innerText()).replace(/,/g, ""));
};
const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** One member of a zip archive as text. */
const zipMember = (bytes: Buffer, wanted: string): Promise<string> =>
  new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on("entry", (entry: { fileName: string }) => {
        if (entry.fileName !== wanted) return zip.readEntry();
        zip.openReadStream(entry as never, async (failure, stream) => {
          if (failure) return reject(failure);
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(chunk as Buffer);
          resolve(Buffer.concat(chunks).toString("utf8"));
        });
      });
      zip.on("end", () => reject(new Error(`no ${wanted} in the archive`)));
      zip.readEntry();
    });
  });

const unescapeXml = (text: string) =>
  text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, "&");

/** Rows of the first sheet of a workbook, as text. */
async function sheetRows(bytes: Buffer): Promise<string[][]> {
  const shared = [...(await zipMember(bytes, "xl/sharedStrings.xml")).matchAll(/<si>([\s\S]*?)<\/si>/g)].map((match) =>
    unescapeXml([...(match[1] as string).matchAll(/<t[^>]*>([\s\S]*?)<\/t>/g)].map((part) => part[1]).join("")),
  );
  const sheet = await zipMember(bytes, "xl/worksheets/sheet1.xml");
  return [...sheet.matchAll(/<row[^>]*>([\s\S]*?)<\/row>/g)].map((row) =>
    [...(row[1] as string).matchAll(/<c([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)].map(([, attributes = "", inner = ""]) => {
      const value = /<v>([\s\S]*?)<\/v>/.exec(inner)?.[1] ?? "";
      return /t="s"/.test(attributes) ? (shared[Number(value)] ?? "") : unescapeXml(value);
    }),
  );
}

describe("drilling", () => {
  it("goes down by list, up by path, back by the browser, and by keyboard alone", async () => {
    const { page, watch } = await seats.open(`/desk?county=140226${LIGHT}`, small);
    await listShown(page);
    const row = page.getByTestId("area-list").locator('[data-key="name"] button');
    const town = row.filter({ hasText: "云兴镇" });
    await town.click();
    await page.waitForFunction(() => location.search.includes("area=140226100"));
    await page.getByRole("button", { name: "东街社区" }).first().waitFor();
    await page.getByRole("button", { name: "东街社区" }).first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /area=\d{12}(&|$)/.test(location.search));
    const crumbs = page.locator(".breadcrumb li");
    expect(await crumbs.allInnerTexts()).toEqual(["左云县", "云兴镇", "东街社区"]);
    await page.goBack();
    await page.waitForFunction(() => /area=140226100(&|$)/.test(location.search));
    expect(await crumbs.count()).toBe(2);
    await crumbs.first().getByRole("button").click();
    await page.waitForFunction(() => !location.search.includes("area="));
    await page.getByRole("combobox", { name: "搜索" }).fill("dongjie");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search.includes("area=1402261"));
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("from the town's page, three clicks reach the phone for the oldest late case", async () => {
    const { page } = await seats.open(`/desk?area=${TOWN}${LIGHT}`, small);
    await listShown(page);
    const late = page.getByTestId("area-list").locator("button.tone-late").first();
    await late.click();
    const phone = page.getByTestId("duty-list").locator("a.phone").first();
    await phone.waitFor();
    expect(await phone.getAttribute("href")).toMatch(/^tel:(000|199)/);
    // The case is the one whose deadline passed first among the open cases of the county's first town.
    const asOf = Date.parse("2026-01-15T10:30:00+08:00");
    const oldest = seats.dataset.incidents
      .filter(
        (incident) =>
          incident.scopeCode?.startsWith(TOWN) &&
          incident.dueAt &&
          Date.parse(incident.dueAt) < asOf &&
          !["closed", "evaluated", "rejected", "void"].includes(incident.state),
      )
      .sort((a, b) => Date.parse(a.dueAt ?? "") - Date.parse(b.dueAt ?? ""))[0];
    expect(query(page, "incident")).toBe(String(oldest?.ref));
    await page.context().close();
  });
});

describe("filters", () => {
  it("change lists, figures and address together without asking the server", async () => {
    const { page, requests } = await seats.open(`/desk?county=140226&tab=cases${LIGHT}`, small);
    await page.getByTestId("case-list").locator("tbody tr").first().waitFor();
    // The last part of the page to come by itself.
    await page.locator(".map-status").waitFor();
    await page.waitForLoadState("networkidle");
    const all = await kpi(page, "reported");
    expect(all).toBe(seats.dataset.incidents.length);
    const before = requests.filter((path) => path !== "/graphql").length;
    await page.getByText("来源", { exact: false }).first().click();
    await page.getByLabel("12345 热线").check();
    const hotline = seats.dataset.incidents.filter(({ source }) => source === "hotline").length;
    expect(await kpi(page, "reported")).toBe(hotline);
    expect(query(page, "sources")).toBe("hotline");
    expect(await page.locator(".list-more").innerText()).toContain(hotline.toLocaleString("zh-CN"));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "只看超期" }).click();
    expect(await kpi(page, "reported")).toBeLessThan(hotline);
    expect(await kpi(page, "reported")).toBe(await kpi(page, "late"));
    // Heartbeats and the half-minute revalidation aside, nothing was fetched.
    const fetched = requests.filter((path) => path !== "/graphql").slice(before);
    expect(fetched.filter((path) => !path.startsWith("/columns/"))).toEqual([]);
    await page.getByRole("button", { name: "清除筛选" }).click();
    expect(await kpi(page, "reported")).toBe(all);
    await page.context().close();
  });
});

describe("live changes", () => {
  it("come to figures and lists by themselves, by number and not by slab", async () => {
    const { page } = await seats.open(`/desk?county=140226&tab=cases${LIGHT}`, small);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().slice(seats.origin.length)));
    await page.locator(".map-status").waitFor();
    await page.waitForLoadState("networkidle");
    const open = await kpi(page, "open");
    const row = page.getByTestId("case-list").locator("tbody tr").first();
    const ref = Number(await row.locator("td").last().innerText());
    const before = asked.length;
    // Slabs are out of reach from here on, whatever else may want them meanwhile: what comes has come by its number.
    await page.route(
      (url) => url.pathname.startsWith("/columns/incidents") && !url.searchParams.has("refs"),
      (route) => route.abort(),
    );
    await seats.database.transaction({ kind: "county", county: "140226" }, (tx) =>
      tx.execute("UPDATE incident SET state = 'closed', closed_at = $3 WHERE county = $1 AND ref = $2", [
        "140226",
        ref,
        "2026-01-15T10:00:00+08:00",
      ]),
    );
    await writeChange(seats.database, "140226", ref);
    await expect.poll(() => kpi(page, "open"), { timeout: 60_000 }).toBe(open - 1);
    await expect.poll(async () => Number(await row.locator("td").last().innerText())).not.toBe(ref);
    // The escalation job may change other cases meanwhile: those come by their numbers too.
    const cases = asked.slice(before).filter((path) => path.startsWith("/columns/incidents?"));
    const numbers = cases.map((path) => new URLSearchParams(path.split("?")[1]).get("refs")?.split(",").map(Number));
    expect(numbers.flat()).toContain(ref);
    await page.context().close();
  });
});

describe("print and Excel", () => {
  it("hold the very cells of the screen", async () => {
    const { page } = await seats.open(`/desk?area=${TOWN}${LIGHT}`, { ...small, acceptDownloads: true });
    await listShown(page);
    await page.waitForFunction(() => !document.querySelector('[data-testid="area-list"]')?.textContent?.includes("…"));
    const cells = (page: Page) =>
      page
        .getByTestId("area-list")
        .locator("tr")
        .evaluateAll((rows) =>
          rows.map((row) =>
            [...row.children].map((cell) => (cell.textContent ?? "").trim().replace(/(\d),(\d)/g, "$1$2")),
          ),
        );
    const screen = await cells(page);
    expect(screen.length).toBeGreaterThan(5);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "导出 Excel" }).click(),
    ]);
    const rows = await sheetRows(await readFile(await download.path()));
    const head = rows.findIndex((row) => row[0] === screen[0]?.[0]);
    expect(rows.slice(head)).toEqual(screen);
    expect(rows.slice(0, head).flat().join(" ")).toMatch(/演示数据/);
    // The same places as data for other programs, by the keyboard alone.
    await page.getByText("导出数据").focus();
    await page.keyboard.press("Enter");
    const menu = page.getByTestId("export-menu");
    await menu.getByLabel("格式").selectOption("csv");
    expect(await menu.getByLabel("内容").inputValue()).toBe("areas");
    const [data] = await Promise.all([
      page.waitForEvent("download"),
      menu.getByRole("button", { name: "导出", exact: true }).press("Enter"),
    ]);
    const lines = (await readFile(await data.path(), "utf8")).trim().split("\r\n");
    expect(lines.length).toBe(screen.length);
    for (const [name] of screen.slice(1)) expect(lines.join("\n")).toContain(name);
    await menu.getByText(`已保存 ${data.suggestedFilename()}`).waitFor();
    await page.keyboard.press("Escape");
    expect(await menu.isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await cells(page)).toEqual(screen);
    expect(await page.locator(".desk-map").isVisible()).toBe(false);
    expect(await page.locator(".print-only").isVisible()).toBe(true);
    await page.context().close();
  });
});

describe("for everybody", () => {
  it("axe finds nothing on lists, cases and an open card, dark and light", async () => {
    for (const address of [
      `/desk?area=${TOWN}${LIGHT}`,
      `/desk?area=${TOWN}&tab=cases&incident=${seats.dataset.incidents.at(-1)?.ref}&theme=light&lang=en${LIGHT}`,
    ]) {
      const { page } = await seats.open(address, small);
      await page.locator('[data-testid="area-list"] tbody tr, [data-testid="case-list"] tbody tr').first().waitFor();
      if (address.includes("incident=")) await page.getByTestId("case-card").waitFor();
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`),
      ).toEqual([]);
      await page.context().close();
    }
  });

  it("fits 1366 × 768 and a phone without clipping", async () => {
    for (const viewport of [
      { width: 1366, height: 768 },
      { width: 360, height: 740 },
    ]) {
      const { page } = await seats.open(`/desk?area=${TOWN}${LIGHT}`, { viewport });
      await listShown(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, `${viewport.width}`).toBeLessThanOrEqual(viewport.width);
      const outside = await page.evaluate(
        (limit) =>
          [...document.querySelectorAll<HTMLElement>(".desk-head *, .desk-bar *, .tabs *")]
            .filter(
              (node) =>
                node.checkVisibility() && !node.closest(".sr-only, [hidden], details:not([open]) > :not(summary)"),
            )
            .filter((node) => node.getBoundingClientRect().right > limit + 1)
            .map((node) => node.textContent?.slice(0, 30)),
        viewport.width,
      );
      expect(outside).toEqual([]);
      await page.context().close();
    }
  });

  it("without WebGL 2 gives lists, figures and a plain map that drills", async () => {
    const { page } = await seats.open("/desk?county=140226", small);
    await listShown(page);
    await page.locator('.svg-map [role="button"]').first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search.includes("area="));
    expect(await kpi(page, "reported")).toBeGreaterThan(0);
    await page.context().close();
  });
});

describe("the change of a shift", () => {
  it("is written into the log, and its page prints on one sheet", async () => {
    const { page, watch } = await seats.open(`/desk?county=140226&tab=shift${LIGHT}`, small);
    const log = page.getByTestId("duty-log");
    await page.getByLabel("记录").fill("东门管网压力偏低，\n已请供水公司查看。");
    await page.getByRole("button", { name: "写入日志" }).click();
    await log.locator("li", { hasText: "东门管网压力偏低" }).waitFor();
    expect(await page.getByLabel("记录").inputValue()).toBe("");
    await page.getByLabel("记录").fill("有事打 13800000000");
    await page.getByRole("button", { name: "写入日志" }).click();
    await page.locator('.entry-form [role="alert"]').waitFor();
    expect(await page.getByLabel("记录").inputValue()).toContain("有事");

    await page.getByRole("button", { name: "交接班" }).click();
    const sheet = page.getByTestId("handover");
    await sheet.locator("li", { hasText: "东门管网压力偏低" }).waitFor();
    expect(await sheet.innerText()).toContain("还没有交过班");
    const count = async (part: string) =>
      Number(await sheet.locator(`[data-handover="${part}"] .handover-count`).innerText());
    expect(await count("overdue")).toBeGreaterThan(0);
    // Every word of a case in a row is on the sheet, and the sheet is one.
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
    const { violations } = await new AxeBuilder({ page }).include(".shift").analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    await page.getByRole("button", { name: "交班", exact: true }).click();
    await page.getByText(/上次交班 \d/).waitFor();
    // What was written before it is the last shift's; this clock stands still, so both are of one instant.
    await sheet.locator('li[data-kind="HANDOVER"]').waitFor();
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

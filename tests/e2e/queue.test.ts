import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

/** The map is left light: what is tested here is the lists and how they drive it. */
const LIGHT = "&layers=outlines,incidents";
const small = { viewport: { width: 1366, height: 768 } };
const rows = (page: Page) => page.getByTestId("queue").getByRole("option");
const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** A grid of the county's first town, for a place that one owner answers for. */
const someGrid = () => {
  const grid = seats.dataset.areas.find(({ level, code }) => level === "grid" && code.startsWith("140226100"));
  if (!grid) throw new Error("no grid");
  return grid.code;
};
const stepShown = (page: Page, name: string) => page.getByTestId("case-step").filter({ hasText: name }).waitFor();

/** Takes the step that a button of the case page names, with what its form asks for. */
async function step(
  page: Page,
  name: string,
  send: string,
  fill: (form: ReturnType<Page["getByTestId"]>) => Promise<void>,
) {
  await page.locator(".case-buttons").getByRole("button", { name, exact: true }).click();
  const form = page.getByTestId("step-form");
  await fill(form);
  await form.getByRole("button", { name: send, exact: true }).click();
}

describe("the life of a case at two desks", () => {
  it("is taken down once, raced for, worked and judged by somebody else", async () => {
    const a = await seats.open(`/desk?area=${someGrid()}&tab=queue&new=1${LIGHT}`, small);
    const form = a.page.getByTestId("intake");
    const send = form.getByRole("button", { name: "登记", exact: true });
    await form.getByRole("button", { name: /的中心$/ }).click();
    await form.getByTestId("ownership").waitFor();
    await form.getByRole("button", { name: "按类别" }).click();
    await form.getByLabel("查找类别或事项").fill("路灯");
    await form.getByTestId("class-picker").getByRole("radio").first().click();
    // What must not be written is said at the field, and nothing is sent.
    await form.getByLabel("内容").fill("路灯不亮，打 13800138000");
    await form.getByText("文字中不能写电话号码。").waitFor();
    expect(await send.isDisabled()).toBe(true);
    await form.getByLabel("内容").fill("东门口路灯不亮");
    await form.getByLabel("联系方式（可不填）").fill("000-5550100");
    // The draft survives a reload, the contact does not.
    await a.page.reload();
    expect(await form.getByLabel("内容").inputValue()).toBe("东门口路灯不亮");
    expect(await form.getByLabel("联系方式（可不填）").inputValue()).toBe("");
    await form.getByLabel("联系方式（可不填）").fill("000-5550100");
    await send.dblclick();
    await a.page.getByTestId("receipt").waitFor();
    const made = await seats.database.transaction({ kind: "county", county: "140226" }, (tx) =>
      tx.rows<{ ref: number }>("SELECT ref FROM incident WHERE county = $1 AND title = $2", [
        "140226",
        "东门口路灯不亮",
      ]),
    );
    expect(made).toHaveLength(1);
    await a.page.getByRole("button", { name: "打开这件事" }).click();
    await stepShown(a.page, "发现");
    expect(query(a.page, "case")).toBe(String(made[0]?.ref));

    // The leader, in English, is about to send a department when the dispatcher does.
    const b = await seats.open(`${new URL(a.page.url()).pathname}${new URL(a.page.url()).search}&lang=en`, {
      ...small,
      as: "leader",
    });
    await stepShown(b.page, "Found");
    await b.page.locator(".case-buttons").getByRole("button", { name: "Whistle", exact: true }).click();
    const late = b.page.getByTestId("step-form");
    await late.getByLabel("Find a unit by name or pinyin").fill("城");
    await late.getByRole("radio").last().check();
    await late.getByLabel(/^Remark/).fill("lamp on the east side");
    await step(a.page, "吹哨", "吹哨", async (own) => {
      await own.getByLabel("按名称或拼音找单位").fill("城");
      await own.getByRole("radio").last().check();
    });
    await stepShown(a.page, "吹哨");
    // The other page hears of it by itself; the form that is open there stays as it was.
    await stepShown(b.page, "Whistle");
    expect(await late.getByLabel(/^Remark/).inputValue()).toBe("lamp on the east side");
    await late.getByRole("button", { name: "Whistle", exact: true }).click();
    const told = b.page.getByTestId("conflict");
    await told.waitFor();
    expect(await told.innerText()).toMatch(/Dispatcher[\s\S]*Whistle[\s\S]*no longer fits/);
    expect(await late.getByLabel(/^Remark/).inputValue()).toBe("lamp on the east side");
    await late.getByRole("button", { name: "Cancel" }).click();

    await a.page.locator(".case-buttons").getByRole("button", { name: "我来办" }).click();
    await a.page.getByTestId("sealed").getByRole("button", { name: "查看联系方式" }).click();
    await a.page.getByLabel("查看原因").fill("核对地点");
    await a.page.getByTestId("sealed").locator("form").getByRole("button", { name: "查看联系方式" }).click();
    await a.page.getByTestId("sealed").getByText("000-5550100").waitFor();
    await step(a.page, "报到", "报到", async () => undefined);
    await stepShown(a.page, "报到");
    await stepShown(b.page, "Report in");
    await step(b.page, "Consult", "Consult", async (own) => {
      // What was filled in for the step that was lost is still there.
      expect(await own.getByLabel(/^Remark/).inputValue()).toBe("lamp on the east side");
    });
    await stepShown(a.page, "会商");
    await step(a.page, "办理", "办理", async () => undefined);
    await step(a.page, "反馈", "反馈", (own) => own.getByLabel(/^办理结果/).fill("已换灯泡"));
    await stepShown(a.page, "反馈");
    // Who did the work does not judge it: the button is not there, the reason is.
    await a.page
      .locator(".case-actions")
      .getByText(/^评价：/)
      .waitFor();
    await stepShown(b.page, "Feed back");
    await step(b.page, "Evaluate", "Evaluate", (own) => own.getByLabel(/^Remark/).fill("works"));
    await stepShown(b.page, "Evaluate");
    const entries = await b.page.getByTestId("timeline").locator("li strong").allInnerTexts();
    expect(entries).toEqual(["Found", "Whistle", "Taken", "Report in", "Consult", "Handle", "Feed back", "Evaluate"]);
    expect([...a.watch.complaints, ...b.watch.complaints]).toEqual([]);
    await a.page.context().close();
    await b.page.context().close();
  });
});

describe("the queue by keyboard alone", () => {
  it("selects, moves many at once, finds, opens and comes back to where one was", async () => {
    const { page, watch } = await seats.open(`/desk?county=140226&tab=queue${LIGHT}`, small);
    await rows(page).first().waitFor();
    await page.getByTestId("queue").focus();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const underCursor = page.locator(".queue-row[data-cursor]");
    await press("j", "x", "j", "x");
    expect(await page.locator('.queue-row[aria-selected="true"]').count()).toBe(2);
    const moved = await page
      .locator('.queue-row[aria-selected="true"]')
      .evaluateAll((list) => list.map((row) => row.getAttribute("data-ref")));
    await press("?");
    await page.getByRole("dialog", { name: "键盘操作" }).waitFor();
    await press("Escape");
    await press("a");
    const dialog = page.getByRole("dialog", { name: "一起办理 2 件" });
    // A side step, which every open case has: on hold, with a reason.
    await dialog.getByRole("radio", { name: /挂账/ }).focus();
    await press("Space");
    await dialog.getByLabel(/^原因/).focus();
    await page.keyboard.type("等待备件");
    await press("Enter");
    const said = page.getByText(/^已.*：2 件$/);
    // The server raises what is late by itself: a case that it raised meanwhile is shown as it is now, and done then.
    const changed = page.getByTestId("outcomes");
    await said.or(changed).first().waitFor();
    while (await changed.isVisible()) {
      for (const now of await changed.getByRole("button").all()) await now.press("Enter");
      await page.getByTestId("step-form").locator("[type=submit]").press("Enter");
      await said.or(changed).first().waitFor();
    }
    await said.waitFor();
    expect(await page.locator('.queue-row[aria-selected="true"]').count()).toBe(0);
    const held = await seats.database.transaction({ kind: "county", county: "140226" }, (tx) =>
      tx.rows<{ ref: number }>(
        "SELECT ref FROM incident WHERE county = $1 AND state = 'on_hold' AND ref = ANY($2::int[])",
        ["140226", moved.map(Number)],
      ),
    );
    expect(held).toHaveLength(2);
    // Focus is back on the list: the next key goes on from there.
    await press("Home", "j");
    const ref = await underCursor.getAttribute("data-ref");
    await press("/");
    await page.keyboard.type(String(ref));
    await expect.poll(() => rows(page).count(), { timeout: 15_000 }).toBe(1);
    await press("Enter", "Home", "Enter");
    await page.getByTestId("case-page").waitFor();
    expect(query(page, "case")).toBe(ref);
    await page.goBack();
    await rows(page).first().waitFor();
    expect(query(page, "find")).toBe(ref);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

describe("for everybody", () => {
  it("axe finds nothing on queue, a case and intake, dark and light", async () => {
    const ref = seats.dataset.incidents.find(({ state }) => state === "handling")?.ref;
    for (const [address, shown] of [
      [`/desk?county=140226&tab=queue${LIGHT}`, "queue"],
      [`/desk?county=140226&case=${ref}&theme=light&lang=en${LIGHT}`, "timeline"],
      [`/desk?area=${someGrid()}&new=1&theme=light${LIGHT}`, "class-picker"],
    ] as const) {
      const { page } = await seats.open(address, small);
      await page.getByTestId(shown).waitFor();
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1366);
      await page.context().close();
    }
  });
});

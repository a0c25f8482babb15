import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PHOTO_SECRET, photoWithPlace } from "../helpers/field-photo.ts";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1366, height: 768 } };

/** Nothing stands out over the edge, and a thumb hits every button. */
async function fitsPhone(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, a[href], summary, select, input:not([type=radio]):not([type=file])")]
      .filter((one) => one.getClientRects().length > 0)
      .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 43.5)
      .map(({ text }) => text),
  );
  expect(small).toEqual([]);
}
const axe = async (page: Page) =>
  (await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze()).violations.map(
    ({ id, nodes }) => [id, nodes[0]?.html],
  );

/** A step that somebody else takes meanwhile, from their own page. */
async function stepBy(page: Page, ref: number, key: string): Promise<void> {
  await page.goto(`${seats.origin}/field?incident=${ref}`);
  await page.locator(`[data-step="${key}"]:enabled`).click();
  const form = page.getByTestId("step-form");
  for (const select of await form.locator("select").all()) await select.selectOption({ index: 1 });
  for (const input of await form.locator("input[required]").all()) await input.fill("已核实");
  await form.locator("button.primary").click();
  await form.waitFor({ state: "detached" });
}

/** The same on the worker's page, which hears of the case by itself. */
async function step(page: Page, key: string, texts: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.locator(`[data-step="${key}"]:enabled`).click();
  const form = page.getByTestId("step-form");
  for (const [name, text] of Object.entries(texts)) await form.locator(`input[name="${name}"]`).fill(text);
  await form.locator("button.primary").click();
  await form.waitFor({ state: "detached" });
}

describe("the phone page", () => {
  it("goes the whole way: four taps to a report with a photo, taken, handled, closed", {
    timeout: 240_000,
  }, async () => {
    const { page, watch } = await seats.open("/", { ...phone, as: "grid_worker" });
    const home = page.getByTestId("field-home");
    await home.waitFor();
    expect(new URL(page.url()).pathname).toBe("/field");
    // Own grid, its code in the head and on the map.
    const code = /编码 (\d{15})/.exec(await page.locator(".field-head").innerText())?.[1] ?? "";
    expect(await page.locator(".map-code").textContent()).toBe(code);
    await page.getByTestId("tasks").waitFor({ state: "attached" });
    await fitsPhone(page);
    expect(await axe(page)).toEqual([]);

    // Tap one: the photo.
    const picture = await photoWithPlace(seats.browser);
    const chooser = page.waitForEvent("filechooser");
    await page.locator(".field-report").tap();
    await (await chooser).setFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: picture });
    // Tap two: the place. No class can be chosen before.
    const classes = page.getByTestId("class-choice").locator(".class-buttons button");
    await classes.first().waitFor();
    expect(await classes.first().isDisabled()).toBe(true);
    await page.locator(".grid-map svg").tap();
    await fitsPhone(page);
    expect(await axe(page)).toEqual([]);
    // Tap three: the class, most used first.
    const className = await classes.first().locator("span").innerText();
    await classes.first().tap();
    const send = page.getByTestId("send");
    await send.waitFor();
    await page.getByText("发送前请遮住人脸和车牌").waitFor();
    // A face is covered: not one of the four, but how it should be.
    const face = await page.locator(".blur-tool").boundingBox();
    if (!face) throw new Error("no photo to cover");
    await page.mouse.move(face.x + 30, face.y + 30);
    await page.mouse.down();
    await page.mouse.move(face.x + 120, face.y + 120);
    await page.mouse.up();
    await page.getByText("撤销一处（1）").waitFor();
    await fitsPhone(page);
    expect(await axe(page)).toEqual([]);
    // The network is away while tap four is made: nothing is lost, and it goes by itself.
    await page.route("**/graphql", (route) => route.abort("internetdisconnected"));
    await send.tap();
    await page.getByText("网络不通").first().waitFor();
    await page.unroute("**/graphql");
    await page.getByText("马上再试").first().tap();
    const sent = page.locator('[data-state="sent"]');
    await sent.waitFor();
    await sent.getByText("查看").tap();

    const task = page.getByTestId("task-page");
    await task.getByRole("heading", { name: className }).waitFor();
    const ref = Number(new URL(page.url()).searchParams.get("incident"));
    const image = task.getByTestId("photos").locator("img");
    await image.waitFor();
    const file = await page.request.get(seats.origin + (await image.getAttribute("src")));
    expect((await file.body()).includes(PHOTO_SECRET)).toBe(false);
    expect(await image.evaluate((one: HTMLImageElement) => one.decode().then(() => one.naturalWidth))).toBe(1280);
    // One case, however often it was sent.
    const cases = await seats.database.transaction({ kind: "county", county: "140226" }, (tx) =>
      tx.rows("SELECT i.ref FROM incident i WHERE i.county = $1 AND i.ref >= $2 AND NOT i.sensitive", ["140226", ref]),
    );
    expect(cases).toEqual([{ ref }]);

    // Taken; the desk whistles; the worker is there, handles it and says what was done; the desk closes.
    await page.getByTestId("take").tap();
    await task.getByText("由我办理").waitFor();
    const dispatcher = await seats.open("/field", { ...phone, as: "dispatcher" });
    await stepBy(dispatcher.page, ref, "whistled");
    await step(page, "arrived");
    await stepBy(dispatcher.page, ref, "consulted");
    await step(page, "handling");
    await step(page, "fed_back", { resolution: "已现场处理" });
    await fitsPhone(page);
    expect(await axe(page)).toEqual([]);
    await stepBy(dispatcher.page, ref, "evaluated");
    await task.getByText("已结束").waitFor();
    await task.getByText("已现场处理").waitFor();
    // What the test cut off is no complaint.
    const complaints = watch.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text));
    expect([...complaints, ...dispatcher.watch.complaints]).toEqual([]);
    await page.context().close();
    await dispatcher.page.context().close();
  });

  it("speaks English, light, and is walked by keyboard", async () => {
    const { page, watch } = await seats.open("/field?lang=en&theme=light", { ...phone, as: "grid_worker" });
    await page.getByText("My tasks").waitFor();
    await page.getByRole("button", { name: "Report without a photo" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Where and what").waitFor();
    await page.locator(".grid-map svg").focus();
    await page.keyboard.press("ArrowUp");
    await page.getByText("The place is set.").waitFor();
    await page.getByTestId("class-choice").locator(".class-buttons button").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: /Description/ }).fill("Call 13800000000");
    await page.getByText("Please take out: phone numbers").waitFor();
    expect(await page.getByTestId("send").isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

describe("the desk's assessment", () => {
  it("opens the cases of a figure, as many as it says", async () => {
    const { page, watch } = await seats.open("/desk?county=140226&tab=evaluation&layers=outlines", desk);
    const table = page.getByTestId("evaluation");
    await table.locator("tbody tr").first().waitFor();
    expect(await axe(page)).toEqual([]);
    const figure = table.locator("tbody .figure-button:enabled").first();
    const [numerator, denominator] = (await figure.locator("small").innerText())
      .split("/")
      .map((text) => text.replaceAll(",", ""));
    await figure.click();
    const total = page.getByTestId("figure-total");
    await page.locator(`[data-testid="figure-total"][data-total="${numerator}"]`).waitFor();
    await page.getByTestId("figure-cases").locator("fieldset button").nth(1).click();
    await page.locator(`[data-testid="figure-total"][data-total="${denominator}"]`).waitFor();
    expect(await total.innerText()).toContain(Number(denominator).toLocaleString("en-US"));
    await page.getByText("返回考核表").click();
    await page.getByText(/算法（版本/).waitFor();
    // The leader's late list calls with one tap; whistles and orders are there.
    await page.locator('[data-tab="late"]').click();
    const call = page.getByTestId("late-list").locator("a.late-call").first();
    expect(await call.getAttribute("href")).toMatch(/^tel:[\d-]+$/);
    expect(await axe(page)).toEqual([]);
    await page.locator('[data-tab="whistles"]').click();
    await page.getByText("五单", { exact: true }).click();
    await page.getByTestId("order-funnel").locator("li").nth(4).waitFor();
    await page.getByTestId("order-ratings").waitFor();
    expect(await axe(page)).toEqual([]);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND_LINE } from "../../api/services/identity/administrator.ts";
import { createKiosk, setKioskVisitor } from "../../api/services/identity/kiosks.ts";
import { ROLES } from "../../data/policy/roles.ts";
import { makeAccount, PASSWORD } from "../helpers/sign-in.ts";
import { ANCHOR, demoLogin, openSeats, type Seats, signIn } from "./seat-server.ts";

const COUNTY = "140226";
const TOWN = "140226100";
const OTHER_TOWN = "140226101";
const NOW = Date.parse(ANCHOR);
const small = { viewport: { width: 1366, height: 768 } };
const LEADER = { login: "lin.daling", password: PASSWORD };
const FIRST = { login: "new.person", password: PASSWORD };
const NEXT_PASSWORD = "four unrelated words";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
  const { database } = seats;
  await makeAccount(
    database,
    COUNTY,
    LEADER.login,
    [
      ["leader", TOWN],
      ["dispatcher", COUNTY],
    ],
    NOW,
  );
  await makeAccount(database, COUNTY, FIRST.login, [["leader", TOWN]], NOW, { mustChangePassword: true });
}, 240_000);
afterAll(() => seats?.close());

const pathOf = (page: Page) => new URL(page.url()).pathname;
const onPath = (page: Page, path: string) => page.waitForFunction((wanted) => location.pathname === wanted, path);
const listShown = (page: Page) => page.getByTestId("area-list").locator("tbody tr").first().waitFor();
const totalsShown = (page: Page) => page.getByTestId("totals").locator("tbody tr").nth(1).waitFor();
const openMenu = async (page: Page) => {
  await page.locator(".desk-head .popover > summary").last().click();
  return page.getByTestId("viewer-menu");
};
/** Refused answers that a test provokes on purpose are no fault of the page. */
const unexpected = (complaints: readonly string[], wanted: RegExp) =>
  complaints.filter((line) => !wanted.test(line) && !/console error: Failed to load resource/.test(line));

const axe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
};

describe("the sign-in page", () => {
  it("takes whoever comes from anywhere, and brings them back there", async () => {
    const there = `/desk?county=${COUNTY}&area=${TOWN}&layers=outlines&tab=cases`;
    const { page, watch, requests } = await seats.open(there, { ...small, as: "nobody" });
    await page.getByLabel("登录名").waitFor();
    expect(pathOf(page)).toBe("/sign-in");
    // Nothing of the county is asked for before somebody signed in.
    expect(requests.filter((path) => /^\/(graphql|columns)/.test(path))).toEqual([]);
    await page.getByLabel("登录名").fill(LEADER.login);
    await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.getByTestId("case-list").locator("tbody tr").first().waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(there);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("says what helps after a wrong password, keeps the login, and warns of caps lock", async () => {
    const { page, watch } = await seats.open("/sign-in?lang=en", { ...small, as: "nobody" });
    await page.getByLabel("Login name").fill(LEADER.login);
    const password = page.getByLabel("Password", { exact: true });
    await password.fill("not the password");
    await page.keyboard.press("Enter");
    const error = page.locator(".form-error").first();
    await error.filter({ hasText: "Login name or password is wrong" }).waitFor();
    expect(await page.getByLabel("Login name").inputValue()).toBe(LEADER.login);
    expect(await password.inputValue()).toBe("");
    await password.evaluate((input) =>
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "A", bubbles: true, modifierCapsLock: true })),
    );
    await page.getByText("Caps lock is on.").waitFor();
    await page.getByRole("button", { name: "Show password" }).click();
    expect(await password.getAttribute("type")).toBe("text");
    // A language switched later takes the sentence along.
    await page.getByRole("button", { name: "中文" }).click();
    await error.filter({ hasText: "登录名或密码不对" }).waitFor();
    expect(unexpected(watch.complaints, /^401 .*\/auth\/sign-in$/)).toEqual([]);
    await page.context().close();
  });

  it("works by keyboard alone, and axe finds nothing in either language and theme", async () => {
    const { page } = await seats.open("/sign-in?theme=light", { ...small, as: "nobody" });
    await page.locator(".demo-card").first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("username");
    await page.keyboard.type(LEADER.login);
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await onPath(page, "/desk");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    await page.context().close();
    const dark = await seats.open("/sign-in?lang=en", { ...small, as: "nobody" });
    await dark.page.locator(".demo-card").first().waitFor();
    expect(await axe(dark.page)).toEqual([]);
    await dark.page.context().close();
  });

  it("offers a card for every demo seat, fits screens large and small, and each card leads to its seat", async () => {
    const homes = { wall: "/wall", leader: "/desk", dispatcher: "/desk", planner: "/plan", grid_worker: "/field" };
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 1920, height: 1080 },
      { width: 3840, height: 2160 },
    ]) {
      const { page } = await seats.open("/sign-in", { viewport, as: "nobody" });
      const cards = page.locator(".demo-card");
      await cards.first().waitFor();
      expect(await cards.count()).toBe(ROLES.length);
      for (const text of await cards.allInnerTexts()) expect(text).toContain("演示账号");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      // On a screen with room everything is seen at once.
      if (viewport.width > 1000)
        expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(viewport.height);
      await page.context().close();
    }
    for (const [role, home] of [...Object.entries(homes), ["admin", "/admin"], ["auditor", "/admin"]] as const) {
      const { page, watch } = await seats.open("/", { ...small, as: "nobody" });
      await page.locator(`.demo-card[data-login="${demoLogin(role as (typeof ROLES)[number])}"]`).click();
      await page.waitForFunction((path) => location.pathname.startsWith(path), home);
      await page.waitForLoadState("networkidle");
      expect(watch.complaints, role).toEqual([]);
      await page.context().close();
    }
  });
});

describe("the account page", () => {
  it("lets nobody go on with a first password, shows the rules while typing, and then opens the seat", async () => {
    const { page, watch, requests } = await seats.open(`/desk?area=${TOWN}`, { ...small, as: FIRST });
    await page.getByRole("heading", { name: "先设置您自己的密码" }).waitFor();
    expect(pathOf(page)).toBe("/account");
    expect(requests.filter((path) => /^\/(graphql|columns)/.test(path))).toEqual([]);
    const rule = (id: string) => page.locator(`[data-rule="${id}"]`).getAttribute("data-met");
    const change = page.getByRole("button", { name: "修改密码" });
    await page.getByLabel("收到的密码").fill(PASSWORD);
    await page.getByLabel("新密码", { exact: true }).fill(`${FIRST.login}9`);
    expect([await rule("length"), await rule("login"), await rule("common")]).toEqual(["true", "false", "true"]);
    expect(await change.isDisabled()).toBe(true);
    await page.getByLabel("新密码", { exact: true }).fill(NEXT_PASSWORD);
    expect(await page.locator('[data-rule][data-met="false"]').count()).toBe(0);
    await page.getByLabel("再输一遍新密码").fill(`${NEXT_PASSWORD}!`);
    await page.getByText("两次输入的新密码不一样。").waitFor();
    expect(await change.isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("再输一遍新密码").fill(NEXT_PASSWORD);
    await change.click();
    await onPath(page, "/desk");
    await listShown(page);
    expect(new URL(page.url()).searchParams.get("area")).toBe(TOWN);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("shows grants and open sessions, and signs out everywhere", async () => {
    const { page, watch } = await seats.open("/account", { ...small, as: LEADER });
    const other = await seats.browser.newContext(small);
    await signIn(other, seats.origin, LEADER);
    const elsewhere = await other.newPage();
    await elsewhere.goto(`${seats.origin}/desk`);
    await listShown(elsewhere);
    expect(await page.getByTestId("grants").locator("li").count()).toBe(2);
    const sessions = page.getByTestId("sessions").locator("li");
    await sessions.first().waitFor();
    await page.reload();
    await sessions.nth(1).waitFor();
    expect(await page.getByTestId("sessions").getByText("本机").count()).toBe(1);
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "退出所有设备" }).click();
    await onPath(page, "/sign-in");
    // The other device notices by itself, says why, and knows the way back.
    await onPath(elsewhere, "/sign-in");
    await elsewhere.getByText("登录已结束").waitFor();
    expect(new URL(elsewhere.url()).searchParams.get("next")).toMatch(/^\/desk\?/);
    expect(await page.getByText("登录已结束").count()).toBe(0);
    expect(watch.complaints).toEqual([]);
    await other.close();
    await page.context().close();
  });
});

describe("a leader", () => {
  it("opens on the own town; other places show totals only, and nothing that is asked for is refused", async () => {
    const { page, watch, requests } = await seats.open("/", { ...small, as: LEADER });
    await listShown(page);
    expect(pathOf(page)).toBe("/desk");
    expect(new URL(page.url()).searchParams.get("area")).toBe(TOWN);
    expect(await page.locator(".breadcrumb [aria-current]").innerText()).toBe("云兴镇");
    await page.locator(".breadcrumb button").first().click();
    await totalsShown(page);
    await page.getByTestId("outside-note").waitFor();
    expect(await page.getByTestId("area-list").count()).toBe(0);
    expect(await page.locator(".desk-kpis, .filters").count()).toBe(0);
    // Households of each town add up to what the county's row says.
    const cells = await page.getByTestId("totals").locator('[data-key="households"]').allInnerTexts();
    const [county = 0, ...towns] = cells.map((text) => Number(text.replace(/,/g, "")));
    expect(towns.length).toBeGreaterThan(5);
    expect(towns.reduce((sum, town) => sum + town, 0)).toBe(county);
    await page.goto(`${seats.origin}/desk?area=${OTHER_TOWN}`);
    await totalsShown(page);
    await page.getByTestId("outside-note").getByRole("button").click();
    await listShown(page);
    expect(new URL(page.url()).searchParams.get("area")).toBe(TOWN);
    await page.goto(`${seats.origin}/wall`);
    await page
      .locator('[data-kpi="open"] dd')
      .filter({ hasText: /^[\d,]+$/ })
      .waitFor();
    expect(new URL(page.url()).searchParams.get("area")).toBe(TOWN);
    expect(requests.length).toBeGreaterThan(20);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("switches to another grant and lands on its seat and area", async () => {
    const { page, watch } = await seats.open(`/desk?area=${TOWN}&layers=outlines`, { ...small, as: LEADER });
    await listShown(page);
    const menu = await openMenu(page);
    expect(await menu.innerText()).toContain("分管领导");
    await menu.getByRole("button", { name: /切换为 调度员/ }).click();
    await page.waitForFunction(() => location.pathname === "/desk" && !location.search.includes("area="));
    await listShown(page);
    expect(await page.getByTestId("area-list").locator("tbody tr").count()).toBeGreaterThan(5);
    await page.locator(".desk-kpis").waitFor();
    expect(await page.locator(".viewer-role").innerText()).toBe("调度员");
    // On a phone the whole menu is on the screen.
    await page.setViewportSize({ width: 360, height: 740 });
    const box = await (await openMenu(page)).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(360);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});

describe("visitor mode", () => {
  it("is one key on the wall: a large banner, totals, no case, no name; it is left with the password", async () => {
    const { page, watch, requests } = await seats.open("/wall?layers=outlines", { as: LEADER });
    await page.getByTestId("linked-staff").locator("li").first().waitFor();
    await page.keyboard.press("v");
    const banner = page.getByTestId("visitor-banner");
    await banner.waitFor();
    const size = await banner.locator("strong").evaluate((node) => Number.parseFloat(getComputedStyle(node).fontSize));
    expect(size).toBeGreaterThanOrEqual(0.025 * 1080);
    await totalsShown(page);
    expect(await page.locator('[data-card="story"], .ticker, [data-kpi="open"]').count()).toBe(0);
    expect(page.url()).not.toContain("incident=");
    // The map still fills the screen between the cards.
    expect((await page.locator(".wall-map").boundingBox())?.height).toBeGreaterThan(0.75 * 1080);
    const before = requests.length;
    await page.reload();
    await banner.waitFor();
    await totalsShown(page);
    expect(requests.slice(before).filter((path) => /^\/columns\/(incidents|cameras|buildings)/.test(path))).toEqual([]);
    const text = await page.locator("body").innerText();
    for (const person of seats.dataset.staff) expect(text.includes(person.name), person.name).toBe(false);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("v");
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("密码", { exact: true }).inputValue()).toBe("");
    await page.keyboard.type("wrong one");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("密码", { exact: true }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await banner.waitFor({ state: "detached" });
    await page.getByTestId("linked-staff").locator("li").first().waitFor();
    expect(unexpected(watch.complaints, /^401 .*\/auth\/visitor$/)).toEqual([]);
    await page.context().close();
  });
});

describe("a kiosk", () => {
  it("takes its link once, keeps no secret in the address, survives a reload, and offers nobody a menu", async () => {
    const { path, kiosk } = await createKiosk(
      seats.database,
      COMMAND_LINE,
      { name: "指挥中心", areaCode: COUNTY, startPath: "/wall", pointDays: 30, visitor: false },
      NOW,
    );
    const { page, watch } = await seats.open(path, { as: "nobody" });
    await page
      .locator('[data-kpi="open"] dd')
      .filter({ hasText: /^[\d,]+$/ })
      .waitFor();
    expect(page.url()).not.toContain("link");
    expect(pathOf(page)).toBe("/wall");
    await page.reload();
    await page
      .locator('[data-kpi="open"] dd')
      .filter({ hasText: /^[\d,]+$/ })
      .waitFor();
    await page.getByTestId("linked-staff").locator("li").first().waitFor();
    expect(await page.locator(".viewer-name").count()).toBe(0);
    await page.keyboard.press("v");
    expect(await page.getByTestId("visitor-banner").count()).toBe(0);
    // The administrator shows visitors round: the wall follows by itself, and comes back by itself.
    await setKioskVisitor(
      seats.database,
      COMMAND_LINE,
      { county: COUNTY, id: kiosk.id.split(":")[2] ?? "", hours: 2 },
      NOW,
    );
    await page.getByTestId("visitor-banner").waitFor();
    await totalsShown(page);
    expect(await page.getByTestId("visitor-banner").getByRole("button").count()).toBe(0);
    await setKioskVisitor(
      seats.database,
      COMMAND_LINE,
      { county: COUNTY, id: kiosk.id.split(":")[2] ?? "", hours: 0 },
      NOW,
    );
    await page.getByTestId("linked-staff").locator("li").first().waitFor();
    expect(watch.complaints).toEqual([]);
    // A photo of the link is of no use to the next one.
    const second = await seats.browser.newContext();
    const refused = await second.request.get(seats.origin + path);
    expect(refused.status()).toBe(401);
    await second.close();
    await page.context().close();
  });
});

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  stopOwnServer,
} from "../helpers/database.ts";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

const TOWN = "140226100";
const small = { viewport: { width: 1366, height: 768 } };

/** Fills a dialog's fields by their labels and sends it. */
async function submit(page: Page, fields: Readonly<Record<string, string>>, button: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

/** The text that is shown once, and the dialog closed again. */
async function takeSecret(page: Page): Promise<string> {
  const secret = await page.getByTestId("secret").innerText();
  await page.getByRole("dialog").getByRole("button", { name: "关闭" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return secret.trim();
}

describe("administration", () => {
  it("makes an account, grants it a role on an area of the map, and the account signs in with it", async () => {
    const { page, watch } = await seats.open("/admin/users", { as: "admin", ...small });
    await page.getByTestId("accounts").waitFor();
    await page.getByRole("button", { name: "新建账号" }).click();
    await submit(page, { 姓名或岗位: "云兴镇值班室", 登录名: "yunxing-duty", 事由: "新设值班室" }, "新建账号");
    const password = await takeSecret(page);
    expect(password.length).toBeGreaterThanOrEqual(10);
    const card = page.getByTestId("account");
    await card.getByText("没有授权").waitFor();

    await card.getByRole("button", { name: "授权", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("角色").selectOption("DISPATCHER");
    await dialog.locator(`g[data-code="${TOWN}"]`).click();
    expect(await dialog.getByLabel("区域", { exact: true }).first().inputValue()).toBe(TOWN);
    await submit(page, { 事由: "值班调度" }, "授权");
    await card.getByText(`调度员`).waitFor();
    expect(await card.locator(".grants").innerText()).toContain(TOWN);
    // The map counts the grant on its town.
    await page.locator(`.admin-detail g[data-code="${TOWN}"][data-granted]`).waitFor();

    const other = await seats.open("/sign-in", { as: "nobody", ...small });
    await other.page.getByLabel("登录名").fill("yunxing-duty");
    await other.page.getByLabel("密码", { exact: true }).fill(password);
    await other.page.getByRole("button", { name: "登录", exact: true }).click();
    // The first password must be changed before anything else.
    await other.page.waitForURL(/\/account/);
    expect(watch.complaints).toEqual([]);
    await other.page.context().close();
    await page.context().close();
  });

  it("refuses to make oneself auditor, and says why", async () => {
    const { page } = await seats.open("/admin/users", { as: "admin", ...small });
    await page.getByTestId("accounts").getByRole("button", { name: "左云县管理员" }).click();
    await page.getByTestId("account").getByRole("button", { name: "授权", exact: true }).click();
    await page.getByRole("dialog").getByLabel("角色").selectOption("AUDITOR");
    await submit(page, { 事由: "试试" }, "授权");
    const alert = page.getByRole("dialog").getByRole("alert");
    await alert.waitFor();
    expect((await alert.innerText()).length).toBeGreaterThan(10);
    await page.context().close();
  });

  it("makes a token that reads, and revokes it at once", async () => {
    const { page, watch } = await seats.open("/admin/tokens", { as: "admin", ...small });
    await page.getByRole("button", { name: "新建令牌" }).click();
    await page.getByRole("dialog").getByLabel("角色").selectOption("LEADER");
    await submit(page, { 名称: "统计系统", 事由: "对接" }, "新建令牌");
    const secret = await takeSecret(page);
    const ask = () =>
      fetch(`${seats.origin}/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ query: '{ incidents(filter: {inside: "140226"}) { totalCount } }' }),
      }).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as Record<string, unknown> }));
    expect(await ask()).toMatchObject({
      status: 200,
      body: { data: { incidents: { totalCount: expect.any(Number) } } },
    });
    await page.getByTestId("tokens").getByRole("button", { name: "吊销" }).click();
    await submit(page, { 事由: "不再使用" }, "吊销");
    await page.getByTestId("tokens").getByText("已吊销").waitFor();
    expect(await ask()).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("makes a kiosk link that a wall opens once", async () => {
    const { page, watch } = await seats.open("/admin/kiosks", { as: "admin", ...small });
    await page.getByRole("button", { name: "新建大屏" }).click();
    await submit(page, { 大屏名称: "指挥中心主屏", 事由: "开通" }, "新建大屏");
    const link = await takeSecret(page);
    const wall = await seats.open(new URL(link).pathname + new URL(link).search, { as: "nobody", ...small });
    await wall.page.waitForURL(/\/wall/);
    expect(wall.page.url()).not.toContain("link=");
    const again = await fetch(link, { redirect: "manual" });
    expect(again.status).toBeGreaterThanOrEqual(400);
    await page.reload();
    await page.getByTestId("kiosks").getByText("启用").first().waitFor();
    expect(watch.complaints).toEqual([]);
    await wall.page.context().close();
    await page.context().close();
  });

  it("shows an auditor who did it, and proves the chain", async () => {
    const { page, watch } = await seats.open("/admin/audit", { as: "auditor", ...small });
    const table = page.getByTestId("audit");
    await table.getByText("account.create").first().waitFor();
    expect(await table.innerText()).toContain("新设值班室");
    await page.getByLabel("动作").fill("account.");
    await page.getByRole("button", { name: "筛选" }).click();
    await table.getByText("account.create").first().waitFor();
    const actions = await table.locator('td[data-key="action"]').allInnerTexts();
    expect(actions.every((action) => action.startsWith("account."))).toBe(true);
    await page.getByRole("button", { name: "校验链" }).click();
    await page.getByTestId("verification").getByText("链完整").waitFor();
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("draws each workflow from its definition: a step says where it leads, who may go there and what it needs", async () => {
    const { page, watch } = await seats.open("/admin/workflows", { as: "admin", ...small });
    await page.getByRole("button", { name: "三级七天调解" }).click();
    await page.getByRole("button", { name: "镇街调解 (办理)" }).press("Enter");
    const ways = page.getByTestId("workflow-ways");
    await ways.getByText("达成协议").first().waitFor();
    const agreed = await ways.locator("tr", { hasText: "达成协议" }).innerText();
    expect(agreed).toContain("网格员、调度员");
    expect(agreed).toContain("办理结果");
    // Every box stands in the picture, none is cut off.
    const boxes = await page.locator("svg.workflow [data-step]").count();
    expect(boxes).toBe(13);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "On from “Mediate in the town”" }).waitFor();
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("passes axe on every page, in both themes", async () => {
    for (const [path, role] of [
      ["/admin/users", "admin"],
      ["/admin/tokens", "admin"],
      ["/admin/kiosks?theme=light", "admin"],
      ["/admin/audit?theme=light", "auditor"],
      ["/admin/workflows?theme=light", "admin"],
      ["/admin/workflows?theme=dark", "auditor"],
    ] as const) {
      const { page } = await seats.open(path, { as: role, ...small });
      await page.locator("table, .note").first().waitFor();
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
      expect(
        violations.map(({ id, nodes }) => ({ id, at: nodes[0]?.html })),
        path,
      ).toEqual([]);
      await page.context().close();
    }
  });

  it("names on screen, with the cure, an old browser, one without WebGL 2, and a network without TLS", async () => {
    const old = await seats.open("/sign-in", {
      ...{ as: "nobody", ...small },
      before: () => {
        Reflect.deleteProperty(Array.prototype, "toReversed");
      },
    });
    await old.page.getByText("浏览器太旧").first().waitFor();
    await old.page.getByText("极速模式").first().waitFor();
    await old.page.context().close();

    const plain = await seats.open("/desk?county=140226", { as: "dispatcher", ...small });
    await plain.page.getByText("硬件加速").first().waitFor();
    await plain.page.context().close();

    // As a proxy without TLS passes it on.
    const open = await seats.open("/sign-in", {
      ...{ as: "nobody", ...small },
      extraHTTPHeaders: { "x-forwarded-for": "10.1.2.3" },
    });
    await open.page.getByText("连接未加密").first().waitFor({ timeout: 30_000 });
    expect(await open.page.getByLabel("密码", { exact: true }).count()).toBe(0);
    await open.page.context().close();
  });

  // The last one: afterwards the server takes no writes.
  it.skipIf(nativeMissing())(
    "warns while real data lies in the embedded database, and moves it to a server",
    async () => {
      const server = await nativeServer();
      const url = await createNativeDatabase(server);
      try {
        const { page } = await seats.open("/admin/users", { as: "admin", ...small });
        await page.getByTestId("accounts").waitFor();
        expect(await page.getByTestId("storage-warning").count()).toBe(0);
        await seats.database.adminSession((client) => client.query("UPDATE county_profile SET demo = false"));
        await page.reload();
        await page.getByTestId("storage-warning").getByRole("link", { name: "去搬家" }).click();
        const tab = page.getByTestId("move");
        const address = tab.getByLabel("数据库地址");
        await address.fill("postgres://nobody@127.0.0.1:1/none");
        await tab.getByRole("button", { name: "试连" }).click();
        await tab.getByRole("alert").getByText("还不能搬").waitFor();
        expect(await tab.getByRole("button", { name: "开始搬家" }).isDisabled()).toBe(true);
        await address.fill(url);
        await tab.getByRole("button", { name: "试连" }).click();
        await page.getByTestId("move-target").waitFor();
        const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
        expect(violations.map(({ id, nodes }) => ({ id, at: nodes[0]?.html }))).toEqual([]);
        await tab.getByRole("checkbox").check();
        await tab.getByRole("button", { name: "开始搬家" }).click();
        await page.locator('[data-testid="move"][data-phase="DONE"]').waitFor({ timeout: 120_000 });
        const text = await tab.innerText();
        expect(text).toContain("逐表哈希一致");
        expect(text).toContain("DATABASE_URL=postgres://");
        expect(await tab.locator(".move-tables tbody tr").count()).toBeGreaterThan(10);
        await page.context().close();
      } finally {
        await dropNativeDatabase(server, url);
        await stopOwnServer();
      }
    },
  );
});

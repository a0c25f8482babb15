import { beforeAll, expect, test } from "vitest";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { TestBrowser } from "../helpers/sign-in.ts";

interface MadeUser {
  readonly id: string;
  readonly login: string;
  readonly county: string;
  readonly grants: readonly { readonly role: string; readonly areaCode: string }[];
  readonly firstPassword: string | null;
}

describeOnBothDatabases("jingwei user and jingwei token", (open) => {
  let api: TestApi;
  let runner: CommandRunner;
  const json = async <Result>(...argv: string[]): Promise<Result> => {
    const { code, out, err } = await runner.run(...argv, "--json");
    expect(code, err).toBe(0);
    return JSON.parse(out) as Result;
  };
  /** A command that must fail. @returns what it said on standard error */
  const fails = async (code: number, ...argv: string[]): Promise<string> => {
    const end = await runner.run(...argv);
    expect(end.code, end.err).toBe(code);
    expect(end.out).toBe("");
    return end.err;
  };

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, {
      datasets: [smallCounty()],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      signIn: true,
    });
    runner = await commandRunner(database);
    runner.now = SMALL_NOW;
    return () => api.close();
  });

  test("an account is added with a role, its first password is said once and must be changed", async () => {
    const made = await json<MadeUser>(
      "user",
      "add",
      "--login",
      "Lin.Ping",
      "--name",
      "林平",
      "--role",
      "leader",
      "--area",
      SMALL_CODES.town,
    );
    expect(made).toMatchObject({
      login: "lin.ping",
      county: SMALL_COUNTY,
      grants: [{ role: "leader", areaCode: SMALL_CODES.town }],
    });
    const browser = new TestBrowser(api.app);
    expect(await browser.change("sign-in", { login: "lin.ping", password: made.firstPassword })).toBe(204);
    expect((await browser.session()).viewer).toMatchObject({ mustChangePassword: true, role: "leader" });
    const { accounts } = await json<{ accounts: MadeUser[] }>("user", "list", "--county", SMALL_COUNTY);
    expect(accounts.find(({ login }) => login === "lin.ping")?.grants).toMatchObject([{ areaCode: SMALL_CODES.town }]);
    expect(JSON.stringify(accounts)).not.toContain(made.firstPassword);
  });

  test("the server's accounts, and those of the identity provider, which have no password", async () => {
    const root = await json<MadeUser>("user", "add", "--login", "root2", "--name", "总管理员", "--role", "admin");
    expect(root).toMatchObject({ county: "000000", grants: [{ role: "admin", areaCode: "000000" }] });
    const provided = await json<MadeUser>(
      "user",
      "add",
      "--login",
      "wang",
      "--name",
      "王",
      "--county",
      SMALL_COUNTY,
      "--provider",
    );
    expect(provided).toMatchObject({ county: SMALL_COUNTY, grants: [], firstPassword: null });
    const { out } = await runner.run("user", "list");
    expect(out).toMatch(/^root2 {2}总管理员 {2}000000 {2}admin 000000/m);
    expect(out).toMatch(/^wang {2}王 {2}990100 {2}无角色 no role/m);
  });

  test("revoking ends the account's sessions; a link signs in once", async () => {
    const made = await json<MadeUser>("user", "add", "--login", "gone", "--name", "离任", "--county", SMALL_COUNTY);
    const browser = new TestBrowser(api.app);
    await browser.change("sign-in", { login: "gone", password: made.firstPassword });
    expect((await browser.session()).viewer).not.toBeNull();
    const { path } = await json<{ path: string }>("user", "link", "gone");
    const other = new TestBrowser(api.app);
    expect((await other.get(path)).headers.location).toBe("/account?first");
    expect((await other.session()).viewer?.login).toBe("gone");
    expect((await new TestBrowser(api.app).get(path)).statusCode).toBe(401);
    await json("user", "revoke", "gone");
    // The command is another process to the server: it learns of it two seconds later.
    api.setNow("2026-01-15T02:00:02Z");
    expect((await browser.session()).viewer).toBeNull();
    expect((await other.session()).viewer).toBeNull();
    expect(await fails(1, "user", "link", "gone")).toMatch(/disabled/);
  });

  test("a token is added, used, listed and revoked", async () => {
    const made = await json<{ id: string; secret: string; expiresAt: string }>(
      ..."token add --role auditor --days 30 --name 审计导出 --county".split(" "),
      SMALL_COUNTY,
    );
    expect(made.expiresAt).toBe("2026-02-14T02:00:00.000Z");
    const headers = { authorization: `Bearer ${made.secret}` };
    const viewer = async () => (await api.app.inject({ url: "/auth/session", headers })).json().viewer;
    expect(await viewer()).toMatchObject({ kind: "token", role: "auditor", areaCode: SMALL_COUNTY });
    const listed = await json<{ tokens: { id: string; usedAt: string | null }[] }>(
      "token",
      "list",
      "--county",
      SMALL_COUNTY,
    );
    expect(listed.tokens).toMatchObject([
      { id: made.id, usedAt: expect.stringMatching(/^2026-01-15T02:00:0.\.000Z$/) },
    ]);
    expect(JSON.stringify(listed)).not.toContain(made.secret.slice(-43));
    await json("token", "revoke", made.id);
    api.setNow("2026-01-15T02:00:10Z");
    expect(await viewer()).toBeNull();
    expect((await runner.run("token", "list", "--county", SMALL_COUNTY)).out).toMatch(/已吊销 revoked/);
  });

  test("what the commands did is in the audit log, under the command line's name", async () => {
    const rows = await api.database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.rows<{ action: string }>(
        "SELECT DISTINCT action FROM audit_log WHERE county = $1 AND actor = 'cli' ORDER BY action",
        [SMALL_COUNTY],
      ),
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "account.create",
        "account.disable",
        "account.link",
        "grant.create",
        "token.create",
        "token.revoke",
      ]),
    );
  });

  test.each([
    [["user"], 2, /say what to do: add, list, revoke or link/],
    [["user", "add", "--name", "x"], 2, /--login is missing/],
    [["user", "add", "--login", "a b", "--name", "x"], 1, /cannot be a login name/],
    [["user", "add", "--login", "root2", "--name", "x"], 1, /taken/],
    [["user", "add", "--login", "ok", "--name", "x", "--role", "king"], 2, /not a role/],
    [["user", "add", "--login", "ok", "--name", "x", "--area", SMALL_CODES.town], 2, /--area needs --role/],
    [["user", "add", "--login", "ok", "--name", "x", "--county", "140299"], 1, /no county 140299/],
    [
      ["user", "add", "--login", "ok", "--name", "x", "--role", "leader", "--area", "990100999"],
      1,
      /no area 990100999/,
    ],
    [["user", "add", "--login", "ok", "--name", "13800138000", "--county", SMALL_COUNTY], 1, /name/],
    [["user", "revoke"], 2, /LOGIN is missing/],
    [["user", "revoke", "nobody-here"], 1, /no account nobody-here/],
    [["user", "list", "extra"], 2, /unexpected word/],
    [["token"], 2, /say what to do: add, list or revoke/],
    [["token", "add", "--county", SMALL_COUNTY, "--days", "3", "--name", "x"], 2, /--role is missing/],
    [["token", "add", "--county", SMALL_COUNTY, "--role", "wall", "--name", "x"], 2, /--days is missing/],
    [["token", "add", "--county", SMALL_COUNTY, "--role", "wall", "--days", "400", "--name", "x"], 1, /from 1 to 366/],
    [
      ["token", "add", "--county", SMALL_COUNTY, "--role", "wall", "--days", "many", "--name", "x"],
      1,
      /not a whole number/,
    ],
    [
      ["token", "add", "--county", SMALL_COUNTY, "--area", "140226100", "--role", "wall", "--days", "3", "--name", "x"],
      1,
      /does not lie in/,
    ],
    [["token", "list"], 2, /--county is missing/],
    [["token", "revoke", "Incident:990100:x"], 1, /not the id of a token/],
  ] as const)("%j ends with %d and says why", async (argv, code, message) => {
    expect(await fails(code, ...argv)).toMatch(message);
  });

  test("an account that was refused was not half made", async () => {
    expect((await json<{ accounts: MadeUser[] }>("user", "list")).accounts.map(({ login }) => login)).not.toContain(
      "ok",
    );
  });
});

import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { hashPassword } from "../../api/auth/password.ts";
import { newId } from "../../api/services/new-id.ts";
import type { Role } from "../../data/policy/roles.ts";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database } from "../../db/driver.ts";
import { insertAccount, takeLogin } from "../../db/repositories/account-repository.ts";
import { areaToGrant, insertGrant } from "../../db/repositories/grant-repository.ts";

/** Where `inject` asks: its own default host. */
const ORIGIN = "http://localhost:80";

/** Body of GET /auth/session, as far as tests look. */
export interface SessionBody {
  readonly viewer: {
    readonly id: string;
    readonly login: string | null;
    readonly role: Role | null;
    readonly county: string | null;
    readonly areaCode: string | null;
    readonly areaName: string | null;
    readonly visitor: boolean;
    readonly mustChangePassword: boolean;
    readonly demo: boolean;
    readonly grants: readonly { readonly id: string; readonly role: Role; readonly areaCode: string }[];
    readonly resources: readonly string[];
    readonly actions: readonly string[];
  } | null;
  readonly csrf: string | null;
  readonly methods: {
    readonly demo: readonly { readonly login: string; readonly role: Role; readonly seat: string }[];
  };
  readonly secure: boolean;
  readonly refusal: string | null;
}

/** A browser without pages: keeps cookies and the token against foreign requests, and says where it comes from. */
export class TestBrowser {
  readonly #app: FastifyInstance;
  readonly cookies = new Map<string, string>();
  csrf: string | null = null;

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  /** A second browser with the same cookies: what a thief would have. */
  copy(): TestBrowser {
    const other = new TestBrowser(this.#app);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    other.csrf = this.csrf;
    return other;
  }

  #headers(more: Readonly<Record<string, string | undefined>>): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const all = { ...(cookie ? { cookie } : {}), "user-agent": "Chrome/141 Windows", ...more };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  #keep(response: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value, maxAge, expires } of response.cookies as {
      name: string;
      value: string;
      maxAge?: number;
      expires?: Date;
    }[]) {
      if (maxAge === 0 || (expires && expires.getTime() < Date.now())) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async get(url: string): Promise<LightMyRequestResponse> {
    return this.#keep(await this.#app.inject({ method: "GET", url, headers: this.#headers({}) }));
  }

  /** @param headers further headers; undefined leaves one out */
  async post(
    url: string,
    payload: object,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<LightMyRequestResponse> {
    const own = { origin: ORIGIN, "sec-fetch-site": "same-origin", "x-jingwei-csrf": this.csrf ?? undefined };
    const all = this.#headers({ ...own, ...headers });
    return this.#keep(await this.#app.inject({ method: "POST", url, headers: all, payload }));
  }

  /** What the client does first and after every change. */
  async session(): Promise<SessionBody> {
    const body = (await this.get("/auth/session")).json() as SessionBody;
    this.csrf = body.csrf;
    return body;
  }

  /** Posts and asks for the session again. @returns the status of the post */
  async change(route: string, payload: object): Promise<number> {
    const { statusCode } = await this.post(`/auth/${route}`, payload);
    await this.session();
    return statusCode;
  }

  async graphql<Data = Record<string, unknown>>(
    query: string,
    variables: object = {},
  ): Promise<{ status: number; data?: Data; errors?: { message: string; extensions: Record<string, unknown> }[] }> {
    const response = await this.post("/graphql", { query, variables });
    return { status: response.statusCode, ...response.json() };
  }
}

export const PASSWORD = "correct horse battery";
let passwordHash: Promise<string> | undefined;

/**
 * Makes an account with the password `PASSWORD` and grants.
 *
 * @param grants role and area code, `000000` for every county
 */
export async function makeAccount(
  database: Database,
  county: string,
  login: string,
  grants: readonly (readonly [role: Role, area: string])[],
  nowMs: number,
  more: { readonly mustChangePassword?: boolean; readonly demo?: boolean; readonly passwordHash?: string | null } = {},
): Promise<{ readonly id: string; readonly grants: readonly string[] }> {
  const at = new Date(nowMs).toISOString();
  const id = newId(nowMs);
  passwordHash ??= hashPassword(PASSWORD);
  const hash = more.passwordHash === undefined ? await passwordHash : more.passwordHash;
  const made: string[] = [];
  await database.transaction({ kind: "auth" }, async (tx) => {
    if (!(await takeLogin(tx, login, county, id))) throw new Error(`${login} is taken`);
    await insertAccount(tx, {
      county,
      id,
      login,
      name: `${login} of ${county}`,
      passwordHash: hash,
      mustChangePassword: more.mustChangePassword ?? false,
      demo: more.demo ?? false,
      createdAt: at,
    });
    for (const [n, [role, code]] of grants.entries()) {
      const whole = code.length === 6;
      const area = whole ? undefined : await areaToGrant(tx, code.slice(0, 6), code, at);
      if (!whole && !area) throw new Error(`there is no area ${code}`);
      const grant = newId(nowMs + n);
      await insertGrant(tx, {
        county,
        id: grant,
        accountId: id,
        role,
        areaCounty: whole ? code : code.slice(0, 6),
        areaId: area?.areaId ?? null,
        grantedBy: "test",
        grantedAt: new Date(nowMs + n).toISOString(),
      });
      made.push(`Grant:${county}:${grant}`);
    }
  });
  return { id: `Account:${county}:${id}`, grants: made };
}

/** Makes an administrator of the server. */
export const makeRootAdmin = (database: Database, login: string, nowMs: number) =>
  makeAccount(database, ROOT_COUNTY, login, [["admin", ROOT_COUNTY]], nowMs);

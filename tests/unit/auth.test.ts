import { describe, expect, it } from "vitest";
import { cachedAccess, forgetAccess } from "../../api/auth/access-cache.ts";
import { lockedUntil, lockMs, UnknownLogins } from "../../api/auth/lockout.ts";
import { newFirstPassword } from "../../api/auth/password.ts";
import {
  bearerText,
  cookieText,
  csrfTokenOf,
  hashSecret,
  matchesHash,
  newSecret,
  parseBearerText,
  parseCookieText,
  sameText,
} from "../../api/auth/secret.ts";
import { sessionEnd } from "../../api/auth/session-life.ts";
import { shortAgent } from "../../api/auth/short-agent.ts";
import { brokenPasswordRules } from "../../data/policy/password-rules.ts";
import type { Database } from "../../db/driver.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("secrets", () => {
  const credential = { county: "140226", id: "0195f3a0-1111-7222-8333-444444444444", secret: newSecret() };

  it("are 256 random bits, and never the same", () => {
    const many = new Set(Array.from({ length: 100 }, newSecret));
    expect(many.size).toBe(100);
    for (const secret of many) expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  });

  it("come back from their text forms, and from no other form", () => {
    expect(parseCookieText(cookieText(credential))).toEqual(credential);
    expect(parseBearerText(bearerText(credential))).toEqual(credential);
    expect(parseBearerText(cookieText(credential))).toBeUndefined();
    expect(parseCookieText(bearerText(credential))).toBeUndefined();
    for (const text of [undefined, "", "a.b.c", `${cookieText(credential)}x`, `x${cookieText(credential)}`])
      expect(parseCookieText(text)).toBeUndefined();
    expect(parseCookieText(cookieText(credential).toUpperCase())).toBeUndefined();
  });

  it("are known by their hash alone", () => {
    const hash = hashSecret(credential.secret);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(matchesHash(credential.secret, hash)).toBe(true);
    expect(matchesHash(newSecret(), hash)).toBe(false);
    expect(matchesHash(credential.secret, null)).toBe(false);
    expect(sameText("a", "ab")).toBe(false);
    expect(csrfTokenOf(credential.secret)).not.toContain(credential.secret);
    expect(csrfTokenOf(credential.secret)).not.toBe(csrfTokenOf(newSecret()));
  });
});

describe("passwords", () => {
  it.each([
    ["kurz", ["length"]],
    ["x".repeat(201), ["length", "pattern"]],
    ["zhang.wei", ["length", "login"]],
    ["my zhang.wei is long", ["login"]],
    ["Password123", ["common"]],
    ["abcabcabcabc", ["pattern"]],
    ["234567890123".slice(0, 8), ["length", "pattern"]],
    ["９８７６５４３２１０", ["common", "pattern"]],
    ["correct horse battery", []],
    ["网格员每天走三条街巷", []],
  ])("%s breaks %j", (password, rules) => {
    expect(brokenPasswordRules(password, "zhang.wei")).toEqual(rules);
  });

  it("first ones can be read out", () => {
    const many = Array.from({ length: 50 }, newFirstPassword);
    expect(new Set(many).size).toBe(50);
    for (const one of many) {
      expect(one).toMatch(/^[^0O1lI]{19}$/);
      expect(brokenPasswordRules(one, "zhang.wei")).toEqual([]);
    }
  });
});

describe("locks", () => {
  it("begin at five and double to an hour", () => {
    expect([1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 100, 5000].map((n) => lockMs(n) / MINUTE)).toEqual([
      0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60,
    ]);
    expect(lockedUntil(4, 0)).toBeNull();
    expect(lockedUntil(5, 0)).toBe("1970-01-01T00:01:00.000Z");
  });

  it("hold for logins that nobody has, and forget the oldest beyond their number", () => {
    const unknown = new UnknownLogins();
    for (let n = 0; n < 5; n++) expect(unknown.count("x", 0)).toBe(0);
    expect(unknown.count("x", 0)).toBe(MINUTE);
    for (let n = 0; n < 10_000; n++) unknown.count(`other ${n}`, 0);
    expect(unknown.count("x", 0)).toBe(0);
  });
});

describe("sessions", () => {
  it("end twelve hours after the last request, and a week after the first", () => {
    const opened = "2026-01-01T00:00:00.000Z";
    const ms = Date.parse(opened);
    expect(sessionEnd(opened, ms)).toBe("2026-01-01T12:00:00.000Z");
    expect(sessionEnd(opened, ms + 6 * 24 * HOUR)).toBe("2026-01-07T12:00:00.000Z");
    expect(sessionEnd(opened, ms + (7 * 24 - 1) * HOUR)).toBe("2026-01-08T00:00:00.000Z");
  });

  it.each([
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
      "Edge 141 · Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari 18 · iOS",
    ],
    [
      "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
      "WeChat 8 · Android",
    ],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 · Linux"],
    ["curl/8.5.0", "curl/8.5.0"],
    [undefined, ""],
  ])("name a browser in short: %s", (header, name) => {
    expect(shortAgent(header)).toBe(name);
  });
});

describe("what was found out about a request", () => {
  const database = {} as Database;

  it("is used again for two seconds, and forgotten at once when something changed", async () => {
    let looks = 0;
    const look = async () => ++looks;
    expect(await cachedAccess(database, "a", 0, look)).toBe(1);
    expect(await cachedAccess(database, "a", 1_999, look)).toBe(1);
    expect(await cachedAccess(database, "b", 1_999, look)).toBe(2);
    expect(await cachedAccess(database, "a", 2_000, look)).toBe(3);
    forgetAccess(database);
    expect(await cachedAccess(database, "a", 2_000, look)).toBe(4);
    // Another database knows nothing of it.
    expect(await cachedAccess({} as Database, "a", 2_000, look)).toBe(5);
  });

  it("is not kept from a lookup that was under way when something changed, nor from one that failed", async () => {
    let resolve: (text: string) => void = () => undefined;
    const promise = new Promise<string>((done) => {
      resolve = done;
    });
    const before = cachedAccess(database, "late", 0, () => promise);
    forgetAccess(database);
    resolve("before the change");
    expect(await before).toBe("before the change");
    expect(await cachedAccess(database, "late", 0, async () => "after it")).toBe("after it");
    const failing = cachedAccess(database, "failed", 0, () => Promise.reject(new Error("no database")));
    await expect(failing).rejects.toThrow("no database");
    expect(await cachedAccess(database, "failed", 0, async () => "again")).toBe("again");
  });
});

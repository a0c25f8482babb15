import { describe, expect, it } from "vitest";
import { brokenPasswordRules, PASSWORD_MAX, PASSWORD_RULES } from "../../data/policy/password-rules.ts";
import en from "../../web/i18n/en.json" with { type: "json" };

const broken = (password: string, login = "wangjg") => brokenPasswordRules(password, login);

describe("password rules", () => {
  it("take sentences, words and Chinese of ten characters and more", () => {
    for (const good of [
      "correct horse battery",
      "四个不相干的词语放在一起",
      "r7Kp-Zm2q-Xw9d-Ltb4",
      `${"a1".repeat(100).slice(0, 13)}zz`,
    ])
      expect(broken(good), good).toEqual([]);
  });

  it("each rule refuses what it is for", () => {
    expect(broken("short pass")).toEqual([]);
    expect(broken("short pas")).toEqual(["length"]);
    expect(broken("x y".repeat(PASSWORD_MAX))).toContain("length");
    expect(broken("WangJG-2026!")).toEqual(["login"]);
    expect(broken("Password123")).toEqual(["common"]);
    expect(broken("ｐａｓｓｗｏｒｄ１２３")).toEqual(["common"]);
    expect(broken("abcabcabcabc")).toEqual(["pattern"]);
    expect(broken("23456789:;")).toEqual(["pattern"]);
    expect(broken("zyxwvutsrq")).toEqual(["pattern"]);
  });

  it("a login of three letters may stand inside, but is no password itself", () => {
    expect(broken("li went home late", "li")).toEqual([]);
    expect(broken("li", "li")).toContain("login");
  });

  it("characters are counted, not their bytes", () => {
    expect(broken("汉字也算一个字符的啊")).toEqual([]);
    expect(broken("😀😁😂🤣😃😄😅😆😉")).toContain("length");
  });

  it("every rule has its words", () => {
    expect(Object.keys(en.password.rule).sort()).toEqual([...PASSWORD_RULES].sort());
  });
});

import { describe, expect, it } from "vitest";
import { CLASS_CODES, CLASS_MAJORS } from "../../data/model/class-codes.ts";
import { isClassCode } from "../../data/model/codes.ts";

describe("class codes", () => {
  it("are five digits, unique by kind and code, in a known major, named in both languages", () => {
    const keys = new Set<string>();
    for (const entry of CLASS_CODES) {
      expect(isClassCode(entry.code)).toBe(true);
      expect(entry.code.startsWith(entry.major)).toBe(true);
      expect(Object.keys(CLASS_MAJORS)).toContain(entry.major);
      expect(entry.name).toMatch(/\p{Script=Han}/u);
      expect(entry.nameEn).toMatch(/^[A-Z][\x20-\x7e]+$/);
      keys.add(`${entry.kind}:${entry.code}`);
    }
    expect(keys.size).toBe(CLASS_CODES.length);
  });
  it("repeat each component as a matter, because the standard counts 153 components among its 250 matters", () => {
    const matters = new Map(CLASS_CODES.filter((c) => c.kind === "matter").map((c) => [c.code, c.name]));
    for (const component of CLASS_CODES.filter((c) => c.kind === "component"))
      expect(matters.get(component.code)).toBe(`${component.name}异常`);
  });
  it("keep local classes in majors 80–89 and national ones out of them", () => {
    for (const entry of CLASS_CODES) {
      expect(entry.isLocalExtension).toBe(/^8\d/.test(entry.major));
      expect(entry.kind === "local").toBe(entry.isLocalExtension);
      expect(entry.standardRef).toBe(entry.isLocalExtension ? "local" : "GB/T 47678.5-2026");
    }
  });
  it("mark what is about people as sensitive", () => {
    const sensitive = CLASS_CODES.filter((c) => c.sensitive).map((c) => c.code);
    expect(sensitive).toContain("80001");
    expect(sensitive).toContain("09003");
    expect(sensitive).not.toContain("06010");
    expect(sensitive.every((code) => /^(80|81)/.test(code) || code === "09003")).toBe(true);
  });
});

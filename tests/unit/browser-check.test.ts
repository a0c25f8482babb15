import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";

const CODE = readFileSync(new URL("../../web/public/browser-check.js", import.meta.url), "utf8");

interface Stub {
  readonly tag: string;
  readonly style: { cssText: string };
  readonly children: unknown[];
  onclick?: () => void;
}

/** Runs the check in a browser that lacks what is named. @returns what people read; "" when nothing is shown */
function shownBy(lacks: { rules?: boolean; toReversed?: boolean; modules?: boolean; css?: boolean } = {}) {
  const shown: Stub[] = [];
  const store = new Map<string, string>();
  const element = (tag: string) => {
    const made: Stub & Record<string, unknown> = { tag, style: { cssText: "" }, children: [] };
    made["setAttribute"] = () => undefined;
    made["appendChild"] = (child: Stub & { parentNode?: unknown }) => {
      made.children.push(child);
      if (typeof child === "object") child.parentNode = made;
    };
    made["removeChild"] = (child: Stub) => shown.splice(shown.indexOf(child), 1);
    if (tag === "script" && !lacks.modules) made["noModule"] = true;
    return made;
  };
  const body = element("body");
  body["appendChild"] = (child: Stub & { parentNode?: unknown }) => {
    shown.push(child);
    child.parentNode = body;
  };
  const world: Record<string, unknown> = {
    document: { createElement: element, createTextNode: (text: string) => text, body },
    navigator: { userAgent: "Test/1" },
    sessionStorage: { getItem: (key: string) => store.get(key) ?? null, setItem: store.set.bind(store) },
    ...(lacks.css ? {} : { CSS: { supports: () => !lacks.rules } }),
  };
  world["window"] = world;
  const context = createContext(world);
  if (lacks.toReversed) runInContext("delete Array.prototype.toReversed", context);
  const run = (): void => void runInContext(CODE, context);
  run();
  return { shown, run };
}
const textOf = (shown: readonly Stub[]): string =>
  JSON.stringify(shown, (key, value) => (key === "parentNode" ? 0 : value));
const buttons = (shown: readonly Stub[]): Stub[] =>
  (shown[0]?.children ?? []).filter((child) => (child as Stub).tag === "button") as Stub[];

describe("the check of the browser", () => {
  it("says nothing to one that can run Jingwei", () => {
    expect(shownBy().shown).toEqual([]);
  });

  it.each([{ rules: true }, { toReversed: true }])("tells one that draws badly, and lets people go on: %o", (lacks) => {
    const { shown, run } = shownBy(lacks);
    for (const words of ["浏览器太旧", "极速模式", "too old", "Test/1"]) expect(textOf(shown)).toContain(words);
    buttons(shown)[0]?.onclick?.();
    expect(shown).toEqual([]);
    run();
    expect(shown).toEqual([]);
  });

  it.each([{ modules: true }, { css: true, modules: true }])("tells one that cannot run it at all: %o", (lacks) => {
    const { shown } = shownBy(lacks);
    expect(textOf(shown)).toContain("浏览器太旧");
    expect(buttons(shown)).toEqual([]);
  });

  it("is written for browsers that know no arrow, let, template or optional chain", () => {
    expect(CODE).not.toMatch(/=>|\blet\b|\bconst\b|`|\?\.|\?\?/);
  });
});

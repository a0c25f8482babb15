import { describe, expect, it } from "vitest";
import { ROLES } from "../../data/policy/roles.ts";
import { accountAddress, homeOf, signInAddress, wayBack, withLook } from "../../web/app/destination.ts";
import { useView } from "../../web/app/view-state.ts";

const ORIGIN = "https://map.example";
const back = (next: string) => wayBack(`?next=${encodeURIComponent(next)}`, ORIGIN);

describe("the way back after sign-in", () => {
  it("is a path of this site with its query", () => {
    expect(back("/desk?area=140226100&tab=cases")).toBe("/desk?area=140226100&tab=cases");
    expect(back("/wall")).toBe("/wall");
    expect(wayBack("", ORIGIN)).toBeUndefined();
  });

  it("never names another site, however it is written", () => {
    for (const foreign of [
      "https://evil.example/desk",
      "//evil.example/desk",
      "/\\evil.example/desk",
      "/\t/evil.example",
      "/\n/evil.example",
      "\\\\evil.example",
      "javascript:alert(1)",
      "data:text/html,x",
      "evil.example",
      "///evil.example",
      "/%0d/../\\evil.example/..//",
    ]) {
      const found = back(foreign);
      if (found !== undefined) expect(new URL(found, ORIGIN).origin, foreign).toBe(ORIGIN);
      expect(found?.startsWith("//") ?? false, foreign).toBe(false);
    }
    expect(back("//evil.example/desk")).toBeUndefined();
    expect(back("/\\evil.example/desk")).toBeUndefined();
    expect(back("/\t/evil.example")).toBeUndefined();
    expect(back("javascript:alert(1)")).toBeUndefined();
  });

  it("does not lead in a circle or into an action", () => {
    for (const path of ["/", "/sign-in", "/sign-in?next=/desk", "/auth/oidc", "/auth/first?link=x"])
      expect(back(path), path).toBeUndefined();
  });

  it("survives the trip through the address of the sign-in page", () => {
    const here = "/desk?county=140226&at=113.1,39.9,12";
    const there = new URL(signInAddress(here), ORIGIN);
    expect(there.pathname).toBe("/sign-in");
    expect(wayBack(there.search, ORIGIN)).toBe(here);
    expect(signInAddress("/")).toBe("/sign-in");
    const account = new URL(accountAddress(here), ORIGIN);
    expect(account.pathname).toBe("/account");
    expect(wayBack(account.search, ORIGIN)).toBe(here);
  });
});

describe("pages between seats", () => {
  it("keep language and theme, and only one of each", () => {
    useView.getState().set({ language: "en", theme: "light" });
    expect(withLook("/desk?area=140226100")).toBe("/desk?area=140226100&theme=light&lang=en");
    expect(withLook(withLook("/account?first"))).toBe("/account?first&theme=light&lang=en");
    useView.getState().set({ language: "zh-CN", theme: "dark" });
    expect(withLook("/desk?area=140226100&lang=en&theme=light")).toBe("/desk?area=140226100");
    expect(withLook("/desk")).toBe("/desk");
  });

  it("every role has a seat to start on, and nobody without a role gets one", () => {
    for (const role of ROLES) expect(homeOf(role)).toMatch(/^\/(wall|desk|plan|field|admin)$/);
    expect(homeOf("wall")).toBe("/wall");
    expect(homeOf("leader")).toBe("/desk");
    expect(homeOf("auditor")).toBe("/admin");
    expect(homeOf(null)).toBe("/account");
  });
});

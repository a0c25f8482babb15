import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SEAT_ROUTES } from "../../api/routes/client.ts";
import { PAGES } from "../../web/app/pages.tsx";

/** Pages of their own, which nobody needs to have signed in for. */
const OPEN = ["/", "/sign-in"];

test("every page is served at its address, and no address without a page", () => {
  expect([...SEAT_ROUTES].filter((path) => !OPEN.includes(path)).sort()).toEqual(Object.keys(PAGES).sort());
});

test("every tab of the administration has an address, so that it can be opened anew", () => {
  const source = readFileSync(new URL("../../web/seats/admin/admin.tsx", import.meta.url), "utf8");
  const tabs = [...source.matchAll(/\{ id: "(\w+)", resource/g)].map(([, id]) => `/admin/${id}`);
  expect(tabs.length).toBeGreaterThan(6);
  expect(Object.keys(PAGES)).toEqual(expect.arrayContaining(tabs));
});

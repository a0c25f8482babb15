import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

const card = (page: Page, id: string) => page.locator(`[data-card="${id}"]`);
/** What a chart says in words, once it is drawn. */
const words = async (page: Page, id: string): Promise<string> => {
  const chart = card(page, id).locator('[role="img"]').first();
  await chart.waitFor();
  return (await chart.getAttribute("aria-label")) ?? "";
};

it("a wall shows disputes and requests from the cube, a day late, in the place of the hours of the week", async () => {
  const { page, watch } = await seats.open("/wall", { as: "wall" });
  expect(await words(page, "sensitive")).toMatch(/^2026-01.*(矛盾纠纷|民生诉求).*(<5|≥\d*[05])/);
  expect(await card(page, "sensitive").innerText()).toContain("2026/01/14");
  expect(await card(page, "rhythm").count()).toBe(0);
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/wall.png` });
  // Its live cards hold ordinary cases only.
  expect(await words(page, "classes")).not.toMatch(/矛盾纠纷|民生诉求/);
  expect(watch.complaints).toEqual([]);
  await page.context().close();
}, 120_000);

it("a dispatcher, who sees the cases themselves, gets no published stand-in", async () => {
  const { page } = await seats.open("/wall", { as: "dispatcher" });
  await card(page, "rhythm").waitFor();
  expect(await card(page, "sensitive").count()).toBe(0);
  await page.context().close();
}, 120_000);

it("a visitor sees published numbers only, on panels and map", async () => {
  const { page, watch, requests } = await seats.open("/wall", { as: "wall" });
  await card(page, "trend").waitFor();
  await page.keyboard.press("v");
  expect(await words(page, "published")).toMatch(/^2026-01/);
  expect(await words(page, "sensitive")).toMatch(/^2026-01/);
  for (const id of ["trend", "classes", "states", "story", "clocks"]) expect(await card(page, id).count(), id).toBe(0);
  const asked = requests.length;
  // The plain map colours its areas by what is published.
  await page.waitForFunction(() => {
    const fills = [...document.querySelectorAll(".svg-map g path")].map((path) => path.getAttribute("fill"));
    return new Set(fills).size > 2 && fills.some((fill) => fill?.startsWith("rgba"));
  });
  await page.getByRole("button", { name: /云兴/ }).first().waitFor();
  expect(requests.slice(asked).filter((path) => path.startsWith("/columns/incidents"))).toEqual([]);
  expect(watch.complaints).toEqual([]);
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/visitor.png` });
  await page.context().close();
}, 120_000);

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import { commandRunner } from "../helpers/command-runner.ts";
import { makeAccount, PASSWORD } from "../helpers/sign-in.ts";
import { ANCHOR, openSeats, type Seats } from "./seat-server.ts";

const BOSTON = resolve("../shared/data/boston-311-2011");
const COUNTY = "925000";

describe("a real city, loaded through the commands", () => {
  let seats: Seats | undefined;
  beforeAll(async () => {
    if (!existsSync(BOSTON)) return;
    seats = await openSeats();
    // A county of real data has no demo accounts.
    await makeAccount(seats.database, ROOT_COUNTY, "everywhere", [["dispatcher", ROOT_COUNTY]], Date.parse(ANCHOR));
    const { run, report } = await commandRunner(seats.database);
    await run("county", "add", COUNTY, "--name", "Boston", "--timezone", "America/New_York");
    const load = (kind: string, file: string, ...flags: string[]) =>
      report(kind, join(BOSTON, file), "--county", COUNTY, ...flags);
    await load("areas", "wards_22.geojson", "--level", "community", "--map", "code=WARD");
    await load("grids", "precincts_255.geojson", "--map", "code=WARD_PRECINCT,households=TOTPOP");
    await load("incidents", "311_service_requests_2011.zip");
  }, 300_000);
  afterAll(() => seats?.close());
  beforeEach(({ skip }) => skip(!existsSync(BOSTON), "../shared/data/boston-311-2011 is absent"));

  it("the wall opens on the last day of the data, says so, and shows the figures of the source", async () => {
    if (!seats) throw new Error("the server did not start");
    const { page, watch } = await seats.open(`/wall?county=${COUNTY}&lang=en`, {
      as: { login: "everywhere", password: PASSWORD },
    });
    await page
      .locator('[data-kpi="open"] dd')
      .filter({ hasText: /^[\d,]+$/ })
      .waitFor();
    const figure = (id: string) => page.locator(`[data-kpi="${id}"] dd`).innerText();
    expect(await figure("grids")).toBe("255");
    expect(await figure("communities")).toBe("22");
    expect(await figure("solved")).toBe("54,570");
    expect(await figure("open")).toBe("3,681");
    expect(await figure("late")).toBe("11,521");
    expect(await page.locator(".historic-banner").innerText()).toMatch(/Historical data.*as of 12\/31\/2011/);
    expect(await page.locator(".demo-mark").count()).toBe(0);
    // Classes that only this county knows have names, not numbers.
    expect(await page.locator(".ticker li strong").first().innerText()).not.toMatch(/^\d+$/);
    expect(watch.complaints).toEqual([]);
  });
});

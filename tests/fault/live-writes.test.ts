import { describe, expect, it } from "vitest";
import { nativeMissing } from "../helpers/database.ts";
import { type KillResult, killRun } from "../helpers/kill-run.ts";

/** The whole form, 2,000 writes, is `npm run bench -- live-kill`; here as many as fit. */
const PLAN = { writes: 2_000, mostMs: 3_000, writers: 12 } as const;

function expectWhole(result: KillResult, kills: readonly string[]): void {
  expect(result.kills).toEqual(kills);
  // Requests were on their way when it was killed, or nothing was shown.
  expect(result.unanswered).toBeGreaterThan(0);
  expect(result.begun).toBeGreaterThan(PLAN.writers);
  // Who asked again with the same key was answered in the end, and each report is there once under the number that was told.
  expect(result.givenUp).toEqual([]);
  expect(result).toMatchObject({ acknowledged: result.begun, lost: 0, doubled: 0, strange: 0 });
  // Clients came back by themselves and hold what SQL says.
  expect(result.reconnects).toBeGreaterThan(0);
  expect(result.equal).toBe(result.followers);
}

describe("kill -9 during concurrent writes", () => {
  it("of the process: nothing acknowledged is lost or doubled, clients come to the same state (embedded)", async () => {
    expectWhole(await killRun({ ...PLAN, form: "embedded" }), ["process"]);
  }, 240_000);

  it.skipIf(nativeMissing())(
    "of the API and of the database: nothing acknowledged is lost or doubled, clients come to the same state (native)",
    async () => {
      expectWhole(await killRun({ ...PLAN, form: "native" }), ["API", "database"]);
    },
    240_000,
  );
});

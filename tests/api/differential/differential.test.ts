import { afterAll, beforeAll, expect, it } from "vitest";
import { Prng } from "../../../data/demo/prng.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import { POLICY_NOW, policyCounty } from "../../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { ADAPTERS, DATA_CHANNELS, type DataChannel } from "./adapters.ts";
import { isRefused, worldOf } from "./operation.ts";
import { Oracle } from "./oracle.ts";
import { describeViewer, randomViewer } from "./random-viewer.ts";

/** Pairs of a viewer and an operation. */
const PAIRS = 1000;
/** Tests of this many pairs each, so that a failure names a part. */
const BATCHES = 10;

const oracle = new Oracle(policyCounty(), POLICY_NOW);
const world = worldOf(oracle);

/** The pairs: equal in every run and on both databases. */
function pairs() {
  const prng = new Prng("differential");
  return Array.from({ length: PAIRS }, () => {
    // Now and then any channel; mostly those with something to cut: one that is closed to nearly all proves little.
    const often = prng.pick(["columns", "tiles", "graphql"] as const);
    const channel: DataChannel = prng.chance(0.1) ? prng.pick(DATA_CHANNELS) : often;
    const viewer = randomViewer(world.codes, prng);
    return { channel, viewer, operation: prng.pick(ADAPTERS[channel])(world, prng) };
  });
}

/** The viewer with one part of what the policy looks at taken away. */
const WITHOUT: Readonly<Record<string, (viewer: Viewer) => Viewer>> = {
  "visitor mode": (viewer) => ({ ...viewer, visitor: false }),
  "days of points": (viewer) => ({ ...viewer, pointDays: null }),
  "limits of the area": (viewer) => ({ ...viewer, area: world.oracle.county }),
  "limits of the role": (viewer) => ({ ...viewer, role: "admin" }),
  "difference between a leader and a wall": (viewer) => ({
    ...viewer,
    role: viewer.role === "wall" ? "leader" : viewer.role,
  }),
};

it.each(Object.entries(WITHOUT))("would notice a server that forgot the %s", (_, change) => {
  const noticed = pairs().filter(
    ({ viewer, operation }) =>
      viewer && JSON.stringify(operation.expected(viewer)) !== JSON.stringify(operation.expected(change(viewer))),
  );
  expect(noticed.length).toBeGreaterThan(5);
});

describeOnBothDatabases("the policy and the server's answers", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(() => api.close());

  const all = pairs();
  let answered = 0;
  let refusedCount = 0;

  for (let batch = 0; batch < BATCHES; batch++) {
    const size = PAIRS / BATCHES;
    it(`agree on pairs ${batch * size} to ${(batch + 1) * size - 1}`, { timeout: 120_000 }, async () => {
      for (const [n, { viewer, operation }] of all.slice(batch * size, (batch + 1) * size).entries()) {
        const expected = operation.expected(viewer);
        if (isRefused(expected)) refusedCount++;
        else answered++;
        const name = `pair ${batch * size + n}: ${describeViewer(viewer)} asks ${operation.name}`;
        expect(await operation.run(api, viewer), name).toEqual(expected);
      }
    });
  }

  it("speak of answers and refusals alike", () => {
    // A test of refusals only, or of a root administrator only, would prove nothing.
    expect(answered + refusedCount).toBe(PAIRS);
    expect(answered).toBeGreaterThan(PAIRS / 4);
    expect(refusedCount).toBeGreaterThan(PAIRS / 10);
  });
});

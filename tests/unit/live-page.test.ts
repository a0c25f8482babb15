import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ChangeBatch, frameGatherer } from "../../web/app/live-bus.ts";
import type { LiveChange } from "../../web/app/live-socket.ts";
import { forgetServerTime, heardServerTime, serverNow } from "../../web/app/server-clock.ts";
import { concerns, liveRefetcher } from "../../web/app/use-live.ts";

const change = (op: LiveChange["op"], ref: number | null, kind: LiveChange["kind"] = "INCIDENT"): LiveChange => ({
  op,
  kind,
  ref,
  liveVersion: "1",
  cursor: `c${ref}`,
});
const batch = (changes: readonly LiveChange[]): ChangeBatch => {
  let told: ChangeBatch | undefined;
  const gather = frameGatherer("990100", (one) => {
    told = one;
  });
  for (const one of changes) gather.take(one);
  vi.advanceTimersByTime(20);
  if (!told) throw new Error("no batch");
  return told;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  forgetServerTime();
});

describe("changes of one frame", () => {
  it("are told together, the last of each case, in order of these", () => {
    const told: ChangeBatch[] = [];
    const gather = frameGatherer("990100", (one) => told.push(one));
    for (const ref of [1, 2, 1, 3, 2]) gather.take(change("UPSERT", ref));
    gather.take(change("REMOVE", 3));
    expect(told).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(told).toHaveLength(1);
    expect([...(told[0]?.cases ?? [])].map(([ref, { op }]) => [ref, op])).toEqual([
      [1, "UPSERT"],
      [2, "UPSERT"],
      [3, "REMOVE"],
    ]);
    vi.advanceTimersByTime(2_000);
    expect(told).toHaveLength(1);
    gather.take(change("RESET", null));
    vi.advanceTimersByTime(20);
    expect([told[1]?.reset, told[1]?.cases.size]).toEqual([true, 0]);
  });

  it("come also in a page that gets no frames", () => {
    vi.stubGlobal("requestAnimationFrame", () => 1);
    vi.stubGlobal("cancelAnimationFrame", () => undefined);
    const told: ChangeBatch[] = [];
    frameGatherer("990100", (one) => told.push(one)).take(change("UPSERT", 1));
    vi.advanceTimersByTime(600);
    expect(told).toHaveLength(1);
  });

  it("concern views by kind and by case, loads of a county and lost places all of them", () => {
    const one = batch([change("UPSERT", 7)]);
    expect([{}, { refs: [7] }, { refs: [8] }, { kinds: ["AREA" as const] }].map((f) => concerns(f, one))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const areas = batch([change("BULK", null, "AREA")]);
    expect(concerns({ kinds: ["AREA"], refs: [8] }, areas)).toBe(true);
    expect(concerns({ kinds: ["INCIDENT"] }, areas)).toBe(false);
    expect(concerns({ kinds: ["INCIDENT"], refs: [8] }, batch([change("BULK", null, "COUNTY")]))).toBe(true);
    expect(concerns({ refs: [8] }, batch([change("RESET", null)]))).toBe(true);
  });
});

describe("a view that reads anew after changes", () => {
  it("reads soon after the first, about once a second while they go on, and once after the last", async () => {
    const asked: number[] = [];
    const view = liveRefetcher(() => asked.push(performance.now()));
    const from = performance.now();
    for (let ms = 0; ms < 10_000; ms += 20) {
      view.changed();
      await vi.advanceTimersByTimeAsync(20);
    }
    expect((asked[0] ?? 0) - from).toBeLessThan(400);
    expect(asked.length).toBeGreaterThan(7);
    expect(asked.length).toBeLessThan(16);
    const before = asked.length;
    view.changed();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.length).toBe(before + 1);
    view.changed();
    view.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.length).toBe(before + 1);
  });

  it("waits for its own answer, and asks once more for what changed meanwhile", async () => {
    let running = 0;
    let most = 0;
    let asked = 0;
    const view = liveRefetcher(async () => {
      asked++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      running--;
    });
    view.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    view.changed();
    view.changed();
    await vi.advanceTimersByTimeAsync(12_000);
    expect([asked, most]).toEqual([2, 1]);
  });

  it("asks nothing in a page that nobody sees, and at once when it is looked at", async () => {
    let asked = 0;
    const view = liveRefetcher(() => asked++);
    Object.assign(document, { hidden: true });
    for (let n = 0; n < 50; n++) {
      view.changed();
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(asked).toBe(0);
    Object.assign(document, { hidden: false });
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(400);
    expect(asked).toBe(1);
  });
});

describe("the server's clock on a page", () => {
  const SERVER = Date.parse("2026-03-01T08:00:00Z");

  it("is the server's, however wrong the computer's is and whenever that is set", () => {
    vi.setSystemTime(SERVER - 3 * 3_600_000);
    expect(serverNow()).toBe(SERVER - 3 * 3_600_000);
    const asked = performance.now();
    vi.advanceTimersByTime(80);
    heardServerTime(SERVER, asked);
    expect(Math.abs(serverNow() - (SERVER + 40))).toBeLessThanOrEqual(1);
    vi.setSystemTime(SERVER + 20 * 86_400_000);
    vi.advanceTimersByTime(60_000);
    expect(Math.abs(serverNow() - (SERVER + 60_040))).toBeLessThanOrEqual(1);
  });

  it("keeps the better of two measurements, and follows a clock that was set", () => {
    heardServerTime(SERVER, performance.now());
    const good = serverNow();
    heardServerTime(SERVER - 400);
    expect(serverNow()).toBe(good);
    heardServerTime(SERVER + 3_600_000);
    expect(serverNow()).toBe(SERVER + 3_600_000);
  });
});

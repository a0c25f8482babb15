import { describe, expect, it } from "vitest";
import { timesAfter } from "../../data/workflow/times.ts";

const MINUTE = 60_000;
const ANSWERS = { clocks: [{ target: "answer", effect: "stop" }] } as const;
const NOTHING = { clocks: [] } as const;

describe("the times of a case", () => {
  it("move with it: the first answer and the closing", () => {
    const fresh = { firstAnswerMs: null, closedMs: null };
    const answered = timesAfter(fresh, ANSWERS, { to: "accepted", at: MINUTE });
    expect(answered).toEqual({ ...fresh, firstAnswerMs: MINUTE });
    expect(timesAfter(answered, NOTHING, { to: "on_hold", at: 2 * MINUTE })).toEqual(answered);
    // An answer is given once.
    expect(timesAfter(answered, ANSWERS, { to: "accepted", at: 32 * MINUTE })).toEqual(answered);
    const closed = timesAfter(answered, NOTHING, { to: "closed", at: 50 * MINUTE });
    expect(closed.closedMs).toBe(50 * MINUTE);
    expect(timesAfter(closed, NOTHING, { to: "evaluated", at: 90 * MINUTE })).toEqual(closed);
    expect(timesAfter(closed, NOTHING, { to: "rework", at: 90 * MINUTE }).closedMs).toBeNull();
  });
  it("are not answered by being put on hold", () => {
    const fresh = { firstAnswerMs: null, closedMs: null };
    expect(timesAfter(fresh, NOTHING, { to: "on_hold", at: MINUTE })).toEqual(fresh);
  });
});

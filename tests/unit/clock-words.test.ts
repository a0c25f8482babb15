import { expect, test } from "vitest";
import { clockSign } from "../../web/ui/clock-words.ts";

const NOW = Date.parse("2026-01-15T00:00:00Z");
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

test("what a clock shows follows the instant, and a paused one is never in time", () => {
  const running = { target: "CLOSE", state: "RUNNING" } as const;
  expect(clockSign({ ...running, dueAt: at(7200) }, NOW)).toEqual({ tone: "running", seconds: 7200 });
  expect(clockSign({ ...running, dueAt: at(3599) }, NOW)).toEqual({ tone: "soon", seconds: 3599 });
  // The answer is old: the deadline has passed since.
  expect(clockSign({ ...running, dueAt: at(-1) }, NOW)).toEqual({ tone: "late", seconds: 1 });
  expect(clockSign({ target: "CLOSE", state: "PAUSED", dueAt: null }, NOW)).toEqual({ tone: "paused", seconds: null });
  const missed = { target: "HANDLE", state: "MISSED", dueAt: at(-7200), endedAt: at(-3600) } as const;
  expect(clockSign(missed, NOW)).toEqual({ tone: "missed", seconds: 3600 });
  expect(clockSign({ ...missed, state: "MET" }, NOW).tone).toBe("met");
});

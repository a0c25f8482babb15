import { describe, expect, it } from "vitest";
import { FLAG } from "../../data/columns/incident-columns.ts";
import { FLASH_MS, type Flash, flashRing, MAX_FLASHES, NewCases, withFlashes } from "../../web/map/flash/flashes.ts";
import { type SyntheticCase, syntheticColumns } from "../helpers/synthetic-columns.ts";

const NOW = 1_768_444_200;
const columns = (cases: readonly SyntheticCase[], asOf = NOW) => syntheticColumns(cases, [], asOf);
const all = (cases: readonly SyntheticCase[]) => [[0, cases.length]] as const;

describe("new cases", () => {
  it("flash once, and only those reported since the page had everything", () => {
    const cases: SyntheticCase[] = [
      { opened: NOW - 60 },
      { opened: NOW + 1 },
      { opened: NOW + 2, severity: "critical" },
      { opened: NOW + 3, flags: FLAG.cell },
      { opened: NOW + 4, flags: FLAG.suspicious },
      { opened: NOW + 5, state: "void" },
    ];
    const news = new NewCases(NOW);
    expect(news.find(columns(cases), all(cases), 5).map(({ severe, startMs }) => [severe, startMs])).toEqual([
      [false, 5],
      [true, 5],
    ]);
    // Changed again: known already.
    expect(news.find(columns(cases), all(cases), 6)).toEqual([]);
  });

  it("are not what a load brings in at once", () => {
    const cases = Array.from({ length: 501 }, (_, i) => ({ opened: NOW + i }));
    expect(new NewCases(NOW).find(columns(cases), all(cases), 0)).toEqual([]);
  });

  it("are remembered for a day, and never new again after it", () => {
    const news = new NewCases(NOW);
    const one = [{ opened: NOW + 1 }];
    expect(news.find(columns(one), all(one), 0)).toHaveLength(1);
    expect(news.find(columns(one, NOW + 90_000), all(one), 0)).toEqual([]);
  });
});

describe("flashes", () => {
  const flash = (startMs: number, severe = false): Flash => ({ at: [112, 40], severe, startMs });

  it("end, and are never more than a screen bears: severe ones first, then the newest", () => {
    expect(withFlashes([flash(0)], [flash(FLASH_MS)], FLASH_MS)).toEqual([flash(FLASH_MS)]);
    const many = Array.from({ length: MAX_FLASHES }, (_, i) => flash(i));
    const kept = withFlashes(many, [flash(900), flash(901, true)], 1000);
    expect(kept).toHaveLength(MAX_FLASHES);
    expect(kept[0]).toEqual(flash(901, true));
    expect(kept).toContainEqual(flash(900));
    expect(kept).not.toContainEqual(flash(MAX_FLASHES - 1));
  });

  it("swell twice and fade; without motion a ring stands and is gone", () => {
    expect(flashRing(-1, false)).toBeUndefined();
    expect(flashRing(FLASH_MS, false)).toBeUndefined();
    const early = flashRing(100, false);
    const late = flashRing(800, false);
    expect(early && late && early.size < late.size && early.alpha > late.alpha).toBe(true);
    expect(flashRing(1000, false)?.size).toBeCloseTo(early?.size ?? 0, 1);
    expect(flashRing(0, true)).toEqual(flashRing(FLASH_MS - 1, true));
  });
});

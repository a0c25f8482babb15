import { describe, expect, test } from "vitest";
import { CsvTokenizer } from "../../data/importers/csv-tokenizer.ts";
import { IncidentSurvey } from "../../data/importers/incident-survey.ts";
import { PositionCounts } from "../../data/importers/position-counts.ts";
import { isoInstant, parseTime, ZoneClock } from "../../data/model/zoned-time.ts";
import { Prng } from "../../data/demo/prng.ts";

describe("the first pass over a file of cases", () => {
  test("knows the last line of each id, whatever was expected, and that a broken line takes no place", () => {
    const prng = new Prng("survey");
    const keys = Array.from({ length: 40_000 }, () => `id${prng.int(1, 30_000)}`);
    const broken = keys.map(() => prng.chance(0.1));
    // Far more lines than expected: many share a bit.
    const survey = new IncidentSurvey(10);
    keys.forEach((key, line) => {
      survey.see({ key, x: null, y: null }, `f:${line}`, () => !broken[line]);
    });
    const last = new Map<string, number>();
    keys.forEach((key, line) => {
      if (!broken[line]) last.set(key, line);
    });
    keys.forEach((key, line) => {
      if (broken[line]) return;
      const expected = last.get(key) === line ? undefined : { ordinal: last.get(key), at: `f:${last.get(key)}` };
      expect(survey.later(key, line)).toEqual(expected);
    });
  });

  test("numbers lines without an id that are the same", () => {
    const survey = new IncidentSurvey(4);
    const keys = ["\na", "\nb", "\na", "\na"];
    for (const key of keys) survey.see({ key, x: 1, y: 1 }, "", () => true);
    expect(keys.map((key) => survey.copy(key))).toEqual([1, 1, 2, 3]);
  });

  test("counts positions as a map does", () => {
    const prng = new Prng("positions");
    const counts = new PositionCounts();
    const expected = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      const [x, y] = prng.chance(0.1) ? [1_120_000_000, 390_000_000] : [prng.int(-40_000, 40_000), prng.int(0, 3)];
      counts.add(x, y);
      expected.set(`${x},${y}`, (expected.get(`${x},${y}`) ?? 0) + 1);
    }
    expect([counts.rows, counts.distinct]).toEqual([60_000, expected.size]);
    const largest = counts.largest(9);
    expect(largest.map(({ x, y, count }) => [expected.get(`${x},${y}`), count]).every(([a, b]) => a === b)).toBe(true);
    expect(largest.map(({ count }) => count)).toEqual([...expected.values()].sort((a, b) => b - a).slice(0, 9));
  });
});

describe("CSV split the fast way", () => {
  /** Splits a text given in pieces. */
  const split = (text: string, piece: number, delimiter = ",") => {
    const tokenizer = new CsvTokenizer(delimiter, 1_000_000);
    const out = [];
    for (let at = 0; at < text.length; at += piece) out.push(...tokenizer.push(text.slice(at, at + piece)));
    out.push(...tokenizer.end());
    return { out, rest: tokenizer.rest, stopped: tokenizer.stopped };
  };

  test("gives the same records wherever the pieces are cut", () => {
    const text = 'a,b,c\r\n1,"x, ""y""\nz",\n\n,,"\r\n"\r\n"q",2,3';
    const expected = [
      { line: 1, cells: ["a", "b", "c"] },
      { line: 3, cells: ["1", 'x, "y"\nz', ""] },
      { line: 6, cells: ["", "", "\r\n"] },
      { line: 7, cells: ["q", "2", "3"] },
    ];
    for (let piece = 1; piece <= text.length; piece++)
      expect(split(text, piece), `${piece}`).toEqual({ out: expected, rest: "", stopped: false });
  });

  test.each([
    ['1,2\n3,4"5\n6,7\n', '3,4"5\n6,7\n'],
    ['1,2\n"3"x,4\n6,7\n', '"3"x,4\n6,7\n'],
    ['1,2\n"3,4\n6,7\n', '"3,4\n6,7\n'],
  ])("leaves what is not well-formed to others: %j", (text, rest) => {
    for (let piece = 1; piece <= text.length; piece++)
      expect(split(text, piece)).toEqual({ out: [{ line: 1, cells: ["1", "2"] }], rest, stopped: true });
  });
});

test("instants are written as Date writes them, and plain times are read as any other", () => {
  const prng = new Prng("instants");
  const clock = new ZoneClock("America/New_York");
  for (let i = 0; i < 3000; i++) {
    const ms = Math.floor(prng.range(-6e13, 2.6e14));
    expect(isoInstant(ms)).toBe(new Date(ms).toISOString());
    const text = `${prng.int(1000, 2600)}-${String(prng.int(1, 12)).padStart(2, "0")}-${String(prng.int(1, 31)).padStart(2, "0")} ${String(prng.int(0, 25)).padStart(2, "0")}:${String(prng.int(0, 61)).padStart(2, "0")}:${String(prng.int(0, 61)).padStart(2, "0")}`;
    // With a blank behind it takes the long way.
    expect(parseTime(text, clock)).toEqual(parseTime(`${text} `, clock));
  }
});

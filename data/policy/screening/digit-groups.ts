/** Digits that stand together. */
export interface DigitGroup {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

/** A number that was written in one or more groups, e.g. `138-0013-8000`. */
export interface WrittenNumber {
  readonly digits: string;
  /** Digits of each group. */
  readonly sizes: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** What may stand between two groups of one number: one mark or two, e.g. `) `. */
const SEPARATOR = /^[\s\-‐-―−_.·•・,、/()|~]{1,2}$/;

/** Groups of digits, in runs in which one number could go on into the next group. */
export function digitRuns(text: string): DigitGroup[][] {
  const runs: DigitGroup[][] = [];
  let last: DigitGroup | undefined;
  for (const match of text.matchAll(/\d+/g)) {
    const group = { digits: match[0], start: match.index, end: match.index + match[0].length };
    const joined = last !== undefined && SEPARATOR.test(text.slice(last.end, group.start));
    if (joined) runs.at(-1)?.push(group);
    else runs.push([group]);
    last = group;
  }
  return runs;
}

/** Marks between the groups of one number are all the same, brackets apart: `(0349) 702-2345` is one, `3, 14-15` none. */
function isUniform(text: string, groups: readonly DigitGroup[]): boolean {
  const marks = groups.slice(1).map((group, i) => text.slice((groups[i] as DigitGroup).end, group.start).trim());
  return new Set(marks.filter((mark) => !/[()]/.test(mark))).size <= 1;
}

/** Every number of at most `most` digits that whole groups of a text could form. */
export function* writtenNumbers(text: string, most: number): Generator<WrittenNumber> {
  for (const run of digitRuns(text)) {
    for (let from = 0; from < run.length; from++) {
      let digits = "";
      for (let to = from; to < run.length; to++) {
        digits += (run[to] as DigitGroup).digits;
        if (digits.length > most) break;
        const groups = run.slice(from, to + 1);
        if (!isUniform(text, groups)) continue;
        yield {
          digits,
          sizes: groups.map((group) => group.digits.length),
          start: (run[from] as DigitGroup).start,
          end: (run[to] as DigitGroup).end,
        };
      }
    }
  }
}

/** The text just before a place, for words that say what a number is. */
export const before = (text: string, start: number, length: number): string =>
  text.slice(Math.max(0, start - length), start);

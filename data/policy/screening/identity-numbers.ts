import { before, writtenNumbers } from "./digit-groups.ts";

/** A stretch of a plain text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** First two digits: provinces (GB/T 2260), and 9 for foreigners with permanent residence. */
const PROVINCES = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d)/;
/** Weights and check characters of GB 11643-1999, section 5 (ISO 7064 MOD 11-2). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK = "10X98765432";

const isDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * Is it a resident identity number of 18 characters (GB 11643): province, date of birth and check character hold?
 *
 * @param number 17 digits and a digit or X
 */
export function isIdentityNumber(number: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number) || !PROVINCES.test(number)) return false;
  const year = Number(number.slice(6, 10));
  if (year < 1880 || year > 2099) return false;
  if (!isDate(year, Number(number.slice(10, 12)), Number(number.slice(12, 14)))) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number.charAt(i)), 0);
  return CHECK.charAt(sum % 11) === number.charAt(17);
}

/**
 * An identity number of the first generation: 15 digits, year of birth in two. Years before 1930 are left out: the codes of
 * unit grids have as many digits and look like them (140226 001 002 003).
 */
function isOldIdentityNumber(digits: string): boolean {
  if (digits.length !== 15 || !PROVINCES.test(digits) || digits.startsWith("9")) return false;
  const year = Number(digits.slice(6, 8));
  return year >= 30 && isDate(1900 + year, Number(digits.slice(8, 10)), Number(digits.slice(10, 12)));
}

/** Words that say that a number is an identity number, whatever its digits. */
const NAMED = /(身份证|证件号|公民身份|IDENTITY (NO|NUMBER)|ID CARD)[^\d]{0,8}$/;
/** Words that say that a number is a code of a place or a thing. */
const CODE = /(网格|编码|编号|代码|工单|单号|GRID|CODE|CASE|设备)[^\d]{0,6}$/;

/** Identity numbers in a plain text. */
export function* findIdentityNumbers(text: string): Generator<Stretch> {
  for (const { digits, sizes, start, end } of writtenNumbers(text, 18)) {
    const named = NAMED.test(before(text, start, 20));
    if (digits.length === 17 && /^[\s-]?[X×]/.test(text.slice(end)) && !/^[\s-]?.[\dA-Z]/.test(text.slice(end))) {
      const closed = end + text.slice(end).search(/[X×]/) + 1;
      if (named || isIdentityNumber(`${digits}X`)) yield { start, end: closed };
    } else if (digits.length === 18 && (named || isIdentityNumber(digits))) {
      yield { start, end };
    } else if (digits.length === 15 && (sizes.length === 1 || sizes.join() === "6,6,3")) {
      if (named || (isOldIdentityNumber(digits) && !CODE.test(before(text, start, 12)))) yield { start, end };
    }
  }
}

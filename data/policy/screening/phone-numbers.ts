import { before, type WrittenNumber, writtenNumbers } from "./digit-groups.ts";
import type { Stretch } from "./identity-numbers.ts";

/** Ways in which people group the eleven digits of a mobile number; digit by digit is one too. */
const MOBILE_GROUPS = new Set(
  [
    "11",
    "3,4,4",
    "3,8",
    "7,4",
    "3,3,5",
    "3,5,3",
    "4,4,3",
    "4,3,4",
    "5,6",
    "6,5",
    "3,2,2,2,2",
    "3,2,3,3",
    "3,4,2,2",
  ].concat("1,1,1,1,1,1,1,1,1,1,1"),
);

/** Ways of writing a fixed line: area code (three or four digits with its zero) and seven or eight digits. */
const FIXED_GROUPS = /^((10|11|12)|[34],[78]|[34],[34],4|[78],4)$/;
/** Area codes of China: 010, 02x, and 03xx to 09xx. */
const FIXED = /^0(10|2\d|[3-9]\d\d)[2-8]\d{6,7}$/;
/** Words that make seven or eight digits a telephone number. */
const NAMED = /(电话|手机|联系方式|联系人|致电|座机|热线|微信|TEL|TELEPHONE|PHONE|MOBILE|CELL|WECHAT)[^\d]{0,8}$/;

/** The number without the country's code, where it has one. */
function national(number: WrittenNumber): { readonly digits: string; readonly sizes: readonly number[] } {
  const { digits, sizes } = number;
  const prefix = /^(0086|86)(?=1|0|[2-9])/.exec(digits)?.[0];
  const first = sizes[0] ?? 0;
  if (prefix === undefined || digits.length < 12) return number;
  if (first === prefix.length) return { digits: digits.slice(first), sizes: sizes.slice(1) };
  return { digits: digits.slice(prefix.length), sizes: [first - prefix.length, ...sizes.slice(1)] };
}

function isMobile(number: WrittenNumber): boolean {
  const { digits, sizes } = national(number);
  return /^1[3-9]\d{9}$/.test(digits) && MOBILE_GROUPS.has(sizes.join());
}

function isFixedLine(number: WrittenNumber): boolean {
  const { digits, sizes } = national(number);
  return FIXED.test(digits) && FIXED_GROUPS.test(sizes.join());
}

/** A number of North America: (617) 555-0123. Written in one piece it cannot be told from any other number. */
const isNorthAmerican = ({ digits, sizes }: WrittenNumber): boolean =>
  /^1?[2-9]\d\d[2-9]\d{6}$/.test(digits) && /^(1,)?3,3,4$/.test(sizes.join());

function isNamed(text: string, { digits, sizes, start }: WrittenNumber): boolean {
  if (!NAMED.test(before(text, start, 20))) return false;
  return /^[2-9]\d{6,9}$/.test(digits) && sizes.length <= 3;
}

/** `+` and eight to fifteen digits (ITU-T E.164). */
const isInternational = (text: string, { digits, start }: WrittenNumber): boolean =>
  text.charAt(start - 1) === "+" && digits.length >= 8 && digits.length <= 15;

/** Numbers with a letter or a decimal point before them are parts of a code or of a decimal number. */
const isPartOfOther = (text: string, { start, end, sizes }: WrittenNumber): boolean =>
  /[A-Z]$/.test(text.slice(0, start)) ||
  /^[A-Z]/.test(text.slice(end)) ||
  // 113.13800138000 is a longitude.
  (sizes.length === 1 && /\d\.$/.test(text.slice(0, start)));

/** Telephone numbers in a plain text: mobile, fixed with area code, international, and what is called one. */
export function* findPhoneNumbers(text: string): Generator<Stretch> {
  for (const number of writtenNumbers(text, 15)) {
    const named = isNamed(text, number) || isInternational(text, number);
    const formed = isMobile(number) || isFixedLine(number) || isNorthAmerican(number);
    if (named || (formed && !(isPartOfOther(text, number) && !NAMED.test(before(text, number.start, 20)))))
      yield { start: number.start, end: number.end };
  }
}

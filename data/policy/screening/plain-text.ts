/** A text in which one digit is one digit however it was written, with the place of each character in the original. */
export interface PlainText {
  readonly text: string;
  /** UTF-16 index in the original of each character of `text`, and of its end. */
  readonly at: readonly number[];
}

/** Numerals as they are read out: 幺 is one, 〇 and 零 are zero. Tens and hundreds are no digits of a number read out. */
const NUMERALS = new Map<string, string>(
  Object.entries({
    零: "0",
    〇: "0",
    一: "1",
    幺: "1",
    二: "2",
    三: "3",
    四: "4",
    五: "5",
    六: "6",
    七: "7",
    八: "8",
    九: "9",
    壹: "1",
    贰: "2",
    叁: "3",
    肆: "4",
    伍: "5",
    陆: "6",
    柒: "7",
    捌: "8",
    玖: "9",
  }),
);

/** Characters without width, which a reader does not see between two digits. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/;

function plainCharacter(c: string): string {
  const code = c.charCodeAt(0);
  // Full-width forms of ! to ~ stand 0xFEE0 above them (Unicode block FF00).
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  if (code === 0x3000 || code === 0x00a0) return " ";
  return NUMERALS.get(c) ?? c;
}

/** Makes digits, letters and marks of every width equal, in upper case, and drops what cannot be seen. */
export function plainText(original: string): PlainText {
  let text = "";
  const at: number[] = [];
  for (let i = 0; i < original.length; i++) {
    const c = original.charAt(i);
    if (INVISIBLE.test(c)) continue;
    const plain = plainCharacter(c);
    text += /[a-z]/.test(plain) ? plain.toUpperCase() : plain;
    at.push(i);
  }
  at.push(original.length);
  return { text, at };
}

import type { Stretch } from "./identity-numbers.ts";

/** Abbreviations of provinces on plates (GA 36-2018, appendix). */
const PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/** Letters of plates: without I and O (GA 36-2018). */
const LETTER = "A-HJ-NP-Z";
const GAP = "[\\s·•・.\\-]{0,2}";

const FORMS = [
  // Ordinary: five more characters, of which a last one may say what the vehicle is; new energy: six.
  `[${PROVINCE}]${GAP}[${LETTER}]${GAP}(?:[${LETTER}0-9]{5,6}|[${LETTER}0-9]{4}[挂学警港澳试超领])(?![A-Z0-9])`,
  // Armed police: WJ, province, five.
  `WJ${GAP}[${PROVINCE}0-9]{0,2}${GAP}[A-Z0-9]{5}(?![A-Z0-9])`,
  // Embassies and consulates.
  `(?:使\\d{6}|\\d{6}使|[${PROVINCE}]${GAP}[${LETTER}]\\d{4}领)`,
].map((form) => new RegExp(form, "g"));

/** A plate has digits; five letters after a province are a word. */
const MIN_DIGITS = 2;

/** Vehicle plates in a plain text. */
export function* findPlates(text: string): Generator<Stretch> {
  for (const form of FORMS) {
    for (const match of text.matchAll(form)) {
      const tail = match[0].slice(1);
      if ((tail.match(/\d/g)?.length ?? 0) < MIN_DIGITS) continue;
      yield { start: match.index, end: match.index + match[0].length };
    }
  }
}

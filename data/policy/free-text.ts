import { AppError } from "../model/errors.ts";
import { findIdentityNumbers, type Stretch } from "./screening/identity-numbers.ts";
import { findPhoneNumbers } from "./screening/phone-numbers.ts";
import { plainText } from "./screening/plain-text.ts";
import { findPlates } from "./screening/plates.ts";

/**
 * Screening of free text (domain.md section 5): titles, notes and reasons are read by many, so nothing may stand in them
 * that names a resident. Three kinds can be told by their form.
 */
export const FREE_TEXT_KINDS = ["identity_number", "phone_number", "plate"] as const;
export type FreeTextKind = (typeof FREE_TEXT_KINDS)[number];

/** Something that must not be written, and where: UTF-16 indexes of the text that was screened. */
export interface FreeTextFinding {
  readonly kind: FreeTextKind;
  readonly start: number;
  readonly end: number;
}

/** Names of the kinds in both languages. */
export const FREE_TEXT_NAMES: Readonly<Record<FreeTextKind, { readonly zh: string; readonly en: string }>> = {
  identity_number: { zh: "身份证号", en: "identity numbers" },
  phone_number: { zh: "电话号码", en: "phone numbers" },
  plate: { zh: "车牌号", en: "vehicle plates" },
};

/** In this order: what is an identity number is no telephone number. */
const FINDERS: Readonly<Record<FreeTextKind, (text: string) => Iterable<Stretch>>> = {
  identity_number: findIdentityNumbers,
  plate: findPlates,
  phone_number: findPhoneNumbers,
};

/** Quick: what has no seven digits near each other, and no sign of a plate with digits, is clean. Most texts are. */
const DIGIT = "[\\d０-９零〇一幺二三四五六七八九壹贰叁肆伍陆柒捌玖]";
const MAYBE = new RegExp(
  `(?:${DIGIT}[^\\d０-９]{0,3}?){7}|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领jJＪｊ]`,
);

/**
 * Finds resident identity numbers (GB 11643, 18 and 15 digits), telephone numbers and vehicle plates, also in full-width
 * digits, Chinese numerals (一三八…) and with spaces, hyphens or dots between.
 *
 * @returns what was found, in order of place, none overlapping; empty when the text is clean
 */
export function screenFreeText(original: string): FreeTextFinding[] {
  if (!MAYBE.test(original)) return [];
  const { text, at } = plainText(original);
  const found: FreeTextFinding[] = [];
  for (const [kind, find] of Object.entries(FINDERS) as [FreeTextKind, (typeof FINDERS)[FreeTextKind]][]) {
    // The longest first: a number within a number is the same number.
    const stretches = [...find(text)].sort((a, b) => b.end - b.start - (a.end - a.start));
    for (const stretch of stretches) {
      const start = at[stretch.start] ?? 0;
      const end = (at[stretch.end - 1] ?? original.length - 1) + 1;
      if (found.every((other) => end <= other.start || start >= other.end)) found.push({ kind, start, end });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** What a masked stretch reads. */
export const FREE_TEXT_MASK = "***";

/** A text with everything that must not be written masked. Used where a text is taken over from elsewhere. */
export function maskFreeText(text: string): { readonly text: string; readonly findings: readonly FreeTextFinding[] } {
  const findings = screenFreeText(text);
  let masked = "";
  let from = 0;
  for (const { start, end } of findings) {
    masked += text.slice(from, start) + FREE_TEXT_MASK;
    from = end;
  }
  return { text: masked + text.slice(from), findings };
}

/** What somebody is told whose text was refused; never quotes the text. */
export function freeTextMessage(findings: readonly FreeTextFinding[]): { readonly zh: string; readonly en: string } {
  const kinds = FREE_TEXT_KINDS.filter((kind) => findings.some((finding) => finding.kind === kind));
  const zh = kinds.map((kind) => FREE_TEXT_NAMES[kind].zh).join("、");
  const en = kinds.map((kind) => FREE_TEXT_NAMES[kind].en).join(", ");
  return { zh: `文字中不能写${zh}。`, en: `The text may not hold ${en}.` };
}

/**
 * The text itself when it is clean.
 *
 * @param at the field, for the error
 * @throws USER/BAD_USER_INPUT that names the kinds that were found, and quotes nothing
 */
export function requireCleanText(text: string, at: string): string {
  const findings = screenFreeText(text);
  if (findings.length === 0) return text;
  const { zh, en } = freeTextMessage(findings);
  throw new AppError("USER", `${zh} ${en}`, {
    at,
    hint: "请删去；联系方式请填在专用栏内。 Take it out; how to reach somebody belongs into the field for contacts.",
  });
}

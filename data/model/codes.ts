import { userError } from "./errors.ts";

/**
 * Codes of areas (domain.md 4.3, 4.4): division 6 (GB/T 2260) + street 3 (GB/T 10114) + community 3 +
 * grid 3, and `-NN` for a micro-grid. A code is its own path: "inside" is a range test under COLLATE "C".
 */
export const AREA_LEVELS = ["county", "town", "community", "grid", "micro"] as const;
export type AreaLevel = (typeof AREA_LEVELS)[number];

const patterns: Record<AreaLevel, RegExp> = {
  county: /^\d{6}$/,
  town: /^\d{9}$/,
  community: /^\d{12}$/,
  grid: /^\d{12}[0-9A-Z]{3}$/,
  micro: /^\d{12}[0-9A-Z]{3}-\d{2}$/,
};

/** Level of an area code; undefined when it is not one. */
export const levelOfCode = (code: string): AreaLevel | undefined =>
  AREA_LEVELS.find((level) => patterns[level].test(code));

/**
 * National codes are written in twelve digits also above communities, filled up with zeros (国家统计局 统计用区划代码):
 * 140226205000 is the town 140226205. No community has the number 000.
 */
export const withoutFill = (code: string): string => (/^\d{12}$/.test(code) ? code.replace(/(000){1,2}$/, "") : code);

/** Level of an area code, or a user error that says what a code looks like. */
export function requireLevel(code: string, at = "code"): AreaLevel {
  const level = levelOfCode(code);
  if (level) return level;
  throw userError(`"${code}" is not an area code`, {
    at,
    hint: "Use 6 digits for a county, 9 for a town, 12 for a community, 15 characters for a grid, or 15-NN for a micro-grid.",
  });
}

/** The six-digit county that a code lies in. */
export const countyOfCode = (code: string): string => code.slice(0, 6);

/** Code of the parent area; undefined for a county. */
export function parentCode(code: string): string | undefined {
  const level = levelOfCode(code);
  if (level === "town") return code.slice(0, 6);
  if (level === "community") return code.slice(0, 9);
  if (level === "grid") return code.slice(0, 12);
  if (level === "micro") return code.slice(0, 15);
  return undefined;
}

/** Codes of all ancestors, county first, the code itself last. */
export function codePath(code: string): string[] {
  const parent = parentCode(code);
  return parent ? [...codePath(parent), code] : [code];
}

/** Half-open code range `[from, to)` that holds an area and everything inside it, under COLLATE "C". */
export const codeRange = (code: string): { readonly from: string; readonly to: string } => ({
  from: code,
  to: `${code}~`,
});

/** Deepest area that holds all the areas; undefined for none, or for areas of different counties. */
export function commonArea(codes: Iterable<string>): string | undefined {
  let common: readonly string[] | undefined;
  for (const code of codes) {
    const path = codePath(code);
    common = common === undefined ? path : common.filter((ancestor, depth) => path[depth] === ancestor);
  }
  return common?.at(-1);
}

/** True when `code` is `area` or lies inside it. */
export const isInside = (code: string, area: string): boolean => code.startsWith(area);

/**
 * 20-digit GB/T 28181 device code of a camera: digits 11–13 are 131 or 132 (domain.md 4.6), or 118, by which platforms list
 * the recorders of checkpoints as cameras.
 */
export const isCameraCode = (code: string): boolean => /^\d{10}(13[12]|118)\d{7}$/.test(code);

const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Check character of the first 17 characters of a unified social credit code (GB 32100-2015, mod 31). */
export function creditCheckCharacter(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += CREDIT_ALPHABET.indexOf(first17.charAt(i)) * (CREDIT_WEIGHTS[i] as number);
  return CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** 18-character unified social credit code with its check character (GB 32100-2015). */
export const isCreditCode = (code: string): boolean =>
  /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code) && creditCheckCharacter(code) === code.charAt(17);

/** Class code: 2-digit major and 3-digit minor (GB/T 47678.5-2026). */
export const isClassCode = (code: string): boolean => /^\d{5}$/.test(code);

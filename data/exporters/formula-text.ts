/**
 * Text that a spreadsheet takes for a formula: it begins with one of these (OWASP, "CSV Injection"). Apostrophes before it
 * count, so that guarding a guarded text adds one that unguarding takes away again.
 */
const DANGEROUS = /^'*[=+\-@\t\r\n]/;
const GUARDED = /^'+[=+\-@\t\r\n]/;
/** Numbers are what they look like: −1.5 stays a number. */
const PLAIN_NUMBER = /^[+-]?(\d+(\.\d+)?|\.\d+)$/;

/** A text that no spreadsheet runs: what would be a formula gets an apostrophe before it. */
export const guardText = (text: string): string =>
  DANGEROUS.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;

/**
 * Takes the apostrophe away that `guardText` put there, for cells of CSV and XLSX that are read:
 * `unguardText(guardText(x)) = x` for every x.
 */
export const unguardText = (text: string): string => (GUARDED.test(text) ? text.slice(1) : text);

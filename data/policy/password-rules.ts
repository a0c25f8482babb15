/** Shortest and longest password in characters (NIST SP 800-63B section 5.1.1.2: 8 or more, and 64 must be possible). */
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

/**
 * Passwords that are tried first, of those that are long enough for us, and words that everybody here would think of
 * (NIST SP 800-63B section 5.1.1.2: compare with commonly used and context-specific values). Compared without case.
 */
const COMMON: readonly string[] = [
  "1234567890",
  "0123456789",
  "0987654321",
  "9876543210",
  "1q2w3e4r5t",
  "1q2w3e4r5t6y",
  "1qaz2wsx3edc",
  "qazwsxedcrfv",
  "qwertyuiop",
  "qwerty12345",
  "qwerty123456",
  "asdfghjkl;",
  "password12",
  "password123",
  "password1234",
  "passw0rd123",
  "p@ssw0rd123",
  "administrator",
  "admin12345",
  "admin123456",
  "admin@1234",
  "letmein123",
  "welcome123",
  "iloveyou123",
  "woaini1314",
  "woaini520520",
  "5201314520",
  "changeme123",
  "jingwei123",
  "jingwei2026",
  "wangge12345",
  "wanggeyuan",
  "a123456789",
  "aa12345678",
  "abc1234567",
  "abcd123456",
  "abcdefghij",
];

/**
 * What a password must be, in the order in which it is said. There are no rules about kinds of characters and none about
 * age: they make people choose worse ones (NIST SP 800-63B section 5.1.1.2).
 */
export const PASSWORD_RULES = ["length", "login", "common", "pattern"] as const;
export type PasswordRule = (typeof PASSWORD_RULES)[number];

const isRepeated = (text: string): boolean => /^(.{1,3})\1+$/u.test(text);

/** Is it a run of neighbours, like 23456789ab or zyxwvutsrq? */
function isRun(text: string): boolean {
  const steps = new Set<number>();
  for (let i = 1; i < text.length; i++) steps.add(text.charCodeAt(i) - text.charCodeAt(i - 1));
  return steps.size === 1;
}

/** Rules that a new password breaks; none = it may be used. The client shows them while typing, the server holds to them. */
export function brokenPasswordRules(password: string, login: string): PasswordRule[] {
  const length = [...password].length;
  const plain = password.toLowerCase().normalize("NFKC");
  const name = login.toLowerCase();
  const broken: Readonly<Record<PasswordRule, boolean>> = {
    length: length < PASSWORD_MIN || length > PASSWORD_MAX,
    login: plain === name || (name.length >= 4 && plain.includes(name)),
    common: COMMON.includes(plain),
    pattern: isRepeated(plain) || isRun(plain),
  };
  return PASSWORD_RULES.filter((rule) => broken[rule]);
}

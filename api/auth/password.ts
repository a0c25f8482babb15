import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { userError } from "../../data/model/errors.ts";

/**
 * argon2id with 19 MiB, two passes and one lane: the first choice of OWASP's Password Storage Cheat Sheet. argon2id is the
 * library's default algorithm.
 */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Shortest and longest password in characters (NIST SP 800-63B section 5.1.1.2: 8 or more, and 64 must be possible). */
const MIN_LENGTH = 10;
const MAX_LENGTH = 200;

/**
 * Passwords that are tried first, of those that are long enough for us, and words that everybody here would think of
 * (NIST SP 800-63B section 5.1.1.2: compare with commonly used and context-specific values). Compared without case.
 */
const COMMON = [
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
] as const;

const isRepeated = (text: string): boolean => /^(.{1,3})\1+$/u.test(text);

/** Is it a run of neighbours, like 23456789ab or zyxwvutsrq? */
function isRun(text: string): boolean {
  const steps = new Set<number>();
  for (let i = 1; i < text.length; i++) steps.add(text.charCodeAt(i) - text.charCodeAt(i - 1));
  return steps.size === 1;
}

/**
 * Checks a new password. There are no rules about kinds of characters and none about age: they make people choose worse
 * ones (NIST SP 800-63B section 5.1.1.2).
 *
 * @throws USER with what is wrong, at `next`
 */
export function requireGoodPassword(password: string, login: string): void {
  const length = [...password].length;
  const plain = password.toLowerCase().normalize("NFKC");
  const fault =
    (length < MIN_LENGTH && `a password has at least ${MIN_LENGTH} characters, this one has ${length}`) ||
    (length > MAX_LENGTH && `a password has at most ${MAX_LENGTH} characters`) ||
    (plain.includes(login.toLowerCase()) && login.length >= 4 && "a password does not contain the login name") ||
    (plain === login.toLowerCase() && "a password is not the login name") ||
    ((COMMON as readonly string[]).includes(plain) && "this password is one of those that are tried first") ||
    ((isRepeated(plain) || isRun(plain)) && "this password is only a repetition or a row of characters");
  if (fault)
    throw userError(fault, {
      at: "next",
      hint: "A sentence or four unrelated words are easy to remember and hard to guess; spaces and Chinese are fine.",
    });
}

/** A password's hash in PHC form, salted; about 20 ms of one core. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFKC"), ARGON2);

let dummy: Promise<string> | undefined;

/**
 * Compares a password with a hash. Without a hash the work is the same, so that the time does not tell whether there is
 * such an account.
 */
export async function checkPassword(password: string, passwordHash: string | null): Promise<boolean> {
  // Longer ones cannot have been set; hashing them would only cost time.
  const text = password.slice(0, MAX_LENGTH * 2).normalize("NFKC");
  dummy ??= hash("nobody's password", ARGON2);
  const matches = await verify(passwordHash ?? (await dummy), text);
  return matches && passwordHash !== null && [...password].length <= MAX_LENGTH;
}

/** No characters that are taken for others: 0 O 1 l I. */
const READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A first password to be read out and typed once: 16 characters in four groups, 92 bits. */
export function newFirstPassword(): string {
  const letters = Array.from({ length: 16 }, () => READABLE.charAt(randomInt(READABLE.length)));
  return [0, 4, 8, 12].map((start) => letters.slice(start, start + 4).join("")).join("-");
}

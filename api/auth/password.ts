import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { userError } from "../../data/model/errors.ts";
import {
  brokenPasswordRules,
  PASSWORD_MAX,
  PASSWORD_MIN,
  type PasswordRule,
} from "../../data/policy/password-rules.ts";

/**
 * argon2id with 19 MiB, two passes and one lane: the first choice of OWASP's Password Storage Cheat Sheet. argon2id is the
 * library's default algorithm.
 */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const FAULTS: Readonly<Record<PasswordRule, string>> = {
  length: `密码须有 ${PASSWORD_MIN} 到 ${PASSWORD_MAX} 个字符 a password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`,
  login: "密码不能包含登录名 a password does not contain the login name",
  common: "密码过于常见 this password is one of those that are tried first",
  pattern: "密码只是重复或连续的字符 this password is only a repetition or a row of characters",
};

/**
 * Checks a new password by the rules that the client shows while it is typed.
 *
 * @throws USER with what is wrong, at `next`
 */
export function requireGoodPassword(password: string, login: string): void {
  const [broken] = brokenPasswordRules(password, login);
  if (broken !== undefined)
    throw userError(FAULTS[broken], {
      at: "next",
      hint: "A sentence or four unrelated words are easy to remember and hard to guess; spaces and Chinese are fine.",
    });
}

/** A password's hash in PHC form, salted. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFKC"), ARGON2);

let dummy: Promise<string> | undefined;

/**
 * Compares a password with a hash. Without a hash the work is the same, so that the time does not tell whether there is
 * such an account.
 */
export async function checkPassword(password: string, passwordHash: string | null): Promise<boolean> {
  // Longer ones cannot have been set; hashing them would only cost time.
  const text = password.slice(0, PASSWORD_MAX * 2).normalize("NFKC");
  dummy ??= hash("nobody's password", ARGON2);
  const matches = await verify(passwordHash ?? (await dummy), text);
  return matches && passwordHash !== null && [...password].length <= PASSWORD_MAX;
}

/** No characters that are taken for others: 0 O 1 l I. */
const READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A first password to be read out and typed once: 16 characters in four groups, 92 bits. */
export function newFirstPassword(): string {
  const letters = Array.from({ length: 16 }, () => READABLE.charAt(randomInt(READABLE.length)));
  return [0, 4, 8, 12].map((start) => letters.slice(start, start + 4).join("")).join("-");
}

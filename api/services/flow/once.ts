import { AppError } from "../../../data/model/errors.ts";
import type { Transaction } from "../../../db/driver.ts";
import { keepResponse, useKey as noteUse } from "../../../db/repositories/idempotency-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";

/** A request that is done once per client's key (data rule 10). */
export interface KeyedRequest {
  readonly county: string;
  /** Who asks, as the audit log calls them: another actor's key is another key. */
  readonly actor: string;
  readonly key: string;
  /** Name of the mutation and what it asks for, without the key. */
  readonly content: readonly unknown[];
}

/**
 * Does the work at the key's first use, and nothing at a repeat.
 *
 * @param done ids that the answer is made of
 * @returns those of the first use
 * @throws CONFLICT when the key was used for something else
 */
export async function once(
  tx: Transaction,
  context: RequestContext,
  { county, actor, key, content }: KeyedRequest,
  done: Readonly<Record<string, unknown>>,
  work: () => Promise<void>,
): Promise<Readonly<Record<string, unknown>>> {
  // A keyed hash: what was written in a request is short enough to be guessed from a plain one.
  const hash = Buffer.from(context.sealer.digest("request", JSON.stringify(content))).toString("base64url");
  const use = await noteUse(tx, county, actor, key, hash, nowIso(context));
  if (use.hits === 1) {
    await Promise.all([keepResponse(tx, county, actor, key, done), work()]);
    return done;
  }
  if (use.requestHash !== hash)
    throw new AppError("USER", "this key was used for something else", {
      code: "CONFLICT",
      at: "input.key",
      hint: "Make a new key for each step; the same one only repeats it.",
    });
  return use.response ?? done;
}

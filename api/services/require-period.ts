import { userError } from "../../data/model/errors.ts";

/** A half-open period of two instants, ISO 8601, either of which may be open. @throws BAD_USER_INPUT where it is empty */
export function requirePeriod(from: string | null | undefined, to: string | null | undefined): void {
  if (from && to && Date.parse(from) >= Date.parse(to))
    throw userError(`from ${from} is not before to ${to}`, { at: "to", hint: "`from` is included, `to` is not." });
}

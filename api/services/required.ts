import { bugError } from "../../data/model/errors.ts";

/** A value that the database must hold once the row that names it is there. */
export function required<Value>(value: Value | undefined | null, what: string): Value {
  if (value === undefined || value === null) throw bugError(`the database lacks the ${what}`);
  return value;
}

import { dataError } from "../../data/model/errors.ts";

/** Refuses what is no code of a county. @param at the word or flag that gave it */
export function requireCountyCode(code: string, at: string): void {
  if (/^\d{6}$/.test(code)) return;
  throw dataError(`"${code}" is not a county code`, { at, hint: "Six digits (GB/T 2260), e.g. 140226." });
}

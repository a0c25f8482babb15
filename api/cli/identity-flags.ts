import { countyOfCode, levelOfCode } from "../../data/model/codes.ts";
import { userError } from "../../data/model/errors.ts";
import { isRole, ROLES, type Role } from "../../data/policy/roles.ts";
import { type CommandCall, textFlag, UsageError } from "./command.ts";

/** A county code, 000000 for the server. */
export function countyCode(text: string, at: string): string {
  if (levelOfCode(text) === "county") return text;
  throw userError(`"${text}" is not a county code`, { at, hint: "Six digits (GB/T 2260); 000000 for the server." });
}

/** The role of `--role`; undefined without it. */
export function roleFlag(call: CommandCall): Role | undefined {
  const text = textFlag(call, "role");
  if (text === undefined) return undefined;
  const role = text.toLowerCase().replaceAll("-", "_");
  if (isRole(role)) return role;
  throw new UsageError(`"${text}" is not a role`, `One of ${ROLES.join(", ")}.`);
}

/** County and area of `--county` and `--area`: each implies what it can of the other. @throws USER when they disagree */
export function placeFlags(call: CommandCall): {
  readonly county: string | undefined;
  readonly area: string | undefined;
} {
  const given = textFlag(call, "county");
  const county = given === undefined ? undefined : countyCode(given, "--county");
  const area = textFlag(call, "area");
  if (area === undefined) return { county, area: county };
  if (!levelOfCode(area)) throw userError(`"${area}" is not an area code`, { at: "--area" });
  if (county !== undefined && countyOfCode(area) !== county)
    throw userError(`area ${area} does not lie in county ${county}`, { at: "--area" });
  return { county: county ?? countyOfCode(area), area };
}

/** A flag that is a whole number. */
export function numberFlag(call: CommandCall, name: string): number {
  const text = textFlag(call, name);
  if (text === undefined) throw new UsageError(`--${name} is missing`);
  if (!/^\d{1,6}$/.test(text)) throw userError(`"${text}" is not a whole number`, { at: `--${name}` });
  return Number(text);
}

import { bugError } from "../../model/errors.ts";

/** A town with its communities and villages, as the generated name modules hold them. */
export interface TownNames {
  /** Nine digits. */
  readonly code: string;
  readonly name: string;
  /** Blank-separated `NNN名称`: the last three digits of the code, then the shortened name. */
  readonly places: readonly string[];
}

export interface NamedPlace {
  /** Twelve digits. */
  readonly code: string;
  readonly name: string;
}

/** The places of a town in the order of their codes. */
export function placesOf(town: TownNames): NamedPlace[] {
  return town.places
    .flatMap((line) => line.split(" "))
    .map((entry) => {
      const match = /^(\d{3})(\S+)$/.exec(entry);
      if (!match) throw bugError(`"${entry}" is not a place entry`, { at: `names of ${town.code}` });
      return { code: town.code + match[1], name: match[2] as string };
    });
}

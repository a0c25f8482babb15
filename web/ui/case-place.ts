import { shortPath } from "./short-path.ts";

interface PlacedArea {
  readonly name: string;
  readonly ancestors: readonly { readonly name: string; readonly level: string }[];
}

/** Where a case lies, for one line: from the community down, short; empty outside every area. */
export function casePlace(area: PlacedArea | null | undefined): string {
  if (!area) return "";
  const above = area.ancestors.filter(({ level }) => level !== "COUNTY" && level !== "TOWN").map(({ name }) => name);
  return shortPath([...above, area.name]).join(" › ");
}

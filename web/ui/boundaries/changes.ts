import type { BoundaryChangesQuery, BoundaryLineFragment } from "../../gql/generated.ts";

/** Days after a change, and before one, on which seats show it. */
export const DAYS_AFTER = 7;
export const DAYS_BEFORE = 7;
export const DAY_MS = 86_400_000;

/** What changes at one instant. */
export interface BoundaryChange {
  /** ISO 8601. */
  readonly at: string;
  readonly coming: boolean;
  readonly lines: readonly (Pick<BoundaryLineFragment, "kind" | "fromCode" | "toCode" | "share"> & {
    readonly fromName: string;
    readonly toName: string;
  })[];
}

/**
 * Changes of grids around a day, by date: what came as predecessors of grids of now, and what is to come as their successors.
 *
 * @param nowMs epoch ms
 */
export function changesAround(areas: BoundaryChangesQuery["areas"]["nodes"], nowMs: number): BoundaryChange[] {
  const found = new Map<string, Map<string, BoundaryChange["lines"][number]>>();
  const add = (line: BoundaryLineFragment, fromName: string, toName: string): void => {
    const ms = Date.parse(line.at);
    if (ms < nowMs - DAYS_AFTER * DAY_MS || ms > nowMs + DAYS_BEFORE * DAY_MS) return;
    const lines = found.get(line.at) ?? new Map();
    found.set(line.at, lines);
    const { kind, fromCode, toCode, share } = line;
    lines.set(`${fromCode} ${toCode}`, { kind, fromCode, toCode, share, fromName, toName });
  };
  for (const { name, predecessors, successors } of areas) {
    for (const line of predecessors.nodes) add(line, line.area?.name ?? line.fromCode, name);
    for (const line of successors.nodes) add(line, name, line.area?.name ?? line.toCode);
  }
  return [...found]
    .map(([at, lines]): BoundaryChange => ({ at, coming: Date.parse(at) > nowMs, lines: [...lines.values()] }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

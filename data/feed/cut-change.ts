import { isInside } from "../model/codes.ts";
import { uuidV7Time } from "../model/ids.ts";
import { type IncidentCut, isWholeCounty } from "../policy/incident-cut.ts";
import type { ChangeEvent, ChangeKind } from "./event.ts";

/** A change as one viewer is told of it. */
export type CutChange =
  | {
      readonly op: "UPSERT" | "REMOVE";
      readonly kind: "incident";
      /** Row id of the case. */
      readonly id: string;
      readonly ref: number;
      readonly version: number;
    }
  | { readonly op: "UPSERT"; readonly kind: "plan"; readonly id: string; readonly version: number }
  /** Something of the kind changed that is not told one by one: read it anew. */
  | { readonly op: "BULK"; readonly kind: ChangeKind };

/** What a follower of a county is told of. */
export interface ChangeScope {
  /** The viewer's cut (`incidentCut`). */
  readonly cut: IncidentCut;
  /** Code of the area that is asked for, inside the cut's. */
  readonly area: string;
  /** For kiosks: cases opened before it (epoch seconds) are cells, never single cases (`pointsFrom`). */
  readonly pointsFrom: number | undefined;
  /** Whether the viewer may read plans of boundaries. */
  readonly plans: boolean;
}

/**
 * What of an event a viewer is told: a case that came into the scope or changed in it is an UPSERT, one that left it a REMOVE,
 * whatever else of cases is not told of at all. Loads are told to everybody, without what they loaded.
 *
 * @returns undefined when the viewer is not told
 */
export function cutChange(event: ChangeEvent, { cut, area, pointsFrom, plans }: ChangeScope): CutChange | undefined {
  if (event.op === "BULK") return { op: "BULK", kind: event.kind };
  const { scopeBefore, scopeAfter, version } = event;
  if (event.kind === "plan")
    return plans && scopeAfter !== null && isInside(scopeAfter, area)
      ? { op: "UPSERT", kind: "plan", id: event.entity.id, version }
      : undefined;
  const whole = isWholeCounty(cut) && area === cut.area;
  const inScope = (code: string | null): boolean => (code === null ? whole : isInside(code, area));
  // Who keeps no desk asks for other kinds (`viewerChanges`); who does reads its log anew.
  if (event.kind === "duty") return inScope(scopeAfter) ? { op: "BULK", kind: "duty" } : undefined;
  const { entity } = event;
  if (entity.sensitive && !cut.sensitive) return undefined;
  const now = event.op === "UPSERT" && inScope(scopeAfter);
  if (!now && !inScope(scopeBefore)) return undefined;
  // A candidate may not open the case by its id: it reads its list of undecided ones anew.
  if (event.kind === "undecided") return { op: "BULK", kind: "undecided" };
  // A row's id carries the time that it was opened at (data rule 3): a kiosk learns of an old case only that a cell changed.
  if (pointsFrom !== undefined && Math.floor(uuidV7Time(entity.id) / 1000) < pointsFrom)
    return { op: "BULK", kind: "incident" };
  return { op: now ? "UPSERT" : "REMOVE", kind: "incident", id: entity.id, ref: entity.ref, version };
}

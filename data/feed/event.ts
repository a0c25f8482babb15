import type { Uuid } from "../model/ids.ts";

/** What an event is about: a single case, an entry of a duty log, a plan, or what a load touched. */
export const CHANGE_KINDS = ["incident", "undecided", "duty", "area", "building", "county", "plan"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/**
 * - `UPSERT`: the entity is new or looks different;
 * - `REMOVE`: it is gone for whoever reads the event;
 * - `BULK`: a load touched more than can be told one by one: read the kind anew.
 */
export type ChangeOp = "UPSERT" | "REMOVE" | "BULK";

/** The case that an event is about: ids only, so that a consumer reads what it may see under its own scope. */
export interface IncidentEntity {
  readonly type: "incident";
  /** Row id; its time bits are when the case was opened (data rule 3). */
  readonly id: Uuid;
  /** Stable number within the county, as columns carry it. */
  readonly ref: number;
  readonly sensitive: boolean;
}

interface ChangeHead {
  /** Row id of the event: consumers that may get one twice tell by it. */
  readonly id: string;
  readonly county: string;
  /** Place in the county's feed, 1… without gaps within an epoch. */
  readonly seq: number;
  /** `live_version` of the transaction that made it: all events of one come together. */
  readonly liveVersion: number;
  /** Version of the entity after the change. */
  readonly version: number;
  /** Code of the area that the entity lay in before and lies in now; null = in none, or not there. */
  readonly scopeBefore: string | null;
  readonly scopeAfter: string | null;
  /** Instant of the change, ISO 8601. */
  readonly at: string;
}

/**
 * A change of one case. `undecided` tells an area that may own a case near a border, and does not hold it (both
 * scopes are its code), that the case changed or was decided.
 */
export interface IncidentChange extends ChangeHead {
  readonly kind: "incident" | "undecided";
  readonly op: "UPSERT" | "REMOVE";
  readonly entity: IncidentEntity;
}

/** An entry of the duty log of an area's desk (`scopeAfter`): for whoever keeps that desk. */
export interface DutyChange extends ChangeHead {
  readonly kind: "duty";
  readonly op: "UPSERT";
  readonly entity: { readonly type: "duty_entry"; readonly id: Uuid };
}

/** A change of a plan of boundaries: what it draws, how it stands or what is said of it. */
export interface PlanFeedChange extends ChangeHead {
  readonly kind: "plan";
  readonly op: "UPSERT";
  readonly entity: { readonly type: "plan"; readonly id: string };
}

/** A load: what it wrote in numbers, and the lowest and highest id of it where there are some. */
export interface BulkChange extends ChangeHead {
  readonly kind: ChangeKind;
  readonly op: "BULK";
  readonly entity: Readonly<Record<string, unknown>>;
}

/** An event of a county's feed (docs/data-plane.md, "Write path and feed"). */
export type ChangeEvent = IncidentChange | DutyChange | PlanFeedChange | BulkChange;

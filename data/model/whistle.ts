import type { Uuid } from "./ids.ts";

/** Classes of whistles (domain.md DC6: 3 classes): everyday matters, joint matters of several departments, urgent ones. */
export const WHISTLE_CLASSES = ["routine", "joint", "urgent"] as const;
export type WhistleClass = (typeof WHISTLE_CLASSES)[number];

/** A whistle (吹哨): an area calls departments for a case. Instants are ISO 8601. */
export interface WhistleRecord {
  /** UUIDv7 whose time is `blownAt`. */
  readonly id: Uuid;
  readonly incidentId: Uuid;
  /** Area that blew it. */
  readonly areaCode: string;
  /** Key of the item of the county's process. */
  readonly item: string;
  readonly class: WhistleClass;
  readonly note: string | null;
  readonly blownAt: string;
  /** Null while it is open; then `outcome` and `rating` (1 … 5) are null too. */
  readonly endedAt: string | null;
  readonly outcome: string | null;
  readonly rating: number | null;
}

/** A department that was called by a whistle, once each. */
export interface WhistleCallRecord {
  readonly id: Uuid;
  readonly whistleId: Uuid;
  readonly organisationId: Uuid;
  readonly arriveBy: string;
  readonly arrivedAt: string | null;
}

/** What a resident thinks of the own order (评单). */
export interface RatingRecord {
  readonly incidentId: Uuid;
  /** 1 … 5 */
  readonly rating: number;
  readonly at: string;
}

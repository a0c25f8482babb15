import type { CountyProfile } from "../model/county.ts";
import type { LonLat } from "../model/geometry.ts";

/** The demo counties, in the order that they are listed. */
export const DEMO_SLUGS = ["zuoyun", "yungang", "zoucheng", "jinta", "gucheng", "decheng"] as const;
export type DemoSlug = (typeof DEMO_SLUGS)[number];

/** An urban community: its grids (and micro-grids) and compounds tile and fill it. */
export interface DemoCommunity {
  readonly code: string;
  readonly name: string;
  readonly nameSort: string;
  /** Basic grids in it, at least 1. */
  readonly grids: number;
  /** Dedicated grids (park, school, mall) beside the basic ones; they hold hardly any household. */
  readonly dedicatedGrids: number;
  /** Micro-grids over all its basic grids; 0 where the county has none. */
  readonly microGrids: number;
  readonly compounds: number;
  /** Households to place, about 300–500 a basic grid. */
  readonly households: number;
}

/** A village: a cluster of houses in the fields. */
export interface DemoVillage {
  readonly code: string;
  readonly name: string;
  readonly nameSort: string;
  /** Rural grids that tile it; 0 where the county's seed knows no rural grids. */
  readonly grids: number;
  readonly households: number;
}

export interface DemoTown {
  readonly code: string;
  readonly name: string;
  readonly nameSort: string;
  readonly kind: "street" | "town" | "township";
  readonly communities: readonly DemoCommunity[];
  readonly villages: readonly DemoVillage[];
}

/**
 * All that tells one demo county from another. Names of towns and communities are real; lines, people and incidents are
 * synthetic and marked so.
 */
export interface DemoProfile {
  readonly profile: Omit<CountyProfile, "anchorAt">;
  /** Short name for the command line. */
  readonly slug: DemoSlug;
  /** Approximate centre, WGS 84 lon/lat. */
  readonly centre: LonLat;
  /** What the geography looks like: drives the river, the street pattern and the fields. */
  readonly terrain: "loess" | "plain" | "oasis" | "mining" | "canal" | "hills";
  readonly towns: readonly DemoTown[];
  readonly staffing: {
    readonly gridLeaders: number;
    readonly fullTime: number;
    readonly partTime: number;
    readonly judges: number;
    readonly prosecutors: number;
    readonly policeOfficers: number;
    readonly legalWorkers: number;
    readonly mediators: number;
    readonly contractedLeaders: number;
    readonly communityWorkers: number;
    /** Grid workers posted at villages that have no grids (Zoucheng's 2,650). */
    readonly ruralWorkers: number;
  };
  /** Units that answer for the lowest grids. */
  readonly responsibleUnits: number;
  /** Units that take part in a community's joint building (驻区, 联建), the responsible ones among them. */
  readonly partnerUnits: number;
  /** Share of the lowest grids whose contract has run out, and of those that no unit ever took: 0 … 1. */
  readonly ownership: { readonly expired: number; readonly unowned: number };
  readonly cameras: number;
  /** Incidents reported in the year before the anchor, and how many of them are valid. */
  readonly incidents: {
    readonly reported: number;
    readonly valid: number;
    /** Exact number of valid cases of a class major, where the source publishes one (Jinta: 80, 81, 82). */
    readonly validOfMajor?: Readonly<Record<string, number>>;
  };
}

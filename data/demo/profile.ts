import type { CountyProfile } from "../model/county.ts";
import type { LonLat } from "../model/geometry.ts";

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
  /** Short name for the command line: zuoyun, yungang, … */
  readonly slug: string;
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
    /** Grid workers in villages without grids (Zoucheng's 2,650). */
    readonly ruralWorkers: number;
  };
  /** Units that answer for the lowest grids. */
  readonly responsibleUnits: number;
  readonly cameras: number;
  /** Incidents reported in the year before the anchor, and how many of them are valid. */
  readonly incidents: { readonly reported: number; readonly valid: number };
}

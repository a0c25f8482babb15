import { bugError } from "../model/errors.ts";
import { READ } from "./policy.ts";
import { areaWithin, mayRead, type Viewer } from "./viewer.ts";

/**
 * Which cases of a county a viewer gets: the policy's compiled form, by which hot columns, tiles, roll-ups and the feed are
 * cut outside SQL. Row-level security is compiled from the same table; the differential test holds both equal.
 */
export interface IncidentCut {
  /**
   * Code of the area: cases whose `scope_code` lies in it. The county's own six digits mean the whole county, cases
   * outside every area included.
   */
  readonly area: string;
  /** Whether cases of sensitive classes are in. */
  readonly sensitive: boolean;
  /** Kiosks: points of so many days, cells of a day before (`pointsFrom` in `data/columns/cells.ts`); null = no limit. */
  readonly pointDays: number | null;
}

/** The cut of a viewer in a county; undefined where the viewer gets no case at all. */
export function incidentCut(viewer: Viewer | null, county: string): IncidentCut | undefined {
  if (!viewer || !mayRead(viewer, "incident")) return undefined;
  const own = areaWithin(viewer, county);
  if (own === undefined) return undefined;
  const reach = READ.incident[viewer.role];
  const sensitive = READ.incident_sensitive[viewer.role];
  // A cut is one area with or without sensitive cases: another reach of either needs another form.
  if (reach === "handler" || (sensitive !== undefined && sensitive !== reach))
    throw bugError(`the cut of cases cannot say "${sensitive}" within "${reach}"`, { at: "data/policy/policy.ts" });
  return {
    area: reach === "county" ? county : own,
    sensitive: sensitive !== undefined,
    pointDays: viewer.pointDays,
  };
}

/** True when the cut is the whole county: cases outside every area are in. */
export const isWholeCounty = (cut: IncidentCut): boolean => cut.area.length === 6;

/** True when the cut holds every case of the county, each as it is. */
export const seesEveryCase = (cut: IncidentCut): boolean =>
  isWholeCounty(cut) && cut.sensitive && cut.pointDays === null;

/** What the cut amounts to as text, for keys of caches and ETags: equal texts mean equal rows. */
export const cutKey = ({ area, sensitive, pointDays }: IncidentCut): string =>
  `${area}${sensitive ? "+s" : ""}${pointDays === null ? "" : `+${pointDays}d`}`;

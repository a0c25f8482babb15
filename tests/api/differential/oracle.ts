import type { CameraRecord } from "../../../data/model/camera.ts";
import { codePath, isInside } from "../../../data/model/codes.ts";
import type { CountyDataset } from "../../../data/model/dataset.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { ENDED_STATES, INVALID_STATES, type IncidentRecord, isLate } from "../../../data/model/incident.ts";
import type { Resource } from "../../../data/policy/policy.ts";
import { areaWithin, mayRead, mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import { withClocks } from "../../helpers/with-clocks.ts";

const DAY_MS = 86_400_000;
/** The fixture's zone has no summer time. */
const ZONE_MS = 8 * 3_600_000;

/** Conditions on cases that the operations use. */
export interface CaseFilter {
  readonly inside: string;
  readonly from?: string;
  readonly to?: string;
  readonly classes?: readonly string[];
  readonly states?: readonly string[];
  readonly open?: boolean;
  readonly late?: boolean;
  readonly withoutSuspicious?: boolean;
  readonly bbox?: { readonly west: number; readonly south: number; readonly east: number; readonly north: number };
}

/** What each viewer may know of a dataset, by brute force: every record is held against the policy by itself. */
export class Oracle {
  readonly county: string;
  readonly nowMs: number;
  readonly #labels: ReadonlyMap<string, LonLat>;
  readonly #sensitive: ReadonlySet<string>;
  readonly #codeOf: ReadonlyMap<string, string>;

  /** The dataset as it is once loaded: due as its logs have it. */
  readonly data: CountyDataset;

  constructor(dataset: CountyDataset, now: string) {
    const data = withClocks(dataset);
    this.data = data;
    this.county = data.profile.county;
    this.nowMs = Date.parse(now);
    this.#labels = new Map(data.areas.map(({ code, label }) => [code, label]));
    this.#codeOf = new Map(data.areas.map(({ id, code }) => [id, code]));
    this.#sensitive = new Set(data.extraClasses.filter(({ sensitive }) => sensitive).map(({ code }) => code));
  }

  /** Code of an area by its id. */
  codeOf(areaId: string): string {
    const code = this.#codeOf.get(areaId);
    if (code === undefined) throw new Error(`no area ${areaId}`);
    return code;
  }

  /** What `inside: code` is answered with instead of rows; undefined when it is answered. */
  refusal(viewer: Viewer | null, resource: Resource, code: string): string | undefined {
    if (!viewer) return "UNAUTHENTICATED";
    return mayReadIn(viewer, resource, code) ? undefined : "FORBIDDEN";
  }

  isSensitive = (one: IncidentRecord): boolean => this.#sensitive.has(one.classCode);

  /** Start of the first day whose cases a kiosk gets as points, epoch ms; −∞ for others. */
  pointsFrom(viewer: Viewer): number {
    if (viewer.pointDays === null) return Number.NEGATIVE_INFINITY;
    return Math.floor((this.nowMs + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS - viewer.pointDays * DAY_MS;
  }

  seesIncident(viewer: Viewer | null, one: IncidentRecord): boolean {
    const code = one.scopeCode ?? this.county;
    const needed: Resource[] = this.isSensitive(one) ? ["incident", "incident_sensitive"] : ["incident"];
    return needed.every((resource) => mayReadIn(viewer, resource, code));
  }

  /** May the viewer be told of this single case? Kiosks only of those that they get as points. */
  seesPoint = (viewer: Viewer | null, one: IncidentRecord): boolean =>
    viewer !== null && this.seesIncident(viewer, one) && Date.parse(one.openedAt) >= this.pointsFrom(viewer);

  /** Where a case is shown: sensitive ones at the label point of their area. */
  shownAt(one: IncidentRecord): LonLat {
    const label = this.#labels.get(one.scopeCode ?? this.county);
    return this.isSensitive(one) && label ? label : one.point;
  }

  isOpen = (one: IncidentRecord): boolean => !ENDED_STATES.includes(one.state);
  isLate = (one: IncidentRecord): boolean => isLate(one, this.nowMs);
  isOverdue = (one: IncidentRecord): boolean =>
    this.isOpen(one) && !INVALID_STATES.includes(one.state) && this.isLate(one);

  /** Cases that a filter holds, of those that the viewer may be told of one by one. */
  incidents(viewer: Viewer, filter: CaseFilter): IncidentRecord[] {
    const { bbox } = filter;
    return this.data.incidents.filter((one) => {
      if (!this.seesPoint(viewer, one)) return false;
      if (filter.inside.length > 6 && !isInside(one.scopeCode ?? "", filter.inside)) return false;
      if (filter.from && Date.parse(one.openedAt) < Date.parse(filter.from)) return false;
      if (filter.to && Date.parse(one.openedAt) >= Date.parse(filter.to)) return false;
      if (filter.classes && !filter.classes.some((code) => one.classCode.startsWith(code))) return false;
      if (filter.states && !filter.states.includes(one.state.toUpperCase())) return false;
      if (filter.open !== undefined && this.isOpen(one) !== filter.open) return false;
      if (filter.late !== undefined && this.isLate(one) !== filter.late) return false;
      if (filter.withoutSuspicious && one.suspicious) return false;
      const [lon, lat] = this.shownAt(one);
      return !bbox || (lon >= bbox.west && lon <= bbox.east && lat >= bbox.south && lat <= bbox.north);
    });
  }

  seesCamera(viewer: Viewer | null, one: CameraRecord): boolean {
    const code = one.scopeCode ?? this.county;
    const needed: Resource[] = one.network === "tianwang" ? ["camera", "camera_device"] : ["camera"];
    return needed.every((resource) => mayReadIn(viewer, resource, code));
  }

  /** Contracts and posts: those of the viewer's area, of what lies in it, and of what it lies in. */
  seesDutyOf(viewer: Viewer | null, code: string): boolean {
    const own = viewer && mayRead(viewer, "duty") ? areaWithin(viewer, this.county) : undefined;
    return own !== undefined && (isInside(code, own) || isInside(own, code));
  }

  /** Codes of the areas that a post serves. */
  servedBy = (postId: string): string[] =>
    this.data.postAreas.filter((one) => one.postId === postId).map(({ areaId }) => this.codeOf(areaId));

  /** Deepest area that holds all areas that a post serves. */
  scopeOfPost(postId: string): string {
    const paths = this.servedBy(postId).map(codePath);
    const [first = [this.county]] = paths;
    return first.filter((code) => paths.every((path) => path.includes(code))).at(-1) ?? this.county;
  }

  seesPost = (viewer: Viewer | null, postId: string): boolean => this.seesDutyOf(viewer, this.scopeOfPost(postId));

  /** Members of staff hold one post each in this fixture. */
  postOf(staffId: string): string {
    const holder = this.data.postHolders.find((one) => one.staffId === staffId);
    if (!holder) throw new Error(`${staffId} holds no post`);
    return holder.postId;
  }

  /** Unit that answers for an area now, and the area that its contract stands on. */
  responsible(code: string): { readonly areaCode: string; readonly organisationId: string } | undefined {
    for (const areaCode of codePath(code).reverse()) {
      const contract = this.data.organisationRoles.find(
        ({ areaId, role, to }) =>
          role === "responsible" && this.codeOf(areaId) === areaCode && (to === null || Date.parse(to) > this.nowMs),
      );
      if (contract) return { areaCode, organisationId: contract.organisationId };
    }
    return undefined;
  }
}

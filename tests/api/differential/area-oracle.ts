import { codePath, isInside, levelOfCode } from "../../../data/model/codes.ts";
import { withheldHouseholds } from "../../../data/policy/small-households.ts";
import { mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import type { Oracle } from "./oracle.ts";

/** Shift of the fixture that holds its instant: all but every fourth post. */
const onShift = (postNumber: number): boolean => postNumber % 4 !== 3;

const PUBLISHED = ["county", "town", "community"];

/** What a viewer is told of one area beside the map, by brute force over the dataset. */
export class AreaOracle {
  readonly #withheld: ReadonlySet<string>;

  constructor(readonly oracle: Oracle) {
    const upper = oracle.data.areas.filter(({ level }) => PUBLISHED.includes(level));
    this.#withheld = withheldHouseholds(new Map(upper.map(({ code }) => [code, this.#buildingsIn(code).households])));
  }

  #buildingsIn(code: string): { readonly buildings: number; readonly households: number } {
    const inside = this.oracle.data.buildings.filter(({ scopeCode }) => isInside(scopeCode, code));
    return { buildings: inside.length, households: inside.reduce((sum, { households }) => sum + households, 0) };
  }

  /** State of the contract of each lowest area inside, itself not counted. */
  #ownership(code: string): { owned: number; expired: number; unowned: number } {
    const { data, nowMs } = this.oracle;
    const all = data.areas.map((area) => area.code);
    const lowest = all.filter(
      (one) =>
        ["grid", "micro"].includes(levelOfCode(one) ?? "") &&
        !all.some((other) => other !== one && isInside(other, one)),
    );
    const sums = { owned: 0, expired: 0, unowned: 0 };
    for (const grid of lowest.filter((one) => one !== code && isInside(one, code))) {
      const contracts = data.organisationRoles.filter(({ areaId }) =>
        codePath(grid).includes(this.oracle.codeOf(areaId)),
      );
      if (contracts.some(({ to }) => to === null || Date.parse(to) > nowMs)) sums.owned++;
      else if (contracts.length > 0) sums.expired++;
      else sums.unowned++;
    }
    return sums;
  }

  #cameras(code: string): { cameras: number; camerasOnline: number } {
    const inside = this.oracle.data.cameras.filter(({ scopeCode }) => isInside(scopeCode ?? this.oracle.county, code));
    return { cameras: inside.length, camerasOnline: inside.filter(({ status }) => status === "online").length };
  }

  /** Distinct holders by kind of post, over the posts of everything inside. */
  #staff(code: string): Record<string, number> {
    const { data, oracle } = { data: this.oracle.data, oracle: this.oracle };
    const counts: Record<string, number> = {};
    for (const post of data.posts)
      if (oracle.servedBy(post.id).some((served) => isInside(served, code))) {
        const kind = post.kind.toUpperCase();
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
    return counts;
  }

  /** Counts as the viewer gets them: now where the records are seen, published above grids, null otherwise. */
  counts(viewer: Viewer, code: string) {
    const published = PUBLISHED.includes(levelOfCode(code) ?? "");
    const pick = <Part extends object>(exact: boolean, part: Part): { [Name in keyof Part]: Part[Name] | null } =>
      exact || published
        ? part
        : (Object.fromEntries(Object.keys(part).map((name) => [name, null])) as { [Name in keyof Part]: null });
    const household = mayReadIn(viewer, "household", code);
    const buildings = this.#buildingsIn(code);
    const withheld = !household && this.#withheld.has(code);
    return {
      ...pick(mayReadIn(viewer, "duty", code), this.#ownership(code)),
      ...pick(household, withheld ? { ...buildings, households: null } : buildings),
      ...pick(mayReadIn(viewer, "camera_device", code), this.#cameras(code)),
      staff: mayReadIn(viewer, "duty", code) || published ? this.#staff(code) : null,
    };
  }

  /** Ids of the posts that serve an area or one above it below the county; null where the viewer may not know. */
  staffLinks(viewer: Viewer, code: string): string[] | null {
    const { oracle } = this;
    if (!mayReadIn(viewer, "duty", code)) return null;
    const path = codePath(code);
    const linked = path.length > 1 ? path.slice(1) : path;
    return oracle.data.posts
      .filter(({ id }) => oracle.seesPost(viewer, id))
      .filter(({ id }) =>
        oracle.servedBy(id).some((served) => linked.includes(served) && oracle.seesDutyOf(viewer, served)),
      )
      .map(({ id }) => id)
      .sort();
  }

  onDuty(viewer: Viewer, code: string): number | null {
    const { oracle } = this;
    if (!mayReadIn(viewer, "duty", code)) return null;
    return oracle.data.posts.filter(
      ({ id }, n) => onShift(n) && oracle.servedBy(id).some((served) => isInside(served, code)),
    ).length;
  }

  /** Area on which the contract of the unit in charge stands; null for none or where the viewer may not know. */
  responsible(viewer: Viewer, code: string): string | null {
    return mayReadIn(viewer, "duty", code) ? (this.oracle.responsible(code)?.areaCode ?? null) : null;
  }

  /** The area's cases in short; null where the viewer may not know. Kiosks are told totals, never old single cases. */
  summary(viewer: Viewer, code: string) {
    const { oracle } = this;
    if (!mayReadIn(viewer, "incident", code)) return null;
    const inside = oracle.data.incidents
      .filter((one) => oracle.seesIncident(viewer, one))
      .filter(({ scopeCode }) => code.length === 6 || isInside(scopeCode ?? "", code));
    return {
      reported: inside.length,
      open: inside.filter(oracle.isOpen).length,
      overdueOpen: inside.filter(oracle.isOverdue).length,
      late: inside.filter(oracle.isLate).length,
      suspicious: inside.filter(({ suspicious }) => suspicious).length,
    };
  }
}

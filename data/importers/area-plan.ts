import type { LocatableArea } from "../geo/locate-index.ts";
import { LocateIndex } from "../geo/locate-index.ts";
import type { AreaKind } from "../model/area.ts";
import type { AreaLevel } from "../model/codes.ts";
import { countyOfCode, levelOfCode, parentCode, withoutFill } from "../model/codes.ts";
import { dataError } from "../model/errors.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { nameSort } from "../model/name-sort.ts";
import type { AreaDraft } from "./area-features.ts";
import type { ImportLog } from "./report.ts";

/** An area that the county already has, in its current version. */
export interface ExistingArea {
  readonly id: string;
  readonly level: AreaLevel;
  readonly code: string;
  readonly name: string;
  readonly sourceRef: string | null;
  readonly geometry: MultiPolygonRings;
}

/** An area ready to be written. */
export interface PlannedArea extends Omit<AreaDraft, "ownCode" | "parentValue" | "kind"> {
  readonly code: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  /** Id of the existing area that it is; undefined for a new one. */
  readonly existingId: string | undefined;
}

/** A level that the input does not have: one area whose outline is the union of its children. */
export interface SyntheticArea {
  readonly code: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly name: string;
  readonly nameSort: string;
}

export interface AreaPlan {
  readonly areas: readonly PlannedArea[];
  /** Deepest first: each is the union of what lies under it. */
  readonly synthetic: readonly SyntheticArea[];
}

const LEVEL_ABOVE: Record<AreaLevel, AreaLevel | undefined> = {
  county: undefined,
  town: "county",
  community: "town",
  grid: "community",
  micro: "grid",
};

const DEFAULT_KIND: Record<AreaLevel, AreaKind> = {
  county: "county",
  town: "street",
  community: "community",
  grid: "basic",
  micro: "micro",
};

/**
 * Serial of a synthetic area: the last of its range (GB/T 10114 streets 001–099, residents' committees 001–199, see
 * domain.md 4.4), so that real ones numbered from 001 never meet it.
 */
const SYNTHETIC_SERIAL: Record<AreaLevel, string> = {
  county: "",
  town: "099",
  community: "199",
  grid: "999",
  micro: "-99",
};
const LAST_SERIAL: Record<AreaLevel, number> = { county: 0, town: 98, community: 198, grid: 998, micro: 98 };

/**
 * Gives every area of one level its parent and code.
 *
 * - A code in our own format within the county is kept, and says its parent.
 * - Otherwise the parent is the one named by the mapped `parent` property (its code, source code or name), else the one
 *   that holds the label point, else the one that holds most of the vertices, else the nearest (flagged).
 * - Codes are numbered under their parent from west to east, then north to south (by label point), after the highest in use.
 * - A level above that the county lacks becomes one synthetic area (flagged).
 *
 * @throws DATA error when a parent would get more children than its serial can number
 */
export function planAreas(
  drafts: readonly AreaDraft[],
  level: AreaLevel,
  county: { readonly code: string; readonly name: string },
  existing: readonly ExistingArea[],
  log: ImportLog,
): AreaPlan {
  const plan = new Planner(level, county, existing, log);
  return plan.run(drafts);
}

class Planner {
  readonly #byCode = new Map<string, ExistingArea>();
  readonly #bySource = new Map<string, ExistingArea>();
  readonly #parents: readonly ExistingArea[];
  readonly #parentIndex: LocateIndex;
  readonly #synthetic = new Map<string, SyntheticArea>();
  readonly #usedCodes: Set<string>;

  constructor(
    readonly level: AreaLevel,
    readonly county: { readonly code: string; readonly name: string },
    existing: readonly ExistingArea[],
    readonly log: ImportLog,
  ) {
    const above = LEVEL_ABOVE[level];
    this.#parents = existing.filter((area) => area.level === above);
    this.#parentIndex = new LocateIndex(this.#parents as readonly LocatableArea[]);
    this.#usedCodes = new Set(existing.map((area) => area.code));
    for (const area of existing) {
      this.#byCode.set(area.code, area);
      if (area.level === level && area.sourceRef !== null) this.#bySource.set(area.sourceRef, area);
    }
  }

  run(drafts: readonly AreaDraft[]): AreaPlan {
    const planned: PlannedArea[] = [];
    const unnumbered = new Map<string, AreaDraft[]>();
    for (const draft of drafts) {
      const match = this.#match(draft);
      if (match) planned.push(this.#planned(draft, match.code, match.id));
      else if (draft.ownCode !== undefined) {
        this.#ensure(parentCode(draft.ownCode));
        this.#usedCodes.add(draft.ownCode);
        planned.push(this.#planned(draft, draft.ownCode, undefined));
      } else if (this.level === "county") {
        planned.push(this.#planned(draft, this.county.code, undefined));
      } else {
        const parent = this.#parentOf(draft);
        const siblings = unnumbered.get(parent);
        if (siblings) siblings.push(draft);
        else unnumbered.set(parent, [draft]);
      }
    }
    for (const [parent, siblings] of unnumbered) planned.push(...this.#number(parent, siblings));
    if (this.level !== "county") this.#ensure(this.county.code);
    const synthetic = [...this.#synthetic.values()].sort((a, b) => b.code.length - a.code.length);
    return { areas: planned, synthetic };
  }

  #match(draft: AreaDraft): ExistingArea | undefined {
    if (this.level === "county") return this.#byCode.get(this.county.code);
    if (draft.ownCode !== undefined) return this.#byCode.get(draft.ownCode);
    return draft.sourceRef === undefined ? undefined : this.#bySource.get(draft.sourceRef);
  }

  #planned(draft: AreaDraft, code: string, existingId: string | undefined): PlannedArea {
    const { ownCode: _own, parentValue: _parent, ...rest } = draft;
    return { ...rest, code, level: this.level, kind: draft.kind ?? DEFAULT_KIND[this.level], existingId };
  }

  #parentOf(draft: AreaDraft): string {
    const only = this.#parents[0];
    if (!only) return this.#syntheticParent();
    const named = draft.parentValue === undefined ? undefined : this.#parentNamed(draft.parentValue);
    if (named) return named.code;
    if (draft.parentValue !== undefined) {
      this.log.flag(
        "parent_not_found",
        `parent "${draft.parentValue}" of ${draft.at} is no known area; placed by its position`,
      );
    }
    const hit = this.#parentIndex.locate(...draft.label);
    if (hit.owner >= 0) return this.#parentIndex.codes[hit.owner] as string;
    const votes = this.#votes(draft.geometry);
    if (votes) return votes;
    const nearest = this.#nearest(draft.label);
    this.log.flag("parent_by_nearest", `${draft.at} lies in no parent area; given to the nearest, ${nearest}`);
    return nearest;
  }

  #parentNamed(value: string): ExistingArea | undefined {
    const same = (text: string | null): boolean =>
      text !== null && (text === value || stripZeros(text) === stripZeros(value));
    return (
      this.#parents.find((area) => area.code === withoutFill(value)) ??
      this.#parents.find((area) => area.sourceRef === value || area.name === value) ??
      this.#parents.find((area) => same(area.sourceRef))
    );
  }

  #votes(geometry: MultiPolygonRings): string | undefined {
    const votes = new Map<number, number>();
    for (const [exterior] of geometry) {
      for (const [lon, lat] of exterior ?? []) {
        const { owner } = this.#parentIndex.locate(lon, lat);
        if (owner >= 0) votes.set(owner, (votes.get(owner) ?? 0) + 1);
      }
    }
    let best: number | undefined;
    for (const [owner, count] of votes) {
      const leader = best === undefined ? 0 : (votes.get(best) ?? 0);
      if (count > leader || (count === leader && best !== undefined && owner < best)) best = owner;
    }
    return best === undefined ? undefined : this.#parentIndex.codes[best];
  }

  /** By distance to vertices on a local plane: only a rough order is needed. */
  #nearest([lon, lat]: LonLat): string {
    const scale = Math.cos((lat * Math.PI) / 180);
    let best = "";
    let distance = Number.POSITIVE_INFINITY;
    for (const area of this.#parents) {
      for (const [exterior] of area.geometry) {
        for (const [x, y] of exterior ?? []) {
          const d = ((x - lon) * scale) ** 2 + (y - lat) ** 2;
          if (d < distance) {
            distance = d;
            best = area.code;
          }
        }
      }
    }
    return best;
  }

  #syntheticParent(): string {
    let code = this.county.code;
    for (const level of ["town", "community", "grid"] as const) {
      if (level === this.level) break;
      code += SYNTHETIC_SERIAL[level];
    }
    this.#ensure(code);
    return code;
  }

  /** Makes sure that an area and all above it exist, as synthetic ones where they do not. */
  #ensure(code: string | undefined): void {
    if (code === undefined || this.#byCode.has(code) || this.#synthetic.has(code)) return;
    const level = levelOfCode(code);
    if (!level || countyOfCode(code) !== this.county.code) return;
    // A synthetic level covers the whole county, so it bears the county's name.
    const { name } = this.county;
    this.#synthetic.set(code, { code, level, kind: DEFAULT_KIND[level], name, nameSort: nameSort(name) });
    this.#usedCodes.add(code);
    this.log.flag(
      "synthetic_level",
      `levels that the data lacks are one area each, outlined by what lies in them: ${level} ${code} and those above`,
    );
    this.#ensure(parentCode(code));
  }

  #number(parent: string, siblings: readonly AreaDraft[]): PlannedArea[] {
    const sorted = [...siblings].sort(
      (a, b) => a.label[0] - b.label[0] || b.label[1] - a.label[1] || a.number - b.number,
    );
    const micro = this.level === "micro";
    const digits = micro ? 2 : 3;
    let serial = 0;
    for (const code of this.#usedCodes) {
      if (parentCode(code) !== parent || levelOfCode(code) !== this.level) continue;
      const used = Number(code.slice(-digits));
      if (Number.isInteger(used) && used <= LAST_SERIAL[this.level]) serial = Math.max(serial, used);
    }
    return sorted.map((draft) => {
      serial++;
      if (serial > LAST_SERIAL[this.level]) {
        throw dataError(`${parent} would get more than ${LAST_SERIAL[this.level]} areas of level ${this.level}`, {
          at: draft.at,
          hint: "Import the level above first, so that they spread over several parents.",
        });
      }
      const code = `${parent}${micro ? "-" : ""}${String(serial).padStart(digits, "0")}`;
      this.#usedCodes.add(code);
      return this.#planned(draft, code, undefined);
    });
  }
}

const stripZeros = (text: string): string => text.replace(/^0+(?=.)/, "");

import { planUnits } from "../../data/blocks/plan-units.ts";
import { type GridApart, gridsApart } from "../../data/blocks/walk-check.ts";
import { MeteredPoints } from "../../data/coverage/plan-graph/metered-points.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { AreaRecord } from "../../data/model/area.ts";
import type { CountyGeography } from "../../data/model/dataset.ts";
import { type LonLat, toLattice } from "../../data/model/geometry.ts";
import type { ProposalFigures } from "../../data/partition/proposal.ts";
import { propose } from "../../data/partition/propose.ts";
import { isDivided, requestOf } from "../../web/seats/plan/propose/request.ts";
import { baseGraph } from "../../web/seats/plan/state/changes.ts";
import type { Ground } from "../../web/seats/plan/state/ground.ts";

export interface DividedCounty {
  readonly figures: ProposalFigures;
  /** Units of ground that went to grids. */
  readonly units: number;
  readonly compounds: number;
  /** Compounds of at most a grid's households whose buildings stand in several grids. */
  readonly split: readonly string[];
  readonly apart: readonly GridApart[];
}

const [MIN, MAX] = [300, 500];

/**
 * Divides an area by the desk's own steps, along its streets, rivers and railways, and says by the places of the buildings what
 * became of its compounds.
 *
 * @param scope code of the area
 * @param anew as if its communities had no grids yet; else from the grids of today
 */
export function divideCounty(geography: CountyGeography, scope: string, anew: boolean): DividedCounty {
  const ground = groundOf(geography, scope, anew);
  const graph = baseGraph(ground);
  const wish = { min: MIN, max: MAX, objective: { kind: "households" }, barriers: false, locked: [] } as const;
  const asked = requestOf(graph, ground, isDivided, wish);
  const units = planUnits(asked);
  const { part, figures } = propose(units.graph, { ...asked, sweeps: 100, leastChange: anew ? 0 : 1 });
  const index = new LocateIndex(units.grounds.map((geometry, n) => ({ code: String(n).padStart(8, "0"), geometry })));
  const gridsOf = new Map<string, Set<number | undefined>>();
  const householdsOf = new Map<string, number>();
  for (const { at, households, compound } of asked.homes) {
    const { owner } = index.locate(at[0], at[1]);
    // A compound may lie in two communities: no grid does.
    const key = compound && `${compound} in ${units.communities[units.graph.group?.[owner] ?? -1]}`;
    if (key === undefined) continue;
    gridsOf.set(key, (gridsOf.get(key) ?? new Set()).add(part[owner]));
    householdsOf.set(key, (householdsOf.get(key) ?? 0) + households);
  }
  return {
    figures,
    units: units.graph.count,
    compounds: gridsOf.size,
    split: [...gridsOf].flatMap(([key, grids]) =>
      grids.size > 1 && (householdsOf.get(key) as number) <= MAX ? [key] : [],
    ),
    apart: gridsApart(units.walk, part),
  };
}

function groundOf({ areas, buildings, context }: CountyGeography, scope: string, anew: boolean): Ground {
  const inside = areas.filter(({ code, level }) => code.startsWith(scope) && level !== "county" && level !== "town");
  const above = new Set(
    inside.flatMap(({ code }) => [code.slice(0, 12), code.slice(0, 15)].filter((up) => up !== code)),
  );
  const isCell = ({ code, level }: AreaRecord): boolean => (anew ? level === "community" : !above.has(code));
  const none = new Int32Array();
  return {
    county: scope.slice(0, 6),
    scope,
    cells: inside.filter(isCell).map(({ id, code, kind, name, geometry }) => ({ id, code, kind, name, geometry })),
    buildings: { x: none, y: none, count: none },
    points: new MeteredPoints([]),
    householdsKnown: true,
    reference: context.flatMap(({ kind, rank, name, geometry }) =>
      (geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : geometry.coordinates).map((line) => ({
        ...{ kind, rank, name },
        line: line.map(([lon, lat]: LonLat) => [toLattice(lon), toLattice(lat)] as const),
      })),
    ),
    blocks: [],
    retired: [],
    homes: buildings
      .filter(({ scopeCode }) => scopeCode.startsWith(scope))
      .map(({ label, households, compoundId }) => ({ at: label, households, compound: compoundId ?? undefined })),
  };
}

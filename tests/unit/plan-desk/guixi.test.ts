import { existsSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { planUnits } from "../../../data/blocks/plan-units.ts";
import { gridsApart } from "../../../data/blocks/walk-check.ts";
import { MeteredPoints } from "../../../data/coverage/plan-graph/metered-points.ts";
import { labelPoint } from "../../../data/geo/label-point.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../../../data/model/geometry.ts";
import { paretoStops } from "../../../data/partition/pareto-stops.ts";
import { refereePlan } from "../../../data/planning/referee.ts";
import { isDivided, requestOf } from "../../../web/seats/plan/propose/request.ts";
import { takeProposal } from "../../../web/seats/plan/propose/take-proposal.ts";
import { baseGraph, ChangeKeeper } from "../../../web/seats/plan/state/changes.ts";
import type { Ground } from "../../../web/seats/plan/state/ground.ts";
import { spreadHouseholds } from "../../../web/seats/plan/state/spread-households.ts";

const ROADS = "../shared/data/osm-cn-guixi/guixi_roads.geojson";
const COMMUNITY = "360681001001";
/** Households of the whole; the map knows none. */
const TOTAL = 12_000;

interface Road {
  readonly properties: { readonly name: string | null; readonly highway: string };
  readonly geometry: { readonly type: string; readonly coordinates: readonly LonLat[] };
}

/** The map's box, with a corner every 160 m: lines end at corners that the outline has. */
function outline(): MultiPolygonRings {
  const [west, south, east, north] = [117.19116, 28.28171, 117.25519, 28.32252];
  const side = Array.from({ length: 40 }, (_, n) => n / 40);
  const at = (x: number, y: number): LonLat => [
    fromLattice(toLattice(west + (east - west) * x)),
    fromLattice(toLattice(south + (north - south) * y)),
  ];
  const ring = [
    ...side.map((n) => at(n, 0)),
    ...side.map((n) => at(1, n)),
    ...side.map((n) => at(1 - n, 1)),
    ...side.map((n) => at(0, 1 - n)),
  ];
  return [[[...ring, ring[0] as LonLat]]];
}

describe("Guixi on the desk", () => {
  beforeEach(({ skip }) => skip(!existsSync(ROADS), "../shared/data is absent"));

  it("goes from streets to blocks to the first grids of a community, and every stop can be taken and handed in", () => {
    const { features } = JSON.parse(readFileSync(ROADS, "utf8")) as { readonly features: readonly Road[] };
    const cell = { id: "guixi", code: COMMUNITY, kind: "community", name: "贵溪城区", geometry: outline() } as const;
    const homes = spreadHouseholds([{ households: TOTAL, polygons: cell.geometry }]);
    const ground: Ground = {
      county: COMMUNITY.slice(0, 6),
      scope: COMMUNITY,
      cells: [cell],
      buildings: { x: new Int32Array(), y: new Int32Array(), count: new Int32Array() },
      points: new MeteredPoints([]),
      householdsKnown: true,
      reference: features.map(({ properties: { name, highway }, geometry: { coordinates } }) => ({
        ...{ kind: "road", rank: highway === "primary" ? "arterial" : "local", name },
        line: coordinates.map(([lon, lat]) => [toLattice(lon), toLattice(lat)] as const),
      })),
      blocks: [],
      retired: [],
      homes: homes.map(({ place, households = 0 }) => ({
        at: typeof place[0] === "number" ? (place as LonLat) : labelPoint(place as MultiPolygonRings),
        households,
      })),
    };
    const graph = baseGraph(ground);
    const wish = { min: 300, max: 500, objective: { kind: "households" }, barriers: false, locked: [] } as const;
    const asked = requestOf(graph, ground, isDivided, wish);
    const units = planUnits(asked);
    expect(units.graph.count).toBeGreaterThan(80);
    const stops = paretoStops(units.graph, { ...asked, sweeps: 50 });
    for (const { part, parts, unmet } of stops) {
      expect(unmet).toEqual([]);
      expect(gridsApart(units.walk, part)).toEqual([]);
      expect(parts.length).toBeGreaterThanOrEqual(TOTAL / 500);
      const taken = takeProposal({ graph, base: graph, retired: [], nameOf: () => undefined }, units, part);
      if (!taken.ok) throw new Error(taken.refusal.kind);
      const changes = new ChangeKeeper(graph).of(taken.graph);
      const issues = refereePlan({
        ...{ base: [{ ...cell, versionId: "1" }], changes, buildings: [] },
        scope: { code: COMMUNITY, geometry: cell.geometry },
        ...{ retired: new Map(), parents: new Set([COMMUNITY]) },
      });
      expect(issues.filter(({ severity }) => severity === "error")).toEqual([]);
    }
  });
});

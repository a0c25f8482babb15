import type { DemoProfile } from "../../data/demo/profile.ts";
import { allocate } from "../../data/demo/profiles/allocate.ts";
import type { AreaKind, AreaRecord, BuildingRecord, CompoundRecord, ContextRecord } from "../../data/model/area.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { CountyGeography } from "../../data/model/dataset.ts";
import { fromLattice, type LonLat, toLattice } from "../../data/model/geometry.ts";
import { type Uuid, uuidV7 } from "../../data/model/ids.ts";
import { nameSort } from "../../data/model/name-sort.ts";

/** west, south, east, north in lattice units. */
type Box = readonly [number, number, number, number];

/**
 * The plainest geography that a profile allows: boxes in boxes, ten buildings a leaf, a road through each place. It
 * lets the population be tested without the real geography.
 *
 *     county ─ towns side by side ─ places stacked ─ grids side by side ─ micro-grids stacked
 */
export function chessboardGeography(profile: DemoProfile): CountyGeography {
  const areas: AreaRecord[] = [];
  const compounds: CompoundRecord[] = [];
  const buildings: BuildingRecord[] = [];
  const context: ContextRecord[] = [];
  let serial = 0;
  const newId = (): Uuid => uuidV7(1_600_000_000_000, 0, 0, ++serial);
  const point = (x: number, y: number): LonLat => [fromLattice(Math.round(x)), fromLattice(Math.round(y))];
  const middle = ([west, south, east, north]: Box): LonLat => point((west + east) / 2, (south + north) / 2);
  const rings = ([west, south, east, north]: Box) => [
    [[point(west, south), point(east, south), point(east, north), point(west, north), point(west, south)]],
  ];
  const split = (box: Box, count: number, axis: 0 | 1): Box[] =>
    Array.from({ length: count }, (_, i) => {
      const at = (k: number) => Math.round(box[axis] + ((box[axis + 2] as number) - box[axis]) * (k / count));
      return axis === 0 ? [at(i), box[1], at(i + 1), box[3]] : [box[0], at(i), box[2], at(i + 1)];
    });
  const add = (
    level: AreaLevel,
    kind: AreaKind,
    code: string,
    name: string,
    box: Box,
    households: number,
    urban: boolean,
  ) => {
    areas.push({
      id: newId(),
      code,
      level,
      kind,
      name,
      nameSort: nameSort(name),
      urban,
      households,
      geometry: rings(box),
      label: middle(box),
    });
  };
  const build = (code: string, box: Box, households: number): void => {
    const spots = split(box, 10, 0);
    allocate(
      households,
      spots.map(() => 1),
    ).forEach((count, i) => {
      const spot = spots[i] as Box;
      buildings.push({
        id: newId(),
        compoundId: null,
        scopeCode: code,
        floors: 6,
        households: count,
        geometry: rings(spot),
        label: middle(spot),
      });
    });
  };

  const [lon, lat] = [toLattice(profile.centre[0]), toLattice(profile.centre[1])];
  const county: Box = [lon - 2_000_000, lat - 1_500_000, lon + 2_000_000, lat + 1_500_000];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const townHouseholds = profile.towns.map((town) =>
    sum([...town.communities, ...town.villages].map((place) => place.households)),
  );
  const code = profile.profile.county;
  add("county", "county", code, profile.profile.name, county, sum(townHouseholds), false);
  split(county, profile.towns.length, 0).forEach((townBox, t) => {
    const town = profile.towns[t] as DemoProfile["towns"][number];
    add("town", town.kind, town.code, town.name, townBox, townHouseholds[t] as number, town.kind === "street");
    const places = [
      ...town.communities.map((place) => ({ ...place, kind: "community" as const })),
      ...town.villages.map((place) => ({
        ...place,
        kind: "village" as const,
        dedicatedGrids: 0,
        microGrids: 0,
        compounds: 0,
      })),
    ];
    split(townBox, places.length, 1).forEach((placeBox, p) => {
      const place = places[p] as (typeof places)[number];
      const urban = place.kind === "community";
      add("community", place.kind, place.code, place.name, placeBox, place.households, urban);
      const roadY = (placeBox[1] + placeBox[3]) / 2;
      context.push({
        id: newId(),
        kind: "road",
        rank: "collector",
        name: null,
        geometry: { type: "MultiLineString", coordinates: [[point(placeBox[0], roadY), point(placeBox[2], roadY)]] },
      });
      for (let i = 0; i < place.compounds; i++)
        compounds.push({
          id: newId(),
          communityCode: place.code,
          kind: "residential",
          name: `${place.name}${i + 1}号院`,
          nameSort: nameSort(`${place.name}${i + 1}号院`),
          households: 0,
          geometry: rings(placeBox),
        });
      const grids = place.grids + place.dedicatedGrids;
      if (grids === 0) build(place.code, placeBox, place.households);
      const gridHouseholds = place.grids > 0 ? allocate(place.households, new Array(place.grids).fill(1)) : [];
      const micro = place.microGrids > 0 ? allocate(place.microGrids, new Array(place.grids).fill(1)) : [];
      for (const [g, gridBox] of grids > 0 ? split(placeBox, grids, 0).entries() : []) {
        const dedicated = g >= place.grids;
        const gridCode = `${place.code}${String(g + 1).padStart(3, "0")}`;
        const households = dedicated ? 0 : (gridHouseholds[g] as number);
        add("grid", dedicated ? "dedicated" : "basic", gridCode, `第${g + 1}网格`, gridBox, households, urban);
        const parts = dedicated ? 0 : (micro[g] ?? 0);
        if (parts === 0) build(gridCode, gridBox, households);
        const shares = parts > 0 ? allocate(households, new Array(parts).fill(1)) : [];
        for (const [m, microBox] of parts > 0 ? split(gridBox, parts, 1).entries() : []) {
          const microCode = `${gridCode}-${String(m + 1).padStart(2, "0")}`;
          add("micro", "micro", microCode, `第${g + 1}-${m + 1}微网格`, microBox, shares[m] as number, urban);
          build(microCode, microBox, shares[m] as number);
        }
      }
    });
  });
  return { areas, compounds, gridCompounds: [], buildings, context };
}

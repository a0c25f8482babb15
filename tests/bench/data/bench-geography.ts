import type { AreaKind, AreaRecord } from "../../../data/model/area.ts";
import type { AreaLevel } from "../../../data/model/codes.ts";
import { fromLattice, type LonLat, type MultiPolygonRings } from "../../../data/model/geometry.ts";
import { type Uuid, uuidV7 } from "../../../data/model/ids.ts";

/** The county of the benchmarks; no real county has this code. */
export const BENCH_COUNTY = "990200";

const TOWNS_ACROSS = 9;
const TOWNS_DOWN = 3;
/** A town is 24 × 180 steps: its communities and their grids then end on whole steps, 9 or 10 and 3 or 4 of them. */
const TOWN_WIDTH = 24;
const TOWN_HEIGHT = 180;
/** Length of a step in lattice units: about 160 m east to west and 65 m south to north. */
const STEP_X = 18_800;
const STEP_Y = 5_800;
const WEST = 1_125_000_000;
const SOUTH = 398_000_000;
/** Of 246 communities, 72 have four grids and the others three: 810. */
const COMMUNITIES_WITH_FOUR = 72;

/** Lattice position of a node: its place on the chessboard, moved by up to a quarter of a step as its number says. */
function node(x: number, y: number): LonLat {
  let hash = Math.imul(x * 7919 + y + 1, 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  const moved = (step: number, bits: number): number => Math.round(((bits & 0x3ff) / 1023 - 0.5) * 0.5 * step);
  return [
    fromLattice(WEST + x * STEP_X + moved(STEP_X, hash)),
    fromLattice(SOUTH + y * STEP_Y + moved(STEP_Y, hash >>> 10)),
  ];
}

/** West, south, east, north in steps. */
export type StepBox = readonly [number, number, number, number];

/** The ring around a box, through every node on it, so that neighbours share each edge. */
function ringsOf([west, south, east, north]: StepBox): MultiPolygonRings {
  const ring: LonLat[] = [];
  for (let x = west; x < east; x++) ring.push(node(x, south));
  for (let y = south; y < north; y++) ring.push(node(east, y));
  for (let x = east; x > west; x--) ring.push(node(x, north));
  for (let y = north; y > south; y--) ring.push(node(west, y));
  ring.push(ring[0] as LonLat);
  return [[ring]];
}

const middle = ([west, south, east, north]: StepBox): LonLat => [
  fromLattice(WEST + Math.round(((west + east) / 2) * STEP_X)),
  fromLattice(SOUTH + Math.round(((south + north) / 2) * STEP_Y)),
];

const three = (n: number): string => String(n).padStart(3, "0");

/** A grid of the county and the box that it nearly fills. */
export interface BenchGrid {
  readonly area: AreaRecord;
  readonly community: string;
  /** West, south, east, north in lattice units. */
  readonly box: StepBox;
}

/** Places of the county: 27 towns, 246 communities, 810 grids of about 50 vertices that share their crooked borders. */
export function benchGeography(): { readonly areas: readonly AreaRecord[]; readonly grids: readonly BenchGrid[] } {
  const areas: AreaRecord[] = [];
  const grids: BenchGrid[] = [];
  const add = (level: AreaLevel, kind: AreaKind, code: string, box: StepBox): AreaRecord => {
    const steps = (box[2] - box[0]) * (box[3] - box[1]);
    const id: Uuid = uuidV7(Date.UTC(2024, 0, 1), 1, 2, areas.length);
    const area: AreaRecord = {
      id,
      code,
      level,
      kind,
      name: `区域${code}`,
      nameSort: `quyu ${code}`,
      urban: true,
      households: steps * 3,
      geometry: ringsOf(box),
      label: middle(box),
    };
    areas.push(area);
    return area;
  };
  add("county", "county", BENCH_COUNTY, [0, 0, TOWNS_ACROSS * TOWN_WIDTH, TOWNS_DOWN * TOWN_HEIGHT]);
  let communities = 0;
  for (let town = 0; town < TOWNS_ACROSS * TOWNS_DOWN; town++) {
    const west = (town % TOWNS_ACROSS) * TOWN_WIDTH;
    const south = Math.floor(town / TOWNS_ACROSS) * TOWN_HEIGHT;
    const townCode = BENCH_COUNTY + three(town + 1);
    add("town", "street", townCode, [west, south, west + TOWN_WIDTH, south + TOWN_HEIGHT]);
    const inTown = town < 3 ? 10 : 9;
    const height = TOWN_HEIGHT / inTown;
    for (let c = 0; c < inTown; c++) {
      const low = south + c * height;
      const community = townCode + three(c + 1);
      add("community", "community", community, [west, low, west + TOWN_WIDTH, low + height]);
      const inCommunity = communities++ < COMMUNITIES_WITH_FOUR ? 4 : 3;
      const width = TOWN_WIDTH / inCommunity;
      for (let g = 0; g < inCommunity; g++) {
        const box: StepBox = [west + g * width, low, west + (g + 1) * width, low + height];
        const area = add("grid", "basic", community + three(g + 1), box);
        grids.push({
          area,
          community,
          box: [WEST + box[0] * STEP_X, SOUTH + box[1] * STEP_Y, WEST + box[2] * STEP_X, SOUTH + box[3] * STEP_Y],
        });
      }
    }
  }
  return { areas, grids };
}

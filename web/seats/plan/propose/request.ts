import { type BorderLine, WEIGHTS } from "../../../../data/blocks/border-lines.ts";
import { riverBank } from "../../../../data/blocks/river-bank.ts";
import { cellPolygons } from "../../../../data/coverage/plan-graph/cell-polygons.ts";
import { fromLatticePolygons, toLonLat } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanCell, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { bboxOf } from "../../../../data/geo/measure.ts";
import { levelOfCode } from "../../../../data/model/codes.ts";
import { type Bbox, fromLattice, type LonLat } from "../../../../data/model/geometry.ts";
import type { ObjectiveChoice } from "../../../../data/partition/objectives.ts";
import { communityOfCode, type Ground, gridOfCode, type ReferenceLine } from "../state/ground.ts";
import type { ProposeRequest } from "./protocol.ts";

/** What a planner asks for. */
export interface Wish {
  readonly min: number;
  readonly max: number;
  readonly objective: ObjectiveChoice;
  /** Rivers and railways are not crossed; else borders are only drawn to them. */
  readonly barriers: boolean;
  /** Grids that stay as they are. */
  readonly locked: readonly string[];
}

const SEED = 1;
/** A thorough look for a community, the same for a county within a few seconds. */
const SWEEPS = 400;
/** Rivers and railways where they may be crossed. */
const DEAR = 0.3;

/** Whether a cell's ground is divided. Dedicated grids (a school, a market) are what they are. */
export const isDivided = ({ kind }: PlanCell): boolean => kind !== "dedicated";

/** The request for some grids of the plan on screen. @param isWanted grids to divide, micro-grids by the code of their grid */
export function requestOf(
  graph: PlanGraph,
  ground: Ground,
  isWanted: (cell: PlanCell) => boolean,
  { barriers, locked, ...wish }: Wish,
): ProposeRequest {
  const cells = [...graph.cells.values()].flatMap((cell) => {
    const { id, code, parent } = cell;
    if (!isWanted(cell) || cell.faces.length === 0 || !isDivided(cell)) return [];
    const grid = code ? gridOfCode(code) : id;
    // A community without grids stands for itself until it is divided.
    const standing = code !== null && levelOfCode(code) === "community";
    return [
      {
        id,
        grid,
        standing,
        locked: !standing && locked.includes(grid),
        community: parent ?? (code ? communityOfCode(code) : ""),
        micro: (code?.length ?? 0) > 15,
        geometry: fromLatticePolygons(cellPolygons(graph, id)),
      },
    ];
  });
  const box = bboxOf(cells.flatMap(({ geometry }) => geometry));
  const inBox = ([lon, lat]: LonLat): boolean =>
    box !== undefined && lon >= box[0] && lat >= box[1] && lon <= box[2] && lat <= box[3];
  return {
    cells,
    lines: box ? ground.reference.flatMap((line) => lineIn(line, box, barriers)) : [],
    homes: ground.homes.filter(({ at }) => inBox(at)),
    incidents: incidentsIn(ground).filter(inBox),
    seed: SEED,
    sweeps: SWEEPS,
    ...wish,
  };
}

function lineIn(
  { kind, rank, line }: ReferenceLine,
  [west, south, east, north]: Bbox,
  barriers: boolean,
): BorderLine[] {
  const points = line.map(toLonLat);
  const near = points.some(([lon, lat]) => lon >= west && lat >= south && lon <= east && lat <= north);
  if (!near || points.length < 2) return [];
  const costly = barriers ? WEIGHTS.barrier : DEAR;
  const open = line[0]?.[0] !== line[line.length - 1]?.[0] || line[0]?.[1] !== line[line.length - 1]?.[1];
  if (kind === "road") {
    const weight = rank === "arterial" ? WEIGHTS.arterial : rank === "collector" ? WEIGHTS.collector : WEIGHTS.nothing;
    return [{ lines: [points], ground: [], weight, street: true }];
  }
  // Both banks of a river drawn as ground would leave the water alone between them: it is cut along one.
  if (kind === "water" && rank === "river" && !open) {
    const bank = riverBank(points);
    return bank ? [{ lines: [bank], ground: [], weight: costly, obstacle: true }] : [];
  }
  if (kind === "rail" || (kind === "water" && rank === "river"))
    return [{ lines: [points], ground: [], weight: costly, obstacle: true }];
  return [];
}

function incidentsIn({ points }: Ground): LonLat[] {
  const places: LonLat[] = [];
  for (let point = 0; point < points.count; point++)
    if (points.value("openIncidents", point) > 0) {
      const [x, y] = points.at(point);
      places.push([fromLattice(x), fromLattice(y)]);
    }
  return places;
}

import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { RowFilter } from "../../data/columns/select.ts";
import { userError } from "../../data/model/errors.ts";
import { cutKey, incidentCut } from "../../data/policy/incident-cut.ts";
import { CountedCells, countsTile, pointsTile, rowsHeld, rowsInTile } from "../../data/tiles/incident-tile.ts";
import { INCIDENT_LAYER } from "../../data/tiles/point-tile.ts";
import { boxOfTile, POINTS_FROM_ZOOM, type TileId } from "../../data/tiles/tile-math.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import type { IncidentListFilter, IncidentReading } from "../../db/repositories/incident-filter.ts";
import { COUNTED, countedPlaces, degreesOfBox } from "../../db/repositories/tile-repository.ts";
import { inCounty, nowIso } from "../context.ts";
import { columnFilter } from "../hot/hot-rows.ts";
import { hotCounty } from "../services/case-columns.ts";
import { kioskPointsFrom } from "../services/kiosk.ts";
import { requireInside } from "../services/require.ts";
import { INCIDENT_PARAMETERS, type IncidentTileQuery } from "./parameters.ts";
import { judgedAt, type TileLayer, type TileRequest, type VectorLayer } from "./tile-layer.ts";

const MAXZOOM = 16;
/** A tile of a lower zoom is as large as a county or larger: looking at all rows is cheaper than choosing among them. */
const ALL_ROWS_BELOW_ZOOM = 9;

const COUNTS = {
  count: "Number: cases in this cell of a 128th of the tile",
  open: "Number: those that are open",
  late: "Number: those that are late, as of the last full minute",
};
const POINT = {
  ref: "Number of the case within the county; also the feature's id",
  class: "String: five-digit code of its class",
  state: "String: state of its workflow",
  severity: "String: minor, normal, serious or critical",
  source: "String: how it came in",
  opened: "Number: when it was opened, epoch seconds",
  closed: "Number: when it was closed, epoch seconds; absent while it is open",
  due: "Number: when it is due, epoch seconds; absent without a clock",
  late: "Boolean: late as of the last full minute, or when it was closed",
  suspicious: "Boolean: on a point where too many cases pile up",
  area: "String: code of the deepest area it lies in; absent outside every area",
};
const LAYERS: readonly VectorLayer[] = [
  {
    id: INCIDENT_LAYER,
    description: "Cases: counts of cells below zoom 12, points from there on",
    minzoom: 0,
    maxzoom: MAXZOOM,
    fields: { ...COUNTS, ...POINT, late: "Number of late cases in a cell; Boolean: whether a case is late" },
  },
];

/** From when cases are in: a kiosk's tiles speak of its points only, as its lists do. ISO 8601 */
function fromOf({ context, county, query }: Pick<TileRequest<IncidentTileQuery>, "context" | "county" | "query">) {
  const points = kioskPointsFrom(context.viewer, county);
  if (points === undefined) return query.from;
  return new Date(Math.max(points * 1000, query.from ? Date.parse(query.from) : 0)).toISOString();
}

const boxInDegrees = (tile: TileId) => {
  const { west, south, east, north } = boxOfTile(tile);
  return degreesOfBox(west, south, east, north);
};

/** Conditions on the cases of a tile, without its box. */
function filterOf(request: TileRequest<IncidentTileQuery>): IncidentListFilter {
  const { county, inside = county, ...query } = request.query;
  return { ...query, inside, from: fromOf(request) };
}

/** The tile from memory, where that has all of its cases exactly; otherwise undefined. */
async function fromMemory(request: TileRequest<IncidentTileQuery>): Promise<Uint8Array | undefined> {
  const { context, county, tile, asOf, room } = request;
  const cut = incidentCut(context.viewer, county.county);
  const wanted = cut && columnFilter(filterOf(request), cut);
  if (!wanted) return undefined;
  const hot = await hotCounty(context, county);
  if (!hot || (wanted.from ?? Number.NEGATIVE_INFINITY) < hot.from) return undefined;
  const { columns } = hot;
  if (tile.z >= POINTS_FROM_ZOOM) {
    const cases = hot.tiles.of(tile);
    return pointsTile(cases, rowsHeld(cases, new RowFilter(cases, wanted, asOf)), tile, asOf, room);
  }
  const filter = new RowFilter(columns, wanted, asOf);
  if (tile.z >= ALL_ROWS_BELOW_ZOOM) {
    const { west, south, east, north } = boxOfTile(tile);
    const rows = hot.box.rows([west, south, east - 1, north - 1], filter);
    return countsTile(columns, (look) => rows.forEach(look), tile, asOf);
  }
  const visit = (look: (row: number) => void): void => {
    for (let row = filter.start; row < filter.end; row++) if (filter.holds(row)) look(row);
    for (let row = filter.tailStart; row < filter.tailEnd; row++) if (filter.holdsAnywhere(row)) look(row);
  };
  return countsTile(columns, visit, tile, asOf);
}

/** The tile as the database itself cuts it for the viewer. */
function fromDatabase(request: TileRequest<IncidentTileQuery>): Promise<Uint8Array> {
  const { context, county, tile, asOf } = request;
  const reading: IncidentReading = {
    county: county.county,
    asOf: new Date(asOf * 1000).toISOString(),
    now: nowIso(context),
  };
  const filter = { ...filterOf(request), bbox: boxInDegrees(tile) };
  return inCounty(context, county.county, async (tx) => {
    if (tile.z >= POINTS_FROM_ZOOM) {
      const columns = incidentColumns(await incidentColumnTable(tx, reading, filter));
      const every = (look: (row: number) => void): void => {
        for (let row = 0; row < columns.rows; row++) look(row);
      };
      return pointsTile(columns, rowsInTile(columns, every, tile), tile, asOf);
    }
    const { rows, lon, lat, counted } = await countedPlaces(tx, reading, filter);
    const cells = new CountedCells(tile);
    for (let row = 0; row < rows; row++) {
      const bits = counted[row] as number;
      cells.add(lon[row] as number, lat[row] as number, (bits & COUNTED.open) !== 0, (bits & COUNTED.late) !== 0);
    }
    return cells.encode();
  });
}

/** Cases, as far as the viewer may be told of them one by one. */
export const INCIDENTS: TileLayer<IncidentTileQuery> = {
  name: "incidents",
  description: "Cases of the county",
  resource: "incident",
  minzoom: 0,
  maxzoom: MAXZOOM,
  parameters: INCIDENT_PARAMETERS,
  vectorLayers: () => LAYERS,
  live: true,
  period: (county) => String(judgedAt(county)),
  permission: (viewer, county) => {
    const cut = incidentCut(viewer, county.county);
    return cut ? `${cutKey(cut)}|${kioskPointsFrom(viewer, county) ?? ""}` : "none";
  },
  async check(context, county, query) {
    if (query.from && query.to && query.from >= query.to)
      throw userError(`from ${query.from} is not before to ${query.to}`, {
        at: "to",
        hint: "`from` is included, `to` is not.",
      });
    if (query.inside === undefined) return;
    const inside = await requireInside(context, query.inside, nowIso(context), "incident", "inside");
    if (inside.county !== county.county)
      throw userError(`${query.inside} does not lie in county ${county.county}`, { at: "inside" });
  },
  encode: async (request) => (await fromMemory(request)) ?? fromDatabase(request),
};

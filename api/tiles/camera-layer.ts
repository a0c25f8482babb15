import type { ColumnTable } from "../../data/columns/format.ts";
import { CAMERA_NETWORKS, CAMERA_STATUSES } from "../../data/model/camera.ts";
import { areaWithin, mayRead, type Viewer } from "../../data/policy/viewer.ts";
import { cellLayer, newCounts, TileCells } from "../../data/tiles/cell-tile.ts";
import { encodeTile, type TileValue } from "../../data/tiles/mvt-writer.ts";
import { pointLayer, type TilePoint } from "../../data/tiles/point-tile.ts";
import { boxOfTile, holds, POINTS_FROM_ZOOM } from "../../data/tiles/tile-math.ts";
import { cameraColumnTable } from "../../db/repositories/columns-repository.ts";
import { inCounty } from "../context.ts";
import { COUNTY_PARAMETERS } from "./parameters.ts";
import { type CountyQuery, keptSource, type TileLayer, type TileRequest } from "./tile-layer.ts";

const NAME = "cameras";
const MAXZOOM = 16;
/** `azimuth` of the columns for a camera that looks all round. */
const ALL_ROUND = 65_535;

const readsDevices = (viewer: Viewer | null): boolean => mayRead(viewer, "camera_device");

/** Cameras that the viewer may see, as columns. */
const camerasOf = (request: TileRequest<unknown>): Promise<ColumnTable> =>
  keptSource(request, NAME, async () => {
    const { context, county } = request;
    const value = await inCounty(context, county.county, (tx) =>
      cameraColumnTable(tx, county.county, county.asOf, readsDevices(context.viewer)),
    );
    return { value, size: 1024 + value.rows * 256 };
  });

/** Attributes of a camera: of its device only for whoever may read them. */
function attributes({ columns, dictionaries }: ColumnTable, row: number, devices: boolean): Record<string, TileValue> {
  const number = (name: string): number => columns[name]?.[row] ?? 0;
  const found: Record<string, TileValue> = {
    id: dictionaries["ids"]?.[row] ?? "",
    name: dictionaries["names"]?.[row] ?? "",
    network: CAMERA_NETWORKS[number("network")] ?? "",
  };
  const area = dictionaries["grids"]?.[number("grid")];
  if (area !== undefined) found["area"] = area;
  if (!devices) return found;
  found["status"] = CAMERA_STATUSES[number("status")] ?? "unknown";
  if (number("azimuth") !== ALL_ROUND) found["azimuth"] = number("azimuth") / 10;
  found["angle"] = number("angle");
  if (number("range") > 0) found["range"] = number("range");
  return found;
}

/** Cameras, as far as the viewer may see them; facts of the device for whoever may read them. */
export const CAMERAS: TileLayer<CountyQuery> = {
  name: NAME,
  description: "Cameras inside the area of one's grant",
  resource: "camera",
  minzoom: 0,
  maxzoom: MAXZOOM,
  parameters: COUNTY_PARAMETERS,
  vectorLayers: () => [
    {
      id: NAME,
      description: "Cameras: counts of cells below zoom 12, points from there on",
      minzoom: 0,
      maxzoom: MAXZOOM,
      fields: {
        count: "Number: cameras in this cell of a 128th of the tile",
        id: "String: global id",
        name: "String: name",
        network: "String: xueliang, tianwang, huiyan or unit",
        area: "String: code of the deepest area it stands in; absent outside every area",
        status: "String: online, offline, faulty or unknown; for roles that may read it",
        azimuth: "Number: where it looks, degrees clockwise from north; absent for all round",
        angle: "Number: width of its view, degrees",
        range: "Number: how far it sees, metres",
      },
    },
  ],
  live: false,
  period: () => "",
  permission: (viewer, { county }) =>
    viewer ? `${areaWithin(viewer, county) ?? "none"}|${readsDevices(viewer) ? "devices" : ""}` : "none",
  async encode(request) {
    const { tile, context } = request;
    const table = await camerasOf(request);
    const { lon, lat } = table.columns;
    const box = boxOfTile(tile);
    const rows: number[] = [];
    for (let row = 0; row < table.rows; row++)
      if (holds(box, lon?.[row] as number, lat?.[row] as number)) rows.push(row);
    if (tile.z < POINTS_FROM_ZOOM) {
      const cells = new TileCells(tile);
      const count = newCounts();
      for (const row of rows) {
        const cell = cells.cellOf(lon?.[row] as number, lat?.[row] as number);
        count[cell] = (count[cell] as number) + 1;
      }
      return encodeTile([cellLayer(NAME, { count })]);
    }
    const points = rows.map(
      (row): TilePoint => ({
        lon: lon?.[row] as number,
        lat: lat?.[row] as number,
        properties: attributes(table, row, readsDevices(context.viewer)),
      }),
    );
    return encodeTile([pointLayer(NAME, points, tile)]);
  },
};

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import { toLattice } from "../../data/model/geometry.ts";
import { type TileId, tileAt } from "../../data/tiles/tile-math.ts";
import type { ImportBatch } from "../../db/repositories/import-repository.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { openEmbeddedTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { readTile } from "../helpers/read-tile.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const GUIXI = fileURLToPath(new URL("../../../shared/data/osm-cn-guixi/", import.meta.url));
const COUNTY = "360681";

// One database is enough here: the writers are held on both by import-kinds.test.ts.
const block = existsSync(GUIXI) ? describe : describe.skip;

/** A county seat as OpenStreetMap has it, from its files to what a planner snaps borders to. */
block(`Guixi${existsSync(GUIXI) ? "" : " (../shared/data/osm-cn-guixi is not there)"}`, () => {
  let opened: TestDatabase;
  let runner: CommandRunner;
  let api: TestApi;
  const load = (kind: string, file: string, ...flags: string[]) =>
    runner.report(kind, `${GUIXI}${file}`, "--county", COUNTY, ...flags);
  const undo = async (kind: string): Promise<void> => {
    const listed: ImportBatch[] = JSON.parse((await runner.run("import", "list", "--county", COUNTY, "--json")).out);
    const batch = listed.find((one) => one.kind === kind && one.undoneAt === null)?.id ?? "";
    expect(await runner.run("import", "undo", batch, "--county", COUNTY)).toMatchObject({ code: 0 });
  };
  const reference = async (query = ""): Promise<FeatureCollection> => {
    const url = `/columns/reference?county=${COUNTY}${query}`;
    const answer = await api.app.inject({ url, headers: viewerHeaders(viewerAs("planner", COUNTY)) });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  };

  beforeAll(async () => {
    opened = await openEmbeddedTestDatabase();
    const { database } = opened;
    runner = await commandRunner(database);
    await runner.run("county", "add", COUNTY, "--name", "贵溪市", "--timezone", "Asia/Shanghai");
    api = await testApiOver(database, { datasets: [], classes: [], now: "2026-01-15T00:00:00Z" });
  });
  afterAll(async () => {
    await api.close();
    await opened.dispose();
  });

  test("roads and street blocks come in once, ranked by their class, and are found by box", async () => {
    expect(await load("roads", "guixi_roads.geojson")).toMatchObject({ kind: "roads", read: 170, loaded: 170 });
    expect(await load("blocks", "guixi_blocks_derived.geojson")).toMatchObject({ read: 145, loaded: 145, skipped: [] });
    expect(await load("roads", "guixi_roads.geojson")).toMatchObject({ loaded: 0, updated: 0, unchanged: 170 });
    const roads = (await reference("&kinds=road")).features;
    expect(roads).toHaveLength(170);
    const road = roads.find(({ properties }) => properties?.["sourceRef"] === "313248139");
    expect(road?.properties).toMatchObject({
      kind: "road",
      rank: "collector",
      class: "secondary",
      name: "冶金大道",
      source: "guixi_roads.geojson",
    });
    // The extract's README: 115.5 km of drivable ways.
    const metres = roads.reduce((sum, { properties }) => sum + Number(properties?.["lengthM"]), 0);
    expect(metres / 1000).toBeCloseTo(115.5, 0);
    const [west, south, east, north] = [117.22, 28.28, 117.225, 28.285];
    const touches = ({ geometry }: (typeof roads)[number]): boolean => {
      const points = (geometry as unknown as { coordinates: number[][][] }).coordinates.flat();
      const range = (axis: number): [number, number] => [
        Math.min(...points.map((point) => Number(point[axis]))),
        Math.max(...points.map((point) => Number(point[axis]))),
      ];
      const [x, y] = [range(0), range(1)];
      return x[0] <= east && x[1] >= west && y[0] <= north && y[1] >= south;
    };
    const inBox = (await reference(`&kinds=road&bbox=${[west, south, east, north].join(",")}`)).features;
    expect(inBox.length).toBeGreaterThan(3);
    expect(inBox.map(({ properties }) => properties?.["id"])).toEqual(
      roads.filter(touches).map(({ properties }) => properties?.["id"]),
    );
    expect((await reference("&kinds=block")).features).toHaveLength(145);
    // Drawn as tiles: one layer per kind, every feature that the answer above has for the box of the tile.
    const tile = tileAt(toLattice(117.222), toLattice(28.282), 14) as TileId;
    const drawnTile = async (kinds: string) => {
      const answer = await api.app.inject({
        url: `/tiles/reference/14/${tile.x}/${tile.y}.mvt?county=${COUNTY}&kinds=${kinds}`,
        headers: viewerHeaders(viewerAs("planner", COUNTY)),
      });
      return readTile(answer.rawPayload);
    };
    const layers = await drawnTile("road,block");
    expect(layers.map(({ name }) => name)).toEqual(["roads", "blocks"]);
    const namesOf = (
      list: readonly { readonly properties: Readonly<Record<string, unknown>> | null }[],
    ): Set<unknown> => new Set(list.map(({ properties }) => properties?.["name"]).filter((name) => name != null));
    const inTile = (place: number[]): boolean => {
      const { x, y } = tileAt(toLattice(Number(place[0])), toLattice(Number(place[1])), 14) as TileId;
      return x === tile.x && y === tile.y;
    };
    const corners = ({ geometry }: (typeof roads)[number]): number[][] =>
      (geometry as unknown as { coordinates: number[][][] }).coordinates.flat();
    const sure = namesOf(roads.filter((road) => corners(road).some(inTile)));
    expect(sure.size).toBeGreaterThan(5);
    expect(namesOf(layers[0]?.features ?? [])).toEqual(sure);
    expect((await drawnTile("block")).map(({ name }) => name)).toEqual(["blocks"]);
    // The drawn layer stays what the map draws.
    const drawn = await api.app.inject({
      url: `/columns/context?county=${COUNTY}`,
      headers: viewerHeaders(viewerAs("planner", COUNTY)),
    });
    expect((drawn.json() as FeatureCollection).features).toHaveLength(170);
  });

  test("street blocks serve as grids; buildings and places stand in them, or are said to stand in none", async () => {
    const grids = await load("grids", "guixi_blocks_derived.geojson");
    expect(grids).toMatchObject({ read: 145, loaded: 145, skipped: [] });
    // The blocks are only the middle of the city: an outline of them says nothing about where the rest must lie.
    const buildings = await load("buildings", "guixi_buildings.geojson");
    const outside = buildings.skipped.find(({ reason }) => reason === "outside_areas")?.count ?? 0;
    expect(buildings).toMatchObject({ read: 165, loaded: 165 - outside });
    expect(outside).toBeLessThan(20);
    expect(buildings.flags.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["households_missing", "floors_missing"]),
    );
    const places = await load("stations", "guixi_places.geojson");
    const away = places.skipped.find(({ reason }) => reason === "outside_areas")?.count ?? 0;
    expect(places).toMatchObject({ read: 20, loaded: 20 - away });
    const [kept] = await runner.rows<{ buildings: number; stations: number; scopes: number; unknown: number }>(
      COUNTY,
      `SELECT (SELECT count(*) FROM building WHERE county = $1) AS buildings, (SELECT count(*) FROM station WHERE county = $1) AS stations,
              (SELECT count(*) FROM building b JOIN area_version v ON v.county = $1 AND v.code = b.scope_code AND ST_Covers(v.geom, b.label)
                WHERE b.county = $1) AS scopes,
              (SELECT count(*) FROM building WHERE county = $1 AND households_basis = 'unknown' AND NOT floors_known) AS unknown`,
    );
    expect(kept).toEqual({
      buildings: 165 - outside,
      stations: 20 - away,
      scopes: 165 - outside,
      unknown: 165 - outside,
    });
    for (const kind of ["stations", "buildings", "grids"]) await undo(kind);
    expect(
      await runner.rows(
        COUNTY,
        "SELECT (SELECT count(*) FROM area WHERE county = $1) + (SELECT count(*) FROM building WHERE county = $1) AS n",
      ),
    ).toEqual([{ n: 0 }]);
  });

  test("an undone layer is gone, and comes back as it was", async () => {
    const before = await reference("&kinds=block");
    await undo("blocks");
    expect((await reference("&kinds=block")).features).toEqual([]);
    await load("blocks", "guixi_blocks_derived.geojson");
    expect(await reference("&kinds=block")).toEqual(before);
  });

  test.each([
    ["&kinds=path", /kinds is not a list of road/],
    ["&bbox=1,2,3", /bbox is not west,south,east,north/],
    ["&bbox=120,30,110,40", /bbox/],
  ])("%s is refused", async (query, message) => {
    const url = `/columns/reference?county=${COUNTY}${query}`;
    const answer = await api.app.inject({ url, headers: viewerHeaders(viewerAs("planner", COUNTY)) });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringMatching(message)]);
  });
});

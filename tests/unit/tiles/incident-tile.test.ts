import { beforeAll, describe, expect, it } from "vitest";
import { NULL_TIME } from "../../../data/columns/format.ts";
import { FLAG, HOLE, isLateRow, NO_GRID, STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import type { IncidentStore } from "../../../data/columns/store.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { countsTile, pointsTile, type RowVisitor, rowsInTile } from "../../../data/tiles/incident-tile.ts";
import { boxOfTile, holds, POINTS_FROM_ZOOM, type TileId, tileAt } from "../../../data/tiles/tile-math.ts";
import { emptyStore, randomCase } from "../../helpers/random-cases.ts";
import { featuresOf } from "../../helpers/read-tile.ts";

const AS_OF = 1_720_000_000;
const CASES = 20_000;
const MIDDLE = [1_128_000_000, 401_000_000] as const;

/** Cases one by one, some of them taken away again: a store with holes and a tail. */
function storeOf(seed: string, order: (refs: number[]) => number[] = (refs) => refs): IncidentStore {
  const random = new Prng(seed);
  const cases = Array.from({ length: CASES }, (_, i) => randomCase(random, i + 1));
  const store = emptyStore(CASES);
  for (const ref of order(cases.map(({ ref: one }) => one))) store.upsert(cases[ref - 1] as (typeof cases)[number]);
  store.settle();
  for (let ref = 7; ref < CASES; ref += 40) store.remove(ref);
  for (let ref = 7; ref < CASES; ref += 80) store.upsert(cases[ref - 1] as (typeof cases)[number]);
  return store;
}

const everyRow =
  (store: IncidentStore): RowVisitor =>
  (look) => {
    for (let row = store.first; row < store.rows; row++) if (store.state[row] !== HOLE) look(row);
  };

const tileBytes = (store: IncidentStore, tile: TileId): Uint8Array =>
  tile.z < POINTS_FROM_ZOOM
    ? countsTile(store, everyRow(store), tile, AS_OF)
    : pointsTile(store, rowsInTile(store, everyRow(store), tile), tile, AS_OF);
const around = (z: number): TileId => tileAt(...MIDDLE, z) as TileId;
const childrenOf = ({ z, x, y }: TileId): TileId[] =>
  [0, 1, 2, 3].map((n) => ({ z: z + 1, x: 2 * x + (n % 2), y: 2 * y + (n >> 1) }));

describe("tiles of cases", () => {
  let store: IncidentStore;
  beforeAll(() => {
    store = storeOf("tiles of cases");
  });

  it("hold every case of the tile once, with all that columns tell of it", () => {
    const tile = around(12);
    const box = boxOfTile(tile);
    const rows: number[] = [];
    everyRow(store)((row) => {
      if (holds(box, store.lon[row] as number, store.lat[row] as number)) rows.push(row);
    });
    expect(rows.length).toBeGreaterThan(1000);
    const truth = rows
      .sort((a, b) => (store.ref[a] as number) - (store.ref[b] as number))
      .map((row) => {
        const [closed, due, grid] = [store.closed[row], store.due[row], store.grid[row] as number];
        return {
          id: store.ref[row],
          properties: {
            ref: store.ref[row],
            class: store.classes[store.classIndex[row] as number],
            state: INCIDENT_STATES[store.state[row] as number],
            severity: INCIDENT_SEVERITIES[store.severity[row] as number],
            source: INCIDENT_SOURCES[store.source[row] as number],
            opened: store.opened[row],
            ...(closed === NULL_TIME ? {} : { closed }),
            ...(due === NULL_TIME ? {} : { due }),
            late: isLateRow(store, row, AS_OF),
            suspicious: ((store.flags[row] as number) & FLAG.suspicious) !== 0,
            ...(grid === NO_GRID ? {} : { area: store.grids[grid] }),
          },
        };
      });
    const read = featuresOf(tileBytes(store, tile), "incidents");
    expect(read.map(({ id, properties }) => ({ id, properties }))).toEqual(truth);
  });

  it("split a tile among its four children: no case is in two of them, none is lost", () => {
    for (const z of [12, 13]) {
      const ids = (tile: TileId) => featuresOf(tileBytes(store, tile), "incidents").map(({ id }) => id ?? -1);
      const children = childrenOf(around(z)).flatMap(ids);
      expect(children.toSorted((a, b) => a - b)).toEqual(ids(around(z)));
    }
  });

  it.each([0, 6, 9, 11])("count in cells what lies there, at zoom %i", (z) => {
    const tile = around(z);
    const features = featuresOf(tileBytes(store, tile), "incidents");
    const truth = new Map<string, { count: number; open: number; late: number }>();
    everyRow(store)((row) => {
      // A cell of a tile is a tile seven zooms closer.
      const cell = tileAt(store.lon[row] as number, store.lat[row] as number, z + 7);
      if (!cell || cell.x >> 7 !== tile.x || cell.y >> 7 !== tile.y) return;
      const key = `${(cell.x & 127) * 32 + 16},${(cell.y & 127) * 32 + 16}`;
      const sums = truth.get(key) ?? { count: 0, open: 0, late: 0 };
      sums.count++;
      if (!STATE_ENDED[store.state[row] as number]) sums.open++;
      if (isLateRow(store, row, AS_OF)) sums.late++;
      truth.set(key, sums);
    });
    expect(new Map(features.map(({ parts, properties }) => [String(parts[0]?.[0]), properties]))).toEqual(truth);
    if (z === 0)
      expect(features.reduce((sum, { properties }) => sum + Number(properties["count"]), 0)).toBe(store.count);
  });

  it("are the same bytes whatever order the rows are in", () => {
    const other = storeOf("tiles of cases", (refs) => new Prng("another order").shuffle(refs));
    for (const z of [0, 9, 11, 12, 14, 15])
      expect(Buffer.compare(tileBytes(other, around(z)), tileBytes(store, around(z))), `zoom ${z}`).toBe(0);
  });

  it("are empty where nothing lies", () => {
    expect(tileBytes(store, { z: 12, x: 0, y: 0 })).toHaveLength(0);
    expect(tileBytes(store, { z: 5, x: 0, y: 0 })).toHaveLength(0);
  });
});

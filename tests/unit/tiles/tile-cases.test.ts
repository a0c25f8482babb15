import { beforeEach, describe, expect, it } from "vitest";
import { LoadedCounty } from "../../../api/hot/loaded-county.ts";
import { BoxIndex } from "../../../data/columns/box-index.ts";
import { HOLE } from "../../../data/columns/incident-columns.ts";
import { type ColumnFilter, RowFilter, selectRows } from "../../../data/columns/select.ts";
import type { IncidentRow } from "../../../data/columns/store.ts";
import { ROW_BYTES } from "../../../data/columns/store-arrays.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { pointsTile, rowsHeld, rowsInTile } from "../../../data/tiles/incident-tile.ts";
import { TileCases } from "../../../data/tiles/tile-cases.ts";
import { boxOfTile, holds, type TileId, tileAt } from "../../../data/tiles/tile-math.ts";
import { applyChanges } from "../../helpers/memory-cases.ts";
import { casesOf, columnsOfCases, emptyStore, randomCase } from "../../helpers/random-cases.ts";

const AS_OF = 1_720_000_000;
const CASES = 6000;
const ZOOMS = [12, 13, 14, 16];

const tileOf = ({ lon, lat }: Pick<IncidentRow, "lon" | "lat">, z: number): TileId => tileAt(lon, lat, z) as TileId;

function loaded(seed: string): { county: LoadedCounty; random: Prng } {
  const random = new Prng(seed);
  const store = emptyStore();
  store.appendSlab(columnsOfCases(Array.from({ length: CASES }, (_, i) => randomCase(random, i + 1))));
  return { county: new LoadedCounty(store, "1", 1, 0, Number.NEGATIVE_INFINITY), random };
}

/** The tile as it was always made: from the rows themselves, wherever they lie. */
function tileOfRows({ columns }: LoadedCounty, tile: TileId, filter: ColumnFilter): Uint8Array {
  const rows = selectRows(columns, filter, AS_OF);
  return pointsTile(
    columns,
    rowsInTile(columns, (look) => rows.forEach(look), tile),
    tile,
    AS_OF,
  );
}

function tileOfCases({ tiles }: LoadedCounty, tile: TileId, filter: ColumnFilter): Uint8Array {
  const cases = tiles.of(tile);
  return pointsTile(cases, rowsHeld(cases, new RowFilter(cases, filter, AS_OF)), tile, AS_OF);
}

const FILTERS: readonly ColumnFilter[] = [
  {},
  { from: 1_705_000_000, to: 1_715_000_000 },
  { withoutSuspicious: true, withoutSensitive: true },
  { classes: ["05"], states: [1, 2, 3] },
  { inside: "990100001", late: true },
];

describe("cases kept by tile", () => {
  let county: LoadedCounty;
  let random: Prng;
  beforeEach(() => {
    ({ county, random } = loaded("cases by tile"));
  });

  const anyCase = (): IncidentRow => random.pick([...casesOf(county.columns).values()]);
  it("make the bytes that the rows themselves make, for every filter and after every change", () => {
    const tiles = ZOOMS.flatMap((z) => Array.from({ length: 6 }, () => tileOf(anyCase(), z)));
    let patched = 0;
    for (let round = 0; round < 12; round++) {
      for (const tile of tiles)
        for (const filter of FILTERS)
          expect(
            Buffer.compare(tileOfCases(county, tile, filter), tileOfRows(county, tile, filter)),
            `round ${round}, ${JSON.stringify([tile, filter])}`,
          ).toBe(0);
      const [edited, moved, again] = [anyCase(), anyCase(), anyCase()];
      const rows = [
        { ...edited, state: (edited.state + 1) % 5 },
        { ...moved, lon: moved.lon + random.int(-90_000, 90_000), lat: moved.lat + random.int(-90_000, 90_000) },
        { ...again, opened: again.opened + 1000 },
        // As many new ones as sort the tail in, now and then: rows get other numbers.
        ...Array.from({ length: round % 4 === 3 ? 1500 : 3 }, (_, i) => randomCase(random, CASES + round * 2000 + i)),
      ];
      const gone = [anyCase().ref].filter((ref) => rows.every((row) => row.ref !== ref));
      expect(applyChanges(county, rows, gone)).toBe(true);
      // Fewer are forgotten than are kept and put right: fetching all anew would hide that.
      if (round % 4 !== 3) patched += county.tiles.tiles;
      for (let n = 0; n < 20; n++) expect(county.tiles.isExact(n / 20)).toBe(true);
    }
    expect(patched).toBeGreaterThan(9 * 10);
  });

  it("are put right where a case lay and where it lies now, and nowhere else", () => {
    const [here, there] = [anyCase(), anyCase()];
    const others = Array.from({ length: 40 }, anyCase)
      .map((one) => tileOf(one, 16))
      .filter((tile) => {
        const box = boxOfTile(tile);
        return !holds(box, here.lon, here.lat) && !holds(box, there.lon, there.lat);
      });
    const before = others.map((tile) => county.tiles.of(tile));
    const [left, entered] = [county.tiles.of(tileOf(here, 16)), county.tiles.of(tileOf(there, 16))];
    applyChanges(county, [{ ...here, lon: there.lon, lat: there.lat }]);
    expect(others.map((tile) => county.tiles.of(tile))).toEqual(before);
    others.forEach((tile, i) => {
      expect(county.tiles.of(tile), "the same object").toBe(before[i]);
    });
    expect(county.tiles.of(tileOf(here, 16)).rows).toBe(left.rows - 1);
    expect(county.tiles.of(tileOf(there, 16)).rows).toBe(entered.rows + 1);
    expect([...left.ref], "what was handed out stays as it was").toContain(here.ref);
  });

  it("tell of copies that are not what the columns hold", () => {
    const one = anyCase();
    county.tiles.of(tileOf(one, 14));
    expect(county.tiles.isExact(0)).toBe(true);
    // Nobody says that these changed.
    county.columns.closed[county.columns.rowOf(one.ref)] = 7;
    expect(county.tiles.isExact(0)).toBe(false);
    county.columns.state[county.columns.rowOf(one.ref)] = HOLE;
    expect(county.tiles.isExact(0)).toBe(false);
  });

  it("take no more memory than they may: the longest unused go", () => {
    const budget = 120 * ROW_BYTES;
    const kept = new TileCases(county.columns, new BoxIndex(county.columns), budget);
    const far = tileOf(anyCase(), 12);
    expect(kept.of(far).rows * ROW_BYTES).toBeGreaterThan(budget / 4);
    expect(kept.tiles, "too large to keep").toBe(0);
    const used = tileOf(anyCase(), 16);
    const cases = kept.of(used);
    for (let n = 0; n < 200; n++) {
      kept.of(tileOf(anyCase(), 16));
      expect(kept.of(used)).toBe(cases);
      expect(kept.bytes).toBeLessThanOrEqual(budget);
    }
    for (let x = 0; x < 200; x++) kept.of({ z: 16, x, y: 0 });
    expect(kept.tiles, "empty tiles take room too").toBeLessThan(40);
    expect(kept.of(used)).not.toBe(cases);
    kept.clear();
    expect([kept.tiles, kept.bytes]).toEqual([0, 0]);
  });

  it("count among the county's bytes, and are given back first", () => {
    const bare = county.bytes;
    county.tiles.of(tileOf(anyCase(), 12));
    expect(county.spareBytes).toBeGreaterThan(0);
    expect(county.bytes).toBe(bare + county.spareBytes);
    county.forgetSpare();
    expect(county.bytes).toBe(bare);
  });
});

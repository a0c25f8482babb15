import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMercator } from "../../data/columns/cluster.ts";
import { ChangedRows } from "../../web/layers/incidents/dots/changed-rows.ts";
import { dotsView } from "../../web/layers/incidents/dots/dots-view.ts";
import { runsOf } from "../../web/layers/incidents/dots/runs.ts";
import { applyChange } from "../../web/plane/cases.ts";
import type { ColumnsChange } from "../../web/plane/protocol.ts";
import { syntheticColumns } from "../helpers/synthetic-columns.ts";

describe("rows that the GPU has to be sent", () => {
  it("are all at first, then exactly those that were noted", () => {
    const changed = new ChangedRows();
    changed.note([[5, 6]]);
    expect(changed.take()).toBe("all");
    expect(changed.take()).toEqual([]);
    changed.note([[900_000, 900_001]]);
    changed.note([
      [4, 6],
      [5, 9],
    ]);
    expect(changed.take()).toEqual([
      [4, 9],
      [900_000, 900_001],
    ]);
    changed.note(undefined);
    changed.note([[1, 2]]);
    expect(changed.take()).toBe("all");
  });

  it("hold every noted row, whatever their number and order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 400 }), (rows) => {
        const changed = new ChangedRows();
        changed.take();
        for (const row of rows) changed.note([[row, row + 1]]);
        const taken = changed.take();
        if (taken === "all") return;
        for (const row of rows) expect(taken.some(([from, to]) => row >= from && row < to)).toBe(true);
        for (let i = 1; i < taken.length; i++) expect(taken[i]?.[0]).toBeGreaterThan(taken[i - 1]?.[1] as number);
      }),
    );
  });
});

describe("rows that are drawn for a window", () => {
  it("leave out no case of it, with room in front and an unsorted tail", () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.nat({ max: 4 }),
        times,
        times,
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        (first, a, b, from, to) => {
          const opened = Int32Array.from([...Array(first).fill(-1), ...a.sort((x, y) => x - y), ...b, 7, 7]);
          const rows = first + a.length + b.length;
          const runs = runsOf({ rows, first, sorted: first + a.length, opened }, from, to);
          for (let row = first; row < rows; row++) {
            const inWindow = (opened[row] as number) >= from && (opened[row] as number) < to;
            const drawn = runs.some((run) => row >= run[0] && row < run[1]);
            if (inWindow) expect(drawn).toBe(true);
            if (row < first + a.length) expect(drawn).toBe(inWindow);
          }
          for (const run of runs) expect(run[1]).toBeLessThanOrEqual(rows);
        },
      ),
    );
  });
});

describe("the camera of the dots", () => {
  it("puts points where Mercator puts them, in double precision around the middle of the screen", () => {
    // An orthographic camera at zoom 18 over Datong: common space to clip space.
    const [longitude, latitude] = [113.3001, 40.0799];
    const common = ([lon, lat]: number[]): number[] => {
      const [x, y] = toMercator(lon as number, lat as number);
      return [x * 512, (1 - y) * 512];
    };
    const k = (2 ** 18 * 2) / 1000;
    const [cx, cy] = common([longitude, latitude]) as [number, number];
    const viewProjectionMatrix = [k, 0, 0, 0, 0, k, 0, 0, 0, 0, 1, 0, -cx * k, -cy * k, 0, 1];
    const view = dotsView({ longitude, latitude, viewProjectionMatrix, projectPosition: common });
    const at: [number, number] = [113.3009, 40.0803];
    const east = (at[0] * 1e7 - view.origin[0]) / 1e7;
    const north = (0.5 - toMercator(...at)[1] - (0.5 - toMercator(longitude, latitude)[1])) * 2 * Math.PI;
    const clip = [0, 1].map(
      (i) =>
        (view.clipOrigin[i] as number) + (view.clipEast[i] as number) * east + (view.clipNorth[i] as number) * north,
    );
    const [x, y] = common(at) as [number, number];
    // A thousandth of a pixel on a screen of 1000.
    expect(clip[0]).toBeCloseTo((x - cx) * k, 5);
    expect(clip[1]).toBeCloseTo((y - cy) * k, 5);
    expect(Math.abs(view.clipOrigin[0] as number)).toBeLessThan(1e-3);
  });
});

describe("changes of the columns", () => {
  it("name every row that holds something else afterwards, so that the GPU has what the page has", () => {
    const times = { minLength: 1, maxLength: 12 };
    const one = fc.record({ ref: fc.integer({ min: 1, max: 30 }), opened: fc.integer({ min: 0, max: 40 }) });
    const step = fc.record({ upserts: fc.array(one, times), removes: fc.array(fc.integer({ min: 1, max: 30 })) });
    fc.assert(
      fc.property(
        fc.array(one, times),
        fc.array(one, times),
        fc.array(step, { maxLength: 8 }),
        (slab, older, steps) => {
          const options = { county: "140226", version: "v", asOf: 50, classes: ["06010"], grids: [], expect: 40 };
          let store = applyChange(undefined, { kind: "store", options });
          const numbered = (cases: readonly { ref: number; opened: number }[]) => {
            const sorted = [...new Map(cases.map((c) => [c.ref, c])).values()].sort((a, b) => a.opened - b.opened);
            return { ...syntheticColumns(sorted, [], 50), ref: Uint32Array.from(sorted, ({ ref }) => ref) };
          };
          let mirror: { arrays: Uint32Array | undefined; ref: Uint32Array; opened: Int32Array } = {
            arrays: undefined,
            ref: new Uint32Array(0),
            opened: new Int32Array(0),
          };
          const changes: ColumnsChange[] = [
            { kind: "slab", slab: numbered(slab.map((c) => ({ ...c, opened: c.opened + 50 }))) },
            { kind: "slab", slab: numbered(older.map((c) => ({ ...c, ref: c.ref + 100 }))) },
            ...steps.map(({ upserts, removes }) => ({ kind: "patch" as const, upserts: numbered(upserts), removes })),
          ];
          for (const change of changes) {
            const ranges: [number, number][] = [];
            store = applyChange(store, change, (from, to) => ranges.push([from, to]));
            if (!store) throw new Error("an unknown code");
            const { ref, opened, rows } = store;
            if (mirror.arrays !== ref) mirror = { arrays: ref, ref: ref.slice(), opened: opened.slice() };
            else
              for (const [from, to] of ranges) {
                mirror.ref.set(ref.subarray(from, to), from);
                mirror.opened.set(opened.subarray(from, to), from);
              }
            expect(mirror.ref.subarray(0, rows)).toEqual(ref.subarray(0, rows));
            expect(mirror.opened.subarray(store.first, rows)).toEqual(opened.subarray(store.first, rows));
          }
        },
      ),
    );
  });
});

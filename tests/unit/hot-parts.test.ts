import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CountySlot } from "../../api/hot/county-slot.ts";
import { LoadedCounty } from "../../api/hot/loaded-county.ts";
import { MemoryBudget } from "../../api/hot/memory-budget.ts";
import { slabsOfHours } from "../../api/services/case-slabs.ts";
import { latticeBox } from "../../data/columns/lattice-box.ts";
import { SLAB_ROWS } from "../../data/columns/slab-plan.ts";
import { IncidentStore } from "../../data/columns/store.ts";
import { fromLattice } from "../../data/model/geometry.ts";
import { int4RowReader } from "../../db/copy-binary.ts";
import { withLiterals } from "../../db/sql-text.ts";

describe("COPY in binary format", () => {
  it("is read the same however the stream is cut", () => {
    const cell = fc.integer({ min: -2147483648, max: 2147483647 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 20 }), fc.array(fc.nat(40)), (rows, cuts) => {
        const bytes = Buffer.alloc(19 + rows.length * 26 + 2, 1);
        rows.forEach((row, r) => {
          bytes.writeInt16BE(3, 19 + r * 26);
          row.forEach((value, f) => {
            bytes.writeInt32BE(4, 19 + r * 26 + 2 + f * 8);
            bytes.writeInt32BE(value, 19 + r * 26 + 6 + f * 8);
          });
        });
        bytes.writeInt16BE(-1, bytes.length - 2);
        const found: number[][] = [];
        const read = int4RowReader(3, (field) => found.push([field(0), field(1), field(2)]));
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          read(Buffer.from(bytes.subarray(at, at + cut)));
          at = Math.min(bytes.length, at + cut);
        }
        expect(found).toEqual(rows);
      }),
    );
  });

  it("takes parameters as literals, and nothing in them ends a literal", () => {
    expect(withLiterals("SELECT $2, '$1', $1 -- $3", ["it's; DROP", 5])).toBe("SELECT '5', '$1', 'it''s; DROP' -- $3");
    expect(withLiterals("SELECT $1::text[], $2", [["a", 'b"c'], null])).toBe(`SELECT '{"a","b\\"c"}'::text[], NULL`);
    expect(() => withLiterals("SELECT $2", ["a"])).toThrow(/\$2/);
  });
});

it("a box on the lattice holds the points that lie in the box of degrees", () => {
  const degrees = fc.double({ min: -90, max: 90, noNaN: true });
  const near = fc.tuple(degrees, fc.constantFrom(-1, 0, 1));
  fc.assert(
    fc.property(near, degrees, degrees, degrees, ([west, shift], south, east, north) => {
      const [w, s, e, n] = latticeBox([west, south, east, north]);
      const lon = Math.round(west * 1e7) + shift;
      expect(lon >= w).toBe(fromLattice(lon) >= west);
      for (const unit of [e, e + 1]) expect(unit <= e).toBe(fromLattice(unit) <= east);
      for (const unit of [s, s - 1]) expect(unit >= s).toBe(fromLattice(unit) >= south);
      for (const unit of [n, n + 1]) expect(unit <= n).toBe(fromLattice(unit) <= north);
    }),
  );
});

it("slabs by hours hold every case once, and end at full hours", () => {
  const hours = Array.from({ length: 400 }, (_, i) => ({ hour: i * 7200, rows: (i * 7919) % 900 }));
  const slabs = slabsOfHours(hours);
  expect(slabs.length).toBeGreaterThan(3);
  expect(slabs.reduce((sum, { rows }) => sum + rows, 0)).toBe(hours.reduce((sum, { rows }) => sum + rows, 0));
  slabs.forEach(({ from, to, rows }, i) => {
    expect(from).toBe(slabs[i - 1]?.to);
    if (to === undefined) expect(i).toBe(slabs.length - 1);
    else expect([to % 3600, rows >= SLAB_ROWS]).toEqual([0, true]);
  });
  expect(slabsOfHours([])).toEqual([{ from: undefined, to: undefined, rows: 0 }]);
});

describe("the memory budget", () => {
  const slotWith = (code: string, rows: number, usedAt: number): CountySlot => {
    const slot = new CountySlot(code, {
      read: () => Promise.resolve(undefined),
      subscribe: () => undefined,
      onStale: () => undefined,
      onError: () => undefined,
    });
    const store = new IncidentStore({ county: code, version: "", asOf: 0, classes: [], grids: [], expect: rows });
    if (rows > 0) slot.take(new LoadedCounty(store, "1", 1, 0, Number.NEGATIVE_INFINITY));
    slot.usedAt = usedAt;
    return slot;
  };

  it("gives all, the newest that fit, or none", () => {
    const budget = new MemoryBudget(1_000_000);
    expect(budget.roomFor(20_000, slotWith("990001", 0, 0), [])).toBe(Number.POSITIVE_INFINITY);
    expect(budget.roomFor(1e6, slotWith("990001", 0, 0), [])).toBe(25_000);
    const other = slotWith("990002", 20_000, performance.now());
    expect(budget.roomFor(1e6, slotWith("990001", 0, performance.now()), [other])).toBe(0);
    expect(other.county).toBeDefined();
  });

  it("puts out the county that nobody has asked for in a while", () => {
    const idle = slotWith("990002", 20_000, performance.now() - 3_600_000);
    const asked = slotWith("990001", 0, performance.now());
    expect(new MemoryBudget(1_000_000).roomFor(20_000, asked, [idle])).toBe(Number.POSITIVE_INFINITY);
    expect(idle.county).toBeUndefined();
  });
});

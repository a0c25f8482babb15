import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoverageMember, checkCoverage } from "../../data/coverage/check-coverage.ts";
import { checkLayer } from "../../data/coverage/check-layer.ts";
import { repairCoverage } from "../../data/coverage/repair-coverage.ts";
import { areaM2 } from "../../data/geo/measure.ts";
import { isFault, repairPolygon } from "../../data/importers/polygon-rings.ts";
import { fromLattice, type LonLat, type Ring } from "../../data/model/geometry.ts";

/** About 100 m north of 40°: corners of a chessboard of blocks. */
const STEP = 10_000;
const at = (x: number, y: number, slip: readonly [number, number] = [0, 0]): LonLat => [
  fromLattice(1_127_000_000 + x * STEP + slip[0]),
  fromLattice(400_000_000 + y * STEP + slip[1]),
];
const ring = (...corners: readonly LonLat[]): Ring => [...corners, corners[0] as LonLat];
const block = (code: string, x: number, y: number, size = 1): CoverageMember => ({
  code,
  geometry: [[ring(at(x, y), at(x + size, y), at(x + size, y + size), at(x, y + size))]],
});
const kinds = (issues: readonly { readonly kind: string }[]): string[] =>
  [...new Set(issues.map(({ kind }) => kind))].sort();

describe("repair of a layer", () => {
  it("leaves a sound one as it is, to the same objects", () => {
    const members = [block("a", 0, 0), block("b", 1, 0), block("c", 0, 1, 1)];
    const repaired = repairCoverage(members);
    expect(repaired.repairs).toEqual([]);
    repaired.geometries.forEach((geometry, n) => {
      expect(geometry).toBe(members[n]?.geometry);
    });
  });

  it("closes a thin gap, keeps a wide one and says so", () => {
    const rim = (code: string, hole: Ring): CoverageMember => ({
      code,
      geometry: [[ring(at(0, 0), at(3, 0), at(3, 3), at(0, 3)), hole]],
    });
    const [thin, wide] = [
      ring(at(1, 1), at(1, 2), at(1, 2, [400, 0]), at(1, 1, [400, 0])),
      ring(at(1, 1), at(1, 2), at(2, 2), at(2, 1)),
    ];
    const closed = repairCoverage([rim("a", thin)]);
    expect(closed.repairs).toMatchObject([{ kind: "gap_closed", codes: ["a"], to: "a" }]);
    expect(closed.geometries[0]?.[0]).toHaveLength(1);
    const kept = repairCoverage([rim("a", wide)]);
    expect(kept.repairs).toMatchObject([{ kind: "gap_kept", codes: ["a"], to: null }]);
    expect(kept.geometries[0]?.[0]).toHaveLength(2);
    // A hole that is somebody's territory is no gap at all.
    expect(repairCoverage([rim("a", wide), block("b", 1, 1)]).repairs).toEqual([]);
  });

  it("gives an overlap to the area that lies in the other, else to the one with the longer border", () => {
    const inner = repairCoverage([block("around", 0, 0, 3), block("inner", 1, 1)]);
    expect(inner.repairs).toMatchObject([{ kind: "overlap_resolved", codes: ["around", "inner"], to: "inner" }]);
    expect(inner.geometries[0]?.[0]).toHaveLength(2);
    const long: CoverageMember = {
      code: "b",
      geometry: [[ring(at(2, 0, [-50, 0]), at(4, 0), at(4, 3), at(2, 3, [-50, 0]))]],
    };
    const side = repairCoverage([block("a", 0, 1, 2), long]);
    expect(side.repairs).toMatchObject([{ kind: "overlap_resolved", codes: ["a", "b"] }]);
    expect(kinds(checkCoverage(side.geometries.map((geometry, n) => ({ code: String(n), geometry }))))).toEqual([]);
  });

  it("cuts what reaches beyond the outline above, and finds what it lacks", () => {
    const parent = [[ring(at(0, 0), at(2, 0), at(2, 1), at(0, 1))]];
    const repaired = repairCoverage([block("a", 0, 0), block("b", 2, 0)], { parent });
    expect(repaired.repairs).toHaveLength(2);
    expect(repaired.repairs).toContainEqual(expect.objectContaining({ kind: "gap_kept", codes: ["a"], to: null }));
    expect(repaired.repairs).toContainEqual(expect.objectContaining({ kind: "outside_cut", codes: ["b"], to: null }));
    expect(repaired.geometries[1]).toEqual([]);
  });

  it("makes a coverage of any board whose blocks were drawn one by one with a slip of the hand", () => {
    const slips = fc.array(fc.tuple(fc.integer({ min: -150, max: 150 }), fc.integer({ min: -150, max: 150 })), {
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(slips, (slip) => {
        // Around the board lies another area: a slit that is open to the outside would be a notch in the outline, no gap.
        const rim: CoverageMember = {
          code: "rim",
          geometry: [[ring(at(-1, -1), at(5, -1), at(5, 5), at(-1, 5)), ring(at(0, 0), at(0, 4), at(4, 4), at(4, 0))]],
        };
        const blocks = Array.from({ length: 16 }, (_, n): CoverageMember => {
          const [x, y] = [n % 4, Math.floor(n / 4)];
          const corner = (dx: number, dy: number, k: number): LonLat => at(x + dx, y + dy, slip[n * 4 + k]);
          return {
            code: `c${n}`,
            geometry: [[ring(corner(0, 0, 0), corner(1, 0, 1), corner(1, 1, 2), corner(0, 1, 3))]],
          };
        });
        const members = [...blocks, rim];
        const { geometries, repairs } = repairCoverage(members);
        const after = geometries.map((geometry, n) => ({ code: `c${n}`, geometry }));
        expect(kinds(checkCoverage(after))).toEqual([]);
        expect(
          repairs.every(({ kind }) => kind === "gap_closed" || kind === "overlap_resolved" || kind === "part_given"),
        ).toBe(true);
        geometries.forEach((geometry, n) => {
          const change = areaM2(geometry) / areaM2((members[n] as CoverageMember).geometry) - 1;
          // Four sides, each by the slips of two blocks, 1.5 % of the block's width apiece: from 0.97² to 1.03² at the most.
          expect(Math.abs(change)).toBeLessThan(0.13);
        });
        expect(repairCoverage(after).repairs).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("check of a layer", () => {
  it("names parts that lie apart by what is around them", () => {
    const parts: CoverageMember = {
      code: "a",
      geometry: [...block("a", 0, 0, 2).geometry, ...block("a", 5, 1).geometry, ...block("a", 2, 3).geometry],
    };
    const around: CoverageMember = {
      code: "b",
      geometry: [[ring(at(4, 0), at(7, 0), at(7, 3), at(4, 3)), ring(at(5, 1), at(5, 2), at(6, 2), at(6, 1))]],
    };
    const inside: CoverageMember[] = [
      {
        code: "c",
        geometry: [[ring(at(8, 0), at(11, 0), at(11, 3), at(8, 3)), ring(at(9, 1), at(9, 2), at(10, 2), at(10, 1))]],
      },
      block("d", 9, 1),
    ];
    const found = checkLayer([parts, around, ...inside]);
    expect(found.map(({ kind, areaCodes, severity }) => [kind, severity, areaCodes.join()]).sort()).toEqual(
      [
        ["enclave", "warning", "a,b"],
        ["detached", "warning", "a"],
        ["enclosed", "warning", "c,d"],
      ].sort(),
    );
  });

  const data = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
  const guixi = `${data}osm-cn-guixi/guixi_blocks_derived.geojson`;
  it.skipIf(!existsSync(guixi))("finds the known gaps of Guixi's street blocks (../shared/data)", () => {
    const { features } = JSON.parse(readFileSync(guixi, "utf8")) as { features: { geometry: never }[] };
    const members = features.flatMap(({ geometry }, n) => {
      const polygon = repairPolygon(geometry);
      return isFault(polygon) ? [] : [{ code: String(n), geometry: polygon.geometry }];
    });
    expect(members).toHaveLength(145);
    const found = checkLayer(members);
    expect(found.filter(({ kind }) => kind === "gap")).toHaveLength(7);
    expect(found.filter(({ kind, of }) => kind === "sliver" && of === "gap")).toHaveLength(6);
    expect(found.filter(({ kind, of }) => kind === "overlap" || of === "overlap")).toHaveLength(0);
  });
});

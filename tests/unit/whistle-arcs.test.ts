import { describe, expect, it } from "vitest";
import { whistleArcs } from "../../web/layers/whistles/whistle-arcs.ts";
import { createSmallTown } from "../fixtures/small-town.ts";
import { smallTownWhistles } from "../fixtures/small-town-whistles.ts";

const COUNTY = [112, 39.9, 112.4, 40.1] as const;
const whistles = smallTownWhistles(createSmallTown());
const { arcs, departments } = whistleArcs(whistles, COUNTY);
const department = (name: string) => departments.find((one) => one.name === name);

describe("arcs of whistles", () => {
  it("lead from the community that blew to each department that it called, with how it arrived", () => {
    expect(arcs.map(({ arrival }) => arrival)).toEqual(["inTime", "overdue", "coming", "arrivedLate", "coming"]);
    expect(arcs[0]?.from).toEqual(whistles[0]?.area.label);
    for (const { to } of arcs) expect(departments.some(({ at }) => at[0] === to[0] && at[1] === to[1])).toBe(true);
  });

  it("end amid the areas that a department answers for, or on a ring amid the county", () => {
    const [b, d] = [
      whistles[1]?.area.label ?? [],
      whistles[0]?.calls[0]?.organisation.responsibleFor?.nodes[0]?.label ?? [],
    ];
    expect(department("县水务局")).toMatchObject({ at: d, placed: true });
    const mean = [0, 1].map((i) => ((b[i] ?? 0) + (d[i] ?? 0)) / 2);
    const both = department("县住建局")?.at ?? [];
    expect(both[0]).toBeCloseTo(mean[0] ?? 0, 12);
    expect(both[1]).toBeCloseTo(mean[1] ?? 0, 12);
    const ring = ["县城管局", "县供电公司"].map(department);
    expect(ring.map((one) => one?.placed)).toEqual([false, false]);
    for (const one of ring) {
      const [lon = 0, lat = 0] = one?.at ?? [];
      const metres = [(lon - 112.2) * Math.cos((40 * Math.PI) / 180), lat - 40];
      expect(Math.hypot(...metres)).toBeCloseTo(0.2 * 0.07, 9);
    }
    expect(ring[0]?.at).not.toEqual(ring[1]?.at);
  });

  it("show a department once, with the worst of its calls, at a place that does not depend on the order", () => {
    expect(departments.length).toBe(4);
    expect(department("县水务局")?.arrival).toBe("coming");
    const turned = whistleArcs([...whistles].reverse(), COUNTY);
    for (const { name, at, arrival } of turned.departments) expect(department(name)).toMatchObject({ at, arrival });
  });

  it("are none without whistles", () => {
    expect(whistleArcs([], COUNTY)).toEqual({ arcs: [], departments: [] });
  });
});

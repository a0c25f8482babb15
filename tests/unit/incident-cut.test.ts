import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInside } from "../../data/model/codes.ts";
import { cutKey, incidentCut, isWholeCounty } from "../../data/policy/incident-cut.ts";
import { ROLES, ROOT_COUNTY } from "../../data/policy/roles.ts";
import { mayReadIn, type Viewer } from "../../data/policy/viewer.ts";

const COUNTY = "990001";
const AREAS = [COUNTY, "990001001", "990001001001", "990001001002", "990001001001001", "990001001001001-01"];
/** Where cases lie: in areas of every depth, outside all of them, in another county. */
const PLACES = [...AREAS, "990001002", "990001002001003", "990002001"];

const viewers: fc.Arbitrary<Viewer> = fc
  .record({
    role: fc.constantFrom(...ROLES),
    grant: fc.constantFrom(
      ...AREAS.map((area) => ({ county: COUNTY, area })),
      { county: ROOT_COUNTY, area: ROOT_COUNTY },
      { county: "990002", area: "990002" },
    ),
    visitor: fc.boolean(),
    pointDays: fc.constantFrom(null, 7, 30),
  })
  .map(({ grant, ...rest }) => ({
    ...rest,
    ...grant,
    kind: rest.pointDays === null ? "account" : "kiosk",
    actor: "Account:990001:test",
    accountId: null,
    name: "test",
  }));

describe("the cut of cases", () => {
  it("lets through what the policy lets read, case by case", () => {
    fc.assert(
      fc.property(viewers, fc.constantFrom(...PLACES), fc.boolean(), (viewer, place, sensitive) => {
        const cut = incidentCut(viewer, COUNTY);
        const seen =
          cut !== undefined &&
          (place.startsWith(COUNTY) ? isInside(place, cut.area) : false) &&
          (cut.sensitive || !sensitive);
        const allowed =
          place.startsWith(COUNTY) &&
          mayReadIn(viewer, "incident", place) &&
          (!sensitive || mayReadIn(viewer, "incident_sensitive", place));
        expect(seen).toBe(allowed);
        expect(cut?.pointDays ?? null).toBe(cut ? viewer.pointDays : null);
      }),
      { numRuns: 3000 },
    );
  });

  it("is nothing for nobody, for visitors and for roles that read no case", () => {
    expect(incidentCut(null, COUNTY)).toBeUndefined();
    fc.assert(
      fc.property(viewers, (viewer) => {
        expect(incidentCut({ ...viewer, visitor: true }, COUNTY)).toBeUndefined();
        expect(incidentCut({ ...viewer, role: "auditor" }, COUNTY)).toBeUndefined();
      }),
    );
  });

  it("has one key for equal cuts and another for each that differs", () => {
    const cuts = ["990001", "990001001"].flatMap((area) =>
      [true, false].flatMap((sensitive) => [null, 7, 30].map((pointDays) => ({ area, sensitive, pointDays }))),
    );
    expect(new Set(cuts.map(cutKey)).size).toBe(cuts.length);
    expect(cuts.map(isWholeCounty)).toEqual(cuts.map(({ area }) => area === "990001"));
  });
});

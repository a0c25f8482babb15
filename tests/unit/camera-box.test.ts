import { describe, expect, it } from "vitest";
import { decodeColumns } from "../../data/columns/format.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { DEFAULT_VIEW, type LayerId } from "../../web/app/view-state.ts";
import type { AreaFeature } from "../../web/data/county-data.ts";
import { areaIndex } from "../../web/map/area-index.ts";
import type { Scene } from "../../web/map/scene.ts";
import { boxToShow } from "../../web/map/use-camera.ts";
import { caseLine } from "../../web/plane/case-line.ts";
import { createSmallTown, SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import { countyAnswers } from "../helpers/county-answers.ts";

const answers = countyAnswers(createSmallTown(), SMALL_TOWN_AS_OF);
const incidents = incidentColumns(decodeColumns(answers.incidents));
const index = areaIndex(
  answers
    .areas(["county", "town"])
    .features.map(({ properties, geometry }) => ({ ...properties, geometry }) as unknown as AreaFeature),
);
const box = (layers: readonly LayerId[], incidentRef: number | undefined) =>
  boxToShow({
    index,
    cases: { chosen: incidentRef === undefined ? undefined : caseLine(incidents, 0, incidents.asOf) },
    staff: undefined,
    view: { ...DEFAULT_VIEW, county: SMALL_TOWN, area: SMALL_TOWN, layers, incidentRef },
  } as unknown as Scene);

describe("box that the map is fitted to", () => {
  const ref = incidents.ref[0] as number;
  const whole = index.bboxes.get(SMALL_TOWN);

  it("is the area, or 700 m around the chosen case", () => {
    expect(box(["incidents"], undefined)).toEqual(whole);
    const [west, south, east, north] = box(["incidents"], ref) ?? [0, 0, 0, 0];
    expect((north - south) * 111_195).toBeCloseTo(700, 0);
    expect((east - west) * 111_195 * Math.cos((40.01 * Math.PI) / 180)).toBeCloseTo(700, -1);
  });

  it("stays the area under heat, which is one flat colour close to a case", () => {
    expect(box(["heat", "outlines"], ref)).toEqual(whole);
    expect(box(["heat", "incidents"], ref)).toEqual(whole);
    expect(box(["heat", "staff"], ref)).not.toEqual(whole);
    expect(box(["ownership"], ref)).not.toEqual(whole);
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { useSession } from "../../web/app/session.ts";
import { DEFAULT_VIEW } from "../../web/app/view-state.ts";
import type { PublishedCell } from "../../web/data/cube-store.ts";
import { publishedColour, publishedDensity } from "../../web/layers/published/published.layer.ts";
import { shownLayers, switchedLayers } from "../../web/layers/registry.ts";
import { areaIndex } from "../../web/map/area-index.ts";
import { clientViewer } from "../helpers/client-viewer.ts";
import { syntheticArea } from "../helpers/synthetic-columns.ts";

const COUNTY = "140226";
const TOWN = `${COUNTY}100`;
const sit = (viewer: ReturnType<typeof clientViewer> | null) => useSession.setState({ state: "ready", viewer });
afterEach(() => sit(null));

describe("what stands in for cases", () => {
  it("is the published fill alone, where no case may be shown one by one", () => {
    const usual = DEFAULT_VIEW.layers;
    const published = ["basemap", "context", "published", "outlines", "labels"];
    sit(clientViewer("leader", TOWN));
    expect(shownLayers(usual, `${TOWN}001`)).toEqual(usual);
    expect(shownLayers(usual, COUNTY)).toEqual(published);
    sit(clientViewer("leader", COUNTY, true));
    expect(shownLayers(usual, TOWN)).toEqual(published);
    // Without the cases that it stands in for, the map's own fill.
    expect(shownLayers(["ownership", "outlines"], TOWN)).toEqual(["ownership", "outlines"]);
    sit(clientViewer("auditor", COUNTY));
    expect(shownLayers(usual, COUNTY)).toEqual(published);
    sit(null);
    expect(shownLayers(usual, COUNTY)).toEqual([]);
  });

  it("cannot be asked for by who sees cases, and takes their switch from who does not", () => {
    sit(clientViewer("dispatcher", COUNTY));
    expect(shownLayers(["published", "incidents"], COUNTY)).toEqual(["incidents"]);
    expect(switchedLayers(COUNTY, true).map(({ id }) => id)).not.toContain("published");
    sit(clientViewer("dispatcher", COUNTY, true));
    const ids = switchedLayers(COUNTY, false).map(({ id }) => id);
    expect(ids).toContain("published");
    expect(ids).not.toContain("basemap");
    expect(switchedLayers(COUNTY, true)[0]?.id).toBe("basemap");
    expect(ids).not.toContain("incidents");
  });
});

describe("published density", () => {
  const area = (code: string, areaM2: number) => ({ ...syntheticArea(code), areaM2 });
  const index = areaIndex([area(COUNTY, 9e6), area(TOWN, 4e6), area(`${TOWN}001`, 1e6), area(`${TOWN}002`, 2e6)]);
  const cell = (areaCode: string, count: number | null, sensitive = false): PublishedCell => ({
    areaCode,
    level: "COMMUNITY",
    major: "06",
    sensitive,
    month: "2026-01",
    count,
    mark: count === null ? "LESS_THAN_FIVE" : "EXACT",
  });

  it("counts ordinary cases per km², and leaves what is about people out", () => {
    const density = publishedDensity(index, [
      cell(`${TOWN}001`, 10),
      { ...cell(`${TOWN}001`, 20), major: "07" },
      cell(`${TOWN}001`, 500, true),
      cell(`${TOWN}002`, 8),
      cell(`${TOWN}002`, null, true),
      cell(TOWN, 38),
      cell("140226999999", 7),
    ]);
    expect([...density.perKm2]).toEqual([
      [`${TOWN}001`, 30],
      [`${TOWN}002`, 4],
      [TOWN, 9.5],
    ]);
    expect([density.max, density.cases]).toEqual([30, 38]);
    expect(publishedColour(density, `${TOWN}001`, "dark")).not.toBe(publishedColour(density, `${TOWN}002`, "dark"));
    expect(publishedColour(density, COUNTY, "dark")).toMatch(/, 0\.00\)$/);
  });
});

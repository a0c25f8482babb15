import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { formatView, parseView } from "../../web/app/url-state.ts";
import {
  AREA_FILLS,
  DEFAULT_VIEW,
  DESK_TABS,
  GROUND_KINDS,
  LAYER_IDS,
  QUEUE_OWNERS,
  useView,
  type ViewState,
} from "../../web/app/view-state.ts";

const COUNTY = "140226";
const area = fc.constantFrom("", "100", "100001", "100001005", "100001005-03").map((rest) => COUNTY + rest);
const second = fc.integer({ min: 0, max: 4_000_000_000 });
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const round = (digits: number) => (value: number) => Number(value.toFixed(digits)) || 0;

const fields: fc.Arbitrary<ViewState> = fc.record({
  county: fc.constant(COUNTY),
  area,
  incidentRef: optional(fc.integer({ min: 1, max: 2 ** 31 })),
  cameraId: optional(fc.uuid().map((id) => `Camera:${COUNTY}:${id}`)),
  organisationId: optional(fc.uuid().map((id) => `Organisation:${COUNTY}:${id}`)),
  layers: fc.subarray([...LAYER_IDS]),
  ground: fc.subarray([...GROUND_KINDS]),
  heatMode: fc.constantFrom("cells", "smooth"),
  heatPer: fc.constantFrom("km2", "households"),
  filters: fc.record({
    from: optional(second),
    to: optional(second),
    classes: optional(fc.array(fc.constantFrom("06", "06010", "80"), { minLength: 1 })),
    states: optional(fc.subarray([...INCIDENT_STATES.keys()], { minLength: 1 })),
    severities: optional(fc.subarray([...INCIDENT_SEVERITIES.keys()], { minLength: 1 })),
    sources: optional(fc.subarray([...INCIDENT_SOURCES.keys()], { minLength: 1 })),
    late: optional(fc.boolean()),
    withSuspicious: fc.boolean(),
    withClosed: fc.constantFrom(undefined, true),
  }),
  theme: fc.constantFrom("dark", "light"),
  language: fc.constantFrom("zh-CN", "en"),
  camera: optional(
    fc.record({
      lon: fc.double({ min: -180, max: 180, noNaN: true }).map(round(5)),
      lat: fc.double({ min: -90, max: 90, noNaN: true }).map(round(5)),
      zoom: fc.double({ min: 0, max: 24, noNaN: true }).map(round(2)),
    }),
  ),
  tab: optional(fc.constantFrom(...DESK_TABS)),
  casePage: fc.constantFrom(undefined, true as const),
  intake: fc.constantFrom(undefined, true as const),
  queue: fc.record({
    owner: optional(fc.constantFrom(...QUEUE_OWNERS)),
    paused: fc.constantFrom(undefined, true as const),
    text: optional(fc.string({ minLength: 1 })),
  }),
});

/** A page of a case is one of some case. */
const view = fields.map((state) => (state.incidentRef === undefined ? { ...state, casePage: undefined } : state));

describe("the address holds the whole view", () => {
  it("parse(format(view)) is the view", () => {
    fc.assert(
      fc.property(view, (state) => {
        expect(parseView(formatView(state))).toEqual(state);
      }),
    );
  });

  it("a view that is the default but for its county has a short address", () => {
    expect(formatView({ ...DEFAULT_VIEW, county: COUNTY, area: COUNTY })).toBe("?county=140226");
  });

  it("any text opens some valid view", () => {
    fc.assert(
      fc.property(fc.string(), fc.webQueryParameters(), (junk, query) => {
        for (const text of [junk, query, `?area=${junk}&layers=${junk}&at=${junk}&incident=${junk}&from=${junk}`]) {
          const state = parseView(text);
          expect(state.layers.every((layer) => LAYER_IDS.includes(layer))).toBe(true);
          expect(parseView(formatView(state))).toEqual(state);
        }
      }),
    );
  });

  it("an area outside the county falls back to the county", () => {
    expect(parseView("?county=140226&area=140214100").area).toBe("140226");
    expect(parseView("?area=140226100").county).toBe("140226");
  });
});

describe("layers", () => {
  it("at most one layer fills areas, whatever is switched", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LAYER_IDS)), (clicks) => {
        useView.setState(DEFAULT_VIEW);
        for (const layer of clicks) {
          const before = useView.getState().layers.includes(layer);
          useView.getState().toggleLayer(layer);
          const { layers } = useView.getState();
          expect(layers.includes(layer)).toBe(!before);
          expect(layers.filter((id) => AREA_FILLS.includes(id)).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

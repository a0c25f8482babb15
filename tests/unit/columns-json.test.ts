import { expect, it } from "vitest";
import { incidentColumnsJson } from "../../data/columns/columns-json.ts";
import { NULL_TIME } from "../../data/columns/format.ts";
import { type IncidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";

const columns: IncidentColumns = {
  rows: 3,
  lon: Int32Array.of(1_126_000_001, -5, 0, 99),
  lat: Int32Array.of(1, 2, 3, 99),
  opened: Int32Array.of(10, 20, 30, 99),
  closed: Int32Array.of(11, NULL_TIME, 31, 99),
  due: Int32Array.of(NULL_TIME, 22, 32, 99),
  flags: Uint8Array.of(0, 64, 8, 0),
  classIndex: Uint16Array.of(3, 1, 3, 0),
  state: Uint8Array.of(0, 1, 0, 0),
  severity: Uint8Array.of(1, 1, 1, 1),
  source: Uint8Array.of(0, 0, 0, 0),
  grid: Uint32Array.of(1, NO_GRID, 0, 0),
  ref: Uint32Array.of(7, 8, 4_000_000_000, 0),
  classes: ["01001", "02001", "03001", "04001"],
  grids: ["140226001", "140226002", "140226003"],
  county: "140226",
  version: "1.1",
  asOf: 40,
};

it("writes a list per column with dictionaries of what occurs, absent times and places as null", () => {
  const text = incidentColumnsJson(columns, ["ref", "lon", "closed", "due", "class", "grid", "state", "class"]);
  expect(JSON.parse(text)).toEqual({
    asOf: 40,
    rows: 3,
    columns: {
      ref: [7, 8, 4_000_000_000],
      lon: [1_126_000_001, -5, 0],
      closed: [11, null, 31],
      due: [null, 22, 32],
      class: [1, 0, 1],
      grid: [1, null, 0],
      state: [0, 1, 0],
    },
    dictionaries: {
      class: ["02001", "04001"],
      grid: ["140226001", "140226002"],
      state: expect.arrayContaining(["found", "closed"]),
    },
  });
});

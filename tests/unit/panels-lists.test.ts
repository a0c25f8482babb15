import { describe, expect, it } from "vitest";
import { FLAG, type IncidentColumns, STATE_ENDED } from "../../data/columns/incident-columns.ts";
import { caseOrder, leaderRows, leaderSums } from "../../web/seats/desk/leader-list.ts";
import { storyPicks } from "../../web/seats/wall/story.ts";
import { type SyntheticCase, syntheticColumns } from "../helpers/synthetic-columns.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const NOW = 1_768_449_600;
const GRIDS = ["140226100001001", "140226100001002", "140226100001003", "140226100001004", "140226100001005"];
const columns = (cases: readonly SyntheticCase[]) => syntheticColumns(cases, GRIDS, NOW);
const all = (rows: number) => Uint32Array.from({ length: rows }, (_, row) => row);
const openOf = (data: IncidentColumns) => all(data.rows).filter((row) => !STATE_ENDED[data.state[row] as number]);
/** The list of places over rows, as worker and page make it together. */
const leaders = (data: IncidentColumns, rows: Uint32Array, places: readonly ReturnType<typeof place>[]) =>
  leaderRows(
    leaderSums(
      data,
      rows,
      NOW,
      places.map(({ code }) => code),
    ),
    places,
  );
const place = (index: number, onDuty: string | null | undefined = "someone") => ({
  code: GRIDS[index] as string,
  name: `G${index}`,
  onDuty,
  owner: undefined,
});

describe("the leader's list", () => {
  it("sorts by what needs action, never by volume", () => {
    const cases: SyntheticCase[] = [
      // Grid 0: a great many cases, none pressing.
      ...Array.from({ length: 50 }, (_, i) => ({ opened: NOW - i, due: NOW + 9 * DAY, grid: GRIDS[0] as string })),
      // Grid 1: nobody on duty, one case. Grid 2: next to breach. Grid 3: breached yesterday. Grid 4: breached last week.
      { opened: NOW - DAY, due: NOW + 9 * DAY, grid: GRIDS[1] as string },
      { opened: NOW - DAY, due: NOW + HOUR, grid: GRIDS[2] as string },
      { opened: NOW - 9 * DAY, due: NOW - DAY, grid: GRIDS[3] as string },
      { opened: NOW - 9 * DAY, due: NOW - DAY + 1, grid: GRIDS[3] as string },
      { opened: NOW - 9 * DAY, due: NOW - 7 * DAY, grid: GRIDS[4] as string },
    ];
    const places = [place(0), place(1, null), place(2), place(3), place(4)];
    const data = columns(cases);
    const rows = leaders(data, all(data.rows), places);
    expect(rows.map((row) => row.name)).toEqual(["G4", "G3", "G2", "G1", "G0"]);
    expect(rows[1]).toMatchObject({ late: 2, dueSoon: 0, open: 2, oldestDue: NOW - DAY });
    expect(rows[0]?.oldestDue).toBe(NOW - 7 * DAY);
    expect(data.due[data.ref.indexOf(rows[0]?.oldestRef ?? -1)]).toBe(NOW - 7 * DAY);
  });

  it("counts only the rows it is given and only open ones", () => {
    const data = columns([
      { opened: NOW - DAY, due: NOW - HOUR, grid: GRIDS[0] as string },
      { opened: NOW - DAY + 1, due: NOW - HOUR, grid: GRIDS[0] as string, state: "closed", closed: NOW },
      { opened: NOW - DAY + 2, due: NOW - HOUR },
    ]);
    expect(leaders(data, all(3), [place(0)])[0]).toMatchObject({ open: 1, late: 1 });
    expect(leaders(data, new Uint32Array(0), [place(0)])[0]).toMatchObject({ open: 0, late: 0 });
  });

  it("does not call a place unattended before the roster is known", () => {
    const rows = leaders(columns([]), new Uint32Array(0), [place(0, undefined), place(1, null)]);
    expect(rows.map((row) => row.name)).toEqual(["G1", "G0"]);
  });
});

describe("the order of cases", () => {
  it("longest overdue, then nearest deadline, then without a clock, then ended ones newest first", () => {
    const data = columns([
      { opened: NOW - 5 * DAY, state: "closed", closed: NOW - DAY },
      { opened: NOW - 4 * DAY },
      { opened: NOW - 3 * DAY, due: NOW + DAY },
      { opened: NOW - 2 * DAY, due: NOW - HOUR },
      { opened: NOW - DAY, due: NOW - 2 * HOUR },
      { opened: NOW - HOUR, state: "void", closed: NOW },
    ]);
    const refs = (limit = 6) => caseOrder(data, all(6), openOf(data), NOW, limit).map((row) => data.ref[row]);
    expect(refs()).toEqual([1004, 1003, 1002, 1001, 1005, 1000]);
    for (let limit = 0; limit <= 6; limit++) expect(refs(limit)).toEqual(refs().slice(0, limit));
  });
});

describe("the wall's story", () => {
  it("takes the newest severe and the longest overdue in turn, each once", () => {
    const data = columns([
      { opened: NOW - 9 * DAY, due: NOW - 8 * DAY, severity: "critical" },
      { opened: NOW - 8 * DAY, due: NOW - 7 * DAY },
      { opened: NOW - 2 * HOUR, severity: "serious" },
      { opened: NOW - HOUR, severity: "minor" },
    ]);
    const picks = storyPicks(data, all(4), NOW, 4);
    expect(picks.map(({ ref, reason }) => [ref, reason])).toEqual([
      [1002, "severe"],
      [1000, "overdue"],
      [1001, "overdue"],
      [1003, "newest"],
    ]);
  });

  it("shows no ended case and none whose place is not known", () => {
    const data = columns([
      { opened: NOW - DAY, due: NOW - HOUR, state: "closed", closed: NOW, severity: "critical" },
      { opened: NOW - HOUR, flags: FLAG.suspicious, severity: "critical" },
    ]);
    expect(storyPicks(data, all(2), NOW, 4)).toEqual([]);
  });
});

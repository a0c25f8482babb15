import { afterAll, beforeAll, expect, it } from "vitest";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { CellMark } from "../../data/policy/suppression.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { refreshStatistics } from "../../db/statistics/refresh-statistics.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { type KnownCell, solveCells } from "../helpers/cell-ranges.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs } from "../helpers/viewers.ts";

const ANCHOR = "2026-01-15T10:30:00+08:00";
/** The first day that is published; the data go on to the anchor. */
const START = "2026-01-06T10:30:00+08:00";
/** Then these, past the end of the month. */
const DAYS = ["2026-01-07", "2026-01-09", "2026-01-12", "2026-01-15", "2026-01-31", "2026-02-01"];
const SENSITIVE = new Set(CLASS_CODES.filter(({ sensitive }) => sensitive).map(({ code }) => code));

interface Cell {
  readonly areaCode: string;
  readonly major: string;
  readonly sensitive: boolean;
  readonly month: string;
  readonly count: number | null;
  readonly mark: string;
}
const CELL = "areaCode level major sensitive month count mark";
const nameOf = ({ month, major, areaCode }: Cell): string => `${month} ${major} ${areaCode}`;
const known = ({ areaCode, count, mark }: Cell): KnownCell => ({
  areaCode,
  count,
  mark: mark.toLowerCase() as CellMark,
});

/** Cells by what they are sums of: month and major. */
function systems(cells: Iterable<Cell>): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    if (!cell.sensitive) continue;
    const key = `${cell.month} ${cell.major}`;
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return groups;
}

describeOnBothDatabases("what the published cube gives away", (open) => {
  let api: TestApi;
  let data: CountyDataset;
  let county = "";
  let towns: string[] = [];
  let communities: string[] = [];
  /** Every cell that some answer held, and what it read. */
  const answered = new Map<string, Cell>();

  beforeAll(async () => {
    const { database } = await open();
    data = generate(DEMO_PROFILES.decheng, "cube", ANCHOR);
    county = data.profile.county;
    api = await testApiOver(database, { datasets: [data], classes: CLASS_CODES, now: START });
    towns = data.areas.filter(({ level }) => level === "town").map(({ code }) => code);
    communities = data.areas.filter(({ level }) => level === "community").map(({ code }) => code);
  });
  afterAll(() => api.close());

  const cube = async (viewer: Viewer, args: string): Promise<Cell[]> => {
    const answer = await api.graphql<{ cube: { cells: Cell[] } }>(
      `{ cube(county: "${county}"${args}) { cells { ${CELL} } } }`,
      {},
      viewer,
    );
    expect(answer.errors, args).toBeUndefined();
    return answer.data?.cube.cells ?? [];
  };
  const months = async (): Promise<string[]> => {
    const answer = await api.graphql<{ cube: { months: string[] } }>(`{ cube(county: "${county}") { months } }`);
    return answer.data?.cube.months ?? [];
  };
  const viewers = (): Record<string, Viewer> => ({
    wall: viewerAs("wall", county),
    "wall of a town": viewerAs("wall", towns[0] as string),
    visitor: viewerAs("leader", county, { visitor: true }),
    leader: viewerAs("leader", towns[0] as string),
    "grid worker": viewerAs("grid_worker", communities[0] as string),
    planner: viewerAs("planner", towns[1] as string),
    auditor: viewerAs("auditor", county),
  });

  it("answers everybody alike, whatever is asked: a cell reads the same in every answer", async () => {
    const all = await months();
    const recent = all.slice(-3);
    const list = (values: readonly string[]): string => `[${values.map((value) => `"${value}"`).join()}]`;
    const places = [
      "",
      `, inside: "${county}"`,
      ...[...towns, ...communities.slice(0, 4)].map((c) => `, inside: "${c}"`),
    ];
    const times = ["", ...recent.map((month) => `, months: ${list([month])}`), `, months: ${list(all.slice(-24))}`];
    const levels = ["", "COUNTY", "TOWN", "COMMUNITY", "COUNTY TOWN"].map((l) => (l ? `, levels: [${l}]` : ""));
    const keep = (cells: readonly Cell[]): void => {
      for (const cell of cells) {
        const name = `${nameOf(cell)} ${cell.sensitive}`;
        expect(answered.get(name) ?? cell, name).toEqual(cell);
        answered.set(name, cell);
      }
    };
    const wall = viewers()["wall"] as Viewer;
    for (const place of places) keep(await cube(wall, place + (times.at(-1) ?? "")));
    for (const time of times) keep(await cube(wall, time));
    for (const level of levels) keep(await cube(wall, `, inside: "${towns[0]}"${level}`));
    for (const viewer of Object.values(viewers())) keep(await cube(viewer, times[1] ?? ""));
    const small = [...answered.values()].filter(({ mark }) => mark === "LESS_THAN_FIVE");
    expect(small.length).toBeGreaterThan(100);
    expect([...answered.values()].some(({ mark, sensitive }) => mark === "EXACT" && sensitive)).toBe(true);
    expect([...answered.values()].some(({ mark }) => mark === "HIDDEN")).toBe(true);
    for (const cell of small) expect(cell.count).toBeNull();
  });

  it("leaves every suppressed cell all of 1 to 4, solved over all answers", () => {
    for (const [system, cells] of systems(answered.values())) {
      const solved = solveCells(cells.map(known));
      for (const { areaCode, mark } of cells)
        if (mark === "LESS_THAN_FIVE")
          expect(solved.get(areaCode), `${system} ${areaCode}`).toEqual({ from: 1, to: 4 });
    }
  });

  it("leaves it so for who counts the cases of their own area besides", async () => {
    const own = { leader: towns[0] as string, "grid worker": communities[0] as string };
    const month = (await months()).at(-2) as string;
    const [from, to] = [`${month}-01T00:00+08:00`, `${(await months()).at(-1)}-01T00:00+08:00`];
    for (const [name, area] of Object.entries(own)) {
      const answer = await api.graphql<{ stats: { groups: { key: [string, string]; count: number }[] } }>(
        `{ stats(filter: { inside: "${area}", from: "${from}", to: "${to}" }, by: [AREA, CLASS]) { groups { key count } } }`,
        {},
        viewers()[name],
      );
      expect(answer.errors, name).toBeUndefined();
      const counts = new Map<string, number>();
      for (const { key, count } of answer.data?.stats.groups ?? []) {
        if (!SENSITIVE.has(key[1])) continue;
        const place = area.length === 12 ? area : key[0] || `${area}*`;
        const cell = `${place} ${key[1].slice(0, 2)}`;
        counts.set(cell, (counts.get(cell) ?? 0) + count);
      }
      expect(counts.size, name).toBeGreaterThan(0);
      for (const [system, cells] of systems(answered.values())) {
        const [when, major] = system.split(" ");
        if (when !== month) continue;
        const mine = [...counts].flatMap(([cell, count]): KnownCell[] => {
          const [areaCode = "", of] = cell.split(" ");
          return of === major ? [{ areaCode, count, mark: "exact" }] : [];
        });
        const solved = solveCells([...cells.map(known), ...mine]);
        for (const { areaCode, mark } of cells)
          if (mark === "LESS_THAN_FIVE" && !areaCode.startsWith(area))
            expect(solved.get(areaCode), `${name} ${system} ${areaCode}`).toEqual({ from: 1, to: 4 });
        // What they may count themselves agrees with what is published.
        for (const { areaCode, count } of mine) {
          const published = cells.find((cell) => cell.areaCode === areaCode);
          expect(published?.mark, areaCode).toBe((count ?? 0) < 5 ? "LESS_THAN_FIVE" : "EXACT");
        }
      }
    }
  });

  it("gives no number for anything finer or freer than its cells", async () => {
    const wall = viewers()["wall"] as Viewer;
    const refused = async (args: string): Promise<unknown> =>
      (await api.graphql(`{ cube(county: "${county}"${args}) { cells { count } } }`, {}, wall)).errors?.[0]?.extensions;
    expect(await refused(`, inside: "${communities[0]}001"`)).toMatchObject({ code: "BAD_USER_INPUT", path: "inside" });
    expect(await refused(`, inside: "140226"`)).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await refused(`, months: ["2026-13"]`)).toMatchObject({ code: "BAD_USER_INPUT", path: "months" });
    expect(await refused(`, months: ["2026-01-05"]`)).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await refused(`, inside: "1' OR '1'='1"`)).toMatchObject({ code: "BAD_USER_INPUT" });
    const nobody = await api.graphql(`{ cube(county: "${county}") { cells { count } } }`, {}, null);
    expect(nobody.errors?.[0]?.extensions?.["code"]).toBe("UNAUTHENTICATED");
    const other = await api.graphql(`{ cube(county: "${county}") { through } }`, {}, viewerAs("wall", "140226"));
    expect(other.errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
  });

  it("leaves a wall's live counts to ordinary cases", async () => {
    const wall = viewers()["wall"] as Viewer;
    const stats = await api.graphql<{ stats: { total: number; groups: { key: string[] }[] } }>(
      `{ stats(filter: { inside: "${county}" }, by: [CLASS]) { total groups { key } } }`,
      {},
      wall,
    );
    const ordinary = data.incidents.filter(({ classCode }) => !SENSITIVE.has(classCode));
    expect(stats.data?.stats.total).toBe(ordinary.length);
    expect(stats.data?.stats.groups.filter(({ key }) => SENSITIVE.has(key[0] ?? ""))).toEqual([]);
    const heat = await api.graphql<{ heat: { cells: number[] } }>(
      `{ heat(filter: { inside: "${county}", withoutSuspicious: true }, cellM: 2000) { cells } }`,
      {},
      wall,
    );
    const drawn = (heat.data?.heat.cells ?? []).filter((_, i) => i % 4 === 2).reduce((sum, count) => sum + count, 0);
    expect(drawn).toBe(ordinary.filter(({ suspicious }) => !suspicious).length);
  });

  it("narrows nothing from one day to another, nor when the month ends", async () => {
    const wall = viewers()["wall"] as Viewer;
    const [last] = (await months()).slice(-1);
    const days: Map<string, Cell>[] = [];
    const read = async (): Promise<void> => {
      days.push(
        new Map((await cube(wall, "")).filter(({ sensitive }) => sensitive).map((cell) => [nameOf(cell), cell])),
      );
    };
    await read();
    for (const day of DAYS) {
      expect(await refreshStatistics(api.database, county, Date.parse(`${day}T10:00:00+08:00`)), day).toBe(true);
      await read();
    }
    const [first] = days;
    const end = days.at(-1) ?? new Map<string, Cell>();
    // Months that were over are what they were.
    for (const [name, cell] of first ?? []) if (cell.month !== last) expect(end.get(name), name).toEqual(cell);
    const running = days.slice(0, -1);
    let moved = 0;
    for (const [name, cell] of end) {
      if (cell.month !== last) continue;
      const reads = running.map((day) => day.get(name));
      const isTotal = cell.areaCode.length < 12 && !cell.areaCode.endsWith("*");
      // No total while the month runs: sums over cells that grow would tie the days together.
      for (const one of reads) {
        if (isTotal) expect(one?.mark ?? "HIDDEN", name).toBe("HIDDEN");
        // Numbers move in steps of five: the growth of a day cannot be had by subtraction.
        else if (one?.mark !== "LESS_THAN_FIVE" && one)
          expect([one.mark, (one.count ?? 1) % 5], name).toEqual(["AT_LEAST", 0]);
      }
      if (new Set(reads.map((one) => one?.mark ?? "0")).size > 1) moved++;
      // What was shown is never hidden afterwards.
      if (!isTotal) expect(["EXACT", "LESS_THAN_FIVE"], name).toContain(cell.mark);
    }
    expect(moved).toBeGreaterThan(10);
    for (const [system, cells] of systems(end.values())) {
      const solved = solveCells(cells.map(known));
      for (const { areaCode, mark } of cells)
        if (mark === "LESS_THAN_FIVE")
          expect(solved.get(areaCode), `${system} ${areaCode}`).toEqual({ from: 1, to: 4 });
    }
  });
});

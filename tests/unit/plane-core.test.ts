import { describe, expect, it } from "vitest";
import { FLAG, HOLE, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { IncidentStore } from "../../data/columns/store.ts";
import type { IncidentState } from "../../data/model/incident.ts";
import type { Filters } from "../../web/app/view-state.ts";
import { applyChange, columnsOf } from "../../web/plane/cases.ts";
import { createCore } from "../../web/plane/core.ts";
import type { FromWorker, ToWorker } from "../../web/plane/protocol.ts";
import type { PlaneQuestion, PlaneQuestions, QuestionKind } from "../../web/plane/types.ts";
import { PlaneServer } from "../helpers/plane-server.ts";
import { type SyntheticCase, syntheticColumns } from "../helpers/synthetic-columns.ts";

const HOUR = 3600;
const NOW = 1_768_449_600;
const COUNTY = "140226";
const GRIDS = ["140226100001001", "140226100001002", "140226100002001", "140226101001001"];
const STATES: readonly IncidentState[] = ["handling", "closed", "on_hold", "void"];

const cases = (count: number): SyntheticCase[] =>
  Array.from({ length: count }, (_, i) => ({
    opened: NOW - i * HOUR,
    due: NOW - i * HOUR + (i % 7) * 24 * HOUR,
    grid: GRIDS[i % 5] ?? undefined,
    state: STATES[i % 4],
    ...(i % 4 === 1 ? { closed: NOW - i * HOUR + 5 * HOUR } : {}),
    flags: i % 11 === 0 ? FLAG.suspicious : 0,
    classCode: i % 3 ? "06010" : "07001",
  })) as SyntheticCase[];

/** The page's side, without a page: keeps the main thread's copy and the answers. */
function openPage(server: PlaneServer, budget?: number) {
  const seen: FromWorker[] = [];
  let store: IncidentStore | undefined;
  let rounds = 0;
  const handle = createCore({
    fetch: server.fetch,
    budget,
    post: (message, transfer) => {
      // What a browser does between threads: after it, what was handed over is gone on the other side.
      const taken = structuredClone(message, { transfer });
      seen.push(taken);
      if (taken.kind !== "columns") return;
      for (const change of taken.changes) store = applyChange(store, change);
      if (store) store.asOf = taken.asOf;
    },
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    seen,
    settle,
    send: async (message: ToWorker): Promise<void> => {
      handle(message);
      await settle();
    },
    columns: (): IncidentColumns => {
      if (!store) throw new Error("no columns came");
      return columnsOf(store);
    },
    last: <K extends FromWorker["kind"]>(kind: K) =>
      seen.filter((message) => message.kind === kind).at(-1) as Extract<FromWorker, { kind: K }> | undefined,
    ask: <K extends QuestionKind>(question: PlaneQuestion<K>, filters: Partial<Filters> = {}, area = COUNTY) => {
      rounds++;
      const ask = {
        id: rounds,
        filterRevision: rounds,
        filters: { withSuspicious: false, ...filters },
        area,
        timezone: "Asia/Shanghai",
        questions: [["key", question as PlaneQuestion] as const],
      };
      handle({ kind: "ask", ask });
      const answers = seen.filter((message) => message.kind === "answers" && message.id === rounds);
      const last = answers.at(-1) as Extract<FromWorker, { kind: "answers" }>;
      return last.answers[0]?.[1] as PlaneQuestions[K]["answer"];
    },
  };
}

/** Cases by number, as one can compare them. */
const byRef = (columns: IncidentColumns): Map<number, string> => {
  const found = new Map<number, string>();
  for (let row = columns.first ?? 0; row < columns.rows; row++)
    if (columns.state[row] !== HOLE)
      found.set(
        columns.ref[row] as number,
        [columns.opened, columns.closed, columns.due, columns.state, columns.flags, columns.lon]
          .map((c) => c[row])
          .join(),
      );
  return found;
};

/** The same cases without those of some numbers, and with others changed. */
const edited = (columns: IncidentColumns, gone: readonly number[], closed: readonly number[]): IncidentColumns => {
  const kept = [...columns.ref.keys()].filter((row) => !gone.includes(columns.ref[row] as number));
  const pick = <T extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(column: T): T =>
    (column as Uint8Array).filter((_, row) => kept.includes(row)) as T;
  const next = Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? pick(value as Uint8Array) : value,
    ]),
  ) as unknown as IncidentColumns;
  for (const ref of closed) next.state[next.ref.indexOf(ref)] = 9;
  return { ...next, rows: kept.length };
};

describe("the plane's core", () => {
  it("loads a county, hands the same columns to the page and says how far it is", async () => {
    const server = new PlaneServer(syntheticColumns(cases(300), GRIDS, NOW));
    const page = openPage(server);
    await page.send({ kind: "open", county: COUNTY });
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
    expect(page.last("progress")?.progress).toMatchObject({ status: "ready", total: 300, loaded: 300, more: false });
    expect(page.last("progress")?.progress.loadedFrom).toBeUndefined();
    expect(server.log).toHaveLength(2);
  });

  it("answers under filters as a plain count of the cases does", async () => {
    const list = cases(300);
    const server = new PlaneServer(syntheticColumns(list, GRIDS, NOW));
    const page = openPage(server);
    await page.send({ kind: "open", county: COUNTY });
    const window = { from: NOW - 100 * HOUR, to: NOW - 10 * HOUR };
    const inside = list.filter(({ opened }) => opened >= window.from && opened < window.to);
    expect(page.ask({ kind: "size" }, window)).toEqual({
      counted: inside.length,
      shown: inside.filter(({ flags }) => !flags).length,
    });
    expect(page.ask({ kind: "figures" }, window).reported).toBe(inside.length);
    expect(page.ask({ kind: "size" }, { classes: ["07"] }).counted).toBe(
      list.filter(({ classCode }) => classCode === "07001").length,
    );
    const town = list.filter(({ grid }) => grid?.startsWith("140226101"));
    expect(page.ask({ kind: "size" }, {}, "140226101").counted).toBe(town.length);
    expect(page.ask({ kind: "areas" }).counts.get("140226101")).toBe(town.length);
    const newest = page.ask({ kind: "newest", limit: 3 });
    expect(newest.map(({ opened }) => opened)).toEqual([NOW, NOW - HOUR, NOW - 2 * HOUR]);
    const days = page.ask({ kind: "days" }, window);
    expect(days?.counts.reduce((sum, count) => sum + count, 0)).toBe(300);
    expect(page.ask({ kind: "case", ref: 1007 })).toMatchObject({ ref: 1007, opened: NOW - 7 * HOUR, state: "void" });
    expect(page.ask({ kind: "case", ref: 5 })).toBeUndefined();
    const late = page.ask({ kind: "areas" }, { late: true }).late;
    expect(page.ask({ kind: "areas" }, { late: false }).late).toEqual(late);
  });

  it("answers the rest when one question cannot be answered", async () => {
    const page = openPage(new PlaneServer(syntheticColumns(cases(20), GRIDS, NOW)));
    await page.send({ kind: "open", county: COUNTY });
    const questions = [
      ["broken", { kind: "no such question" }],
      ["size", { kind: "size" }],
    ] as unknown as readonly (readonly [string, PlaneQuestion])[];
    const ask = {
      id: 99,
      filterRevision: 99,
      filters: { withSuspicious: true },
      area: COUNTY,
      timezone: "UTC",
      questions,
    };
    await page.send({ kind: "ask", ask });
    expect(page.last("answers")).toMatchObject({ last: true, answers: [["size", { counted: 20 }]] });
    expect(page.last("failed")?.message).toContain("no such question");
  });

  it("takes in what changed, row by row, and asks once when nothing did", async () => {
    const server = new PlaneServer(syntheticColumns(cases(300), GRIDS, NOW));
    const page = openPage(server);
    await page.send({ kind: "open", county: COUNTY });
    await page.send({ kind: "refresh" });
    expect(server.log).toHaveLength(3);
    expect(page.seen.filter(({ kind }) => kind === "columns")).toHaveLength(1);
    server.columns = edited(server.columns, [1003, 1250], [1004, 1010]);
    await page.send({ kind: "refresh" });
    const change = page.last("columns")?.changes[0];
    expect(change).toMatchObject({ kind: "patch", removes: [1250, 1003] });
    expect(change?.kind === "patch" && [...change.upserts.ref].sort()).toEqual([1004, 1010]);
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
    expect(page.ask({ kind: "size" }).counted).toBe(298);
  });

  it("loads anew, at once, when codes are new or most cases changed", async () => {
    const server = new PlaneServer(syntheticColumns(cases(50), GRIDS.slice(0, 2), NOW));
    const page = openPage(server);
    await page.send({ kind: "open", county: COUNTY });
    server.columns = syntheticColumns(cases(60), GRIDS, NOW);
    await page.send({ kind: "refresh" });
    expect(page.last("columns")?.changes.map(({ kind }) => kind)).toEqual(["store", "slab"]);
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
    expect(server.log).toHaveLength(4);
  });

  it("is of use after the first slab, and every answer on the way is one for what is there", async () => {
    const server = new PlaneServer(
      syntheticColumns(cases(300), GRIDS, NOW),
      [200, 100, 50].map((hours) => NOW - hours * HOUR),
    );
    let open = (): void => undefined;
    server.gate = new Promise((resolve) => {
      open = resolve;
    });
    const page = openPage(server);
    await page.send({ kind: "open", county: COUNTY });
    expect(page.seen).toEqual([]);
    open();
    await page.settle();
    const progress = page.seen.flatMap((message) => (message.kind === "progress" ? [message.progress] : []));
    expect(progress.slice(0, 4).map(({ loaded }) => loaded)).toEqual([51, 101, 201, 300]);
    expect(progress[0]).toMatchObject({ status: "ready", total: 300, more: true, loadedFrom: NOW - 50 * HOUR });
    expect(progress.at(-1)).toMatchObject({ loaded: 300, more: false, loadedFrom: undefined });
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
    // One change in an old slab: that slab alone is asked for again.
    const before = server.log.length;
    server.columns = edited(server.columns, [], [1150]);
    await page.send({ kind: "refresh" });
    expect(server.log.length).toBe(before + 2);
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
    expect(page.ask({ kind: "days" })?.counts.reduce((sum, count) => sum + count, 0)).toBe(300);
  });

  it("loads the newest that the budget holds and says from when on", async () => {
    const cuts = [200, 100, 50].map((hours) => NOW - hours * HOUR);
    const server = new PlaneServer(syntheticColumns(cases(300), GRIDS, NOW), cuts);
    const page = openPage(server, 120);
    await page.send({ kind: "open", county: COUNTY });
    const last = page.last("progress")?.progress;
    expect(last).toMatchObject({ total: 300, loaded: 101, more: false, loadedFrom: NOW - 100 * HOUR });
    expect(page.ask({ kind: "size" }).counted).toBe(101);
    expect(server.log).toHaveLength(3);
  });

  it("reads live changes by number, writes them in place, and row numbers stay those of the page", async () => {
    const list = cases(300);
    const server = new PlaneServer(syntheticColumns(list, GRIDS, NOW));
    const page = openPage(server);
    await page.send({ kind: "open", county: COUNTY });
    const asked = server.log.length;
    const more = [...list, { opened: NOW + 60, grid: GRIDS[0] as string, classCode: "07001" }];
    server.columns = edited(syntheticColumns(more, GRIDS, NOW), [1002], [1004]);
    await page.send({ kind: "changed", refs: [1300, 1002, 1004] });
    expect(server.log.slice(asked)).toEqual([`/columns/incidents?county=${COUNTY}&refs=1300,1002,1004`]);
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
    expect(page.ask({ kind: "size" }).counted).toBe(300);
    const { counts } = page.ask({ kind: "areas" });
    const grid = GRIDS[0] as string;
    expect(counts.get(grid)).toBe(more.filter((one, i) => one.grid === grid && i !== 2).length);
    const marks = page.ask({ kind: "marks", zoom: 20, bounds: [-180, -90, 180, 90], chosen: undefined });
    const { ref } = page.columns();
    expect(marks.points.count + marks.clusters.count).toBeGreaterThan(0);
    marks.points.row.forEach((row, i) => {
      expect(ref[row]).toBe(marks.points.ref[i]);
    });
    expect(page.ask({ kind: "newest", limit: 1 })[0]?.ref).toBe(1300);
    expect(page.ask({ kind: "case", ref: 1002 })).toBeUndefined();
    // What the worker counts after changes is what it counts when it loads the same cases anew.
    const fresh = openPage(server);
    await fresh.send({ kind: "open", county: COUNTY });
    for (const question of [{ kind: "figures" }, { kind: "trend" }, { kind: "rhythm" }, { kind: "states" }] as const)
      expect(page.ask(question), question.kind).toEqual(fresh.ask(question));
    // A code that nobody knew: everything is asked for again.
    server.columns = syntheticColumns([{ opened: NOW + 90, classCode: "99999", grid }], GRIDS, NOW);
    await page.send({ kind: "changed", refs: [1000] });
    expect(page.last("columns")?.changes[0]?.kind).toBe("store");
    expect(byRef(page.columns())).toEqual(byRef(server.columns));
  });

  it("judges lateness at a later instant when told", async () => {
    const page = openPage(new PlaneServer(syntheticColumns(cases(50), GRIDS, NOW)));
    await page.send({ kind: "open", county: COUNTY });
    const before = page.ask({ kind: "figures" }).clocks;
    await page.send({ kind: "asOf", asOf: NOW + 30 * 24 * HOUR });
    const after = page.ask({ kind: "figures" }).clocks;
    expect(after.onTime + after.dueSoon).toBe(0);
    expect(after.overdueOpen).toBeGreaterThan(before.overdueOpen);
  });

  it("says that a request was refused or lost, keeps what it has, and heals", async () => {
    const server = new PlaneServer(syntheticColumns(cases(20), GRIDS, NOW));
    const page = openPage(server);
    server.status = 403;
    await page.send({ kind: "open", county: COUNTY });
    expect(page.last("failed")).toMatchObject({ status: 403 });
    server.status = 200;
    await page.send({ kind: "refresh" });
    expect(page.columns().rows).toBeGreaterThan(0);
    server.status = 0;
    await page.send({ kind: "refresh" });
    expect(page.last("failed")).toMatchObject({ status: 0, message: "fetch failed" });
    expect(page.ask({ kind: "size" }).counted).toBe(20);
  });
});

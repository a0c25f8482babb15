import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseListQuery, CaseRowFragment } from "../../web/gql/generated.ts";
import zhCN from "../../web/i18n/zh-CN.json" with { type: "json" };
import { moveCursor, NO_CURSOR, type QueueCursor } from "../../web/seats/desk/queue/queue-cursor.ts";
import { queueFilter } from "../../web/seats/desk/queue/queue-filter.ts";
import { commandOf, KEY_HELP } from "../../web/seats/desk/queue/queue-keys.ts";
import { appendPage, NO_ROWS, refreshRows } from "../../web/ui/cases/case-rows.ts";
import { rowWindow } from "../../web/ui/virtual-rows.ts";

const IDS = ["a", "b", "c", "d"];
const at = (id: string, selected: string[] = []): QueueCursor => ({
  at: id,
  index: IDS.indexOf(id),
  selected: new Set(selected),
});

describe("the cursor of the queue", () => {
  it("starts on the first row, moves by keys and stays inside", () => {
    const first = moveCursor(NO_CURSOR, IDS, { kind: "step", by: 1 });
    expect(first.at).toBe("a");
    expect(moveCursor(first, IDS, { kind: "step", by: -1 }).at).toBe("a");
    expect(moveCursor(first, IDS, { kind: "step", by: 99 }).at).toBe("d");
    expect(moveCursor(first, IDS, { kind: "last" }).at).toBe("d");
  });

  it("follows its row through a list that others change, and stays at its place when the row leaves", () => {
    expect(moveCursor(at("b"), ["x", "a", "b", "c"], { kind: "rows" })).toMatchObject({ at: "b", index: 2 });
    expect(moveCursor(at("b"), ["a", "c", "d"], { kind: "rows" })).toMatchObject({ at: "c", index: 1 });
    expect(moveCursor(at("d"), ["a", "b", "c"], { kind: "rows" })).toMatchObject({ at: "c" });
    expect(moveCursor(at("a"), [], { kind: "rows" }).at).toBeUndefined();
  });

  it("lets go of selected rows that have left: nobody acts on what is not seen", () => {
    expect([...moveCursor(at("a", ["a", "b"]), ["a", "c"], { kind: "rows" }).selected]).toEqual(["a"]);
  });

  it("selects one, all, and none", () => {
    const one = moveCursor(at("b"), IDS, { kind: "toggle" });
    expect([...one.selected]).toEqual(["b"]);
    expect(moveCursor(one, IDS, { kind: "toggle" }).selected.size).toBe(0);
    const all = moveCursor(one, IDS, { kind: "all" });
    expect([...all.selected]).toEqual(IDS);
    expect(moveCursor(all, IDS, { kind: "all" }).selected.size).toBe(0);
    expect(moveCursor(all, IDS, { kind: "none" }).selected.size).toBe(0);
    expect(moveCursor(at("b"), IDS, { kind: "toggle", id: "gone" }).selected.size).toBe(0);
  });

  it("is always on a row of the list or nowhere, whatever comes", () => {
    const ids = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });
    const move = fc.oneof(
      fc.record({ kind: fc.constant("step" as const), by: fc.integer({ min: -9, max: 9 }) }),
      fc.record({ kind: fc.constantFrom("first", "last", "toggle", "all", "none", "rows") }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, move), { maxLength: 20 }), (steps) => {
        let cursor = NO_CURSOR;
        for (const [list, made] of steps) {
          cursor = moveCursor(moveCursor(cursor, list, { kind: "rows" }), list, made);
          if (cursor.at !== undefined) expect(list[cursor.index]).toBe(cursor.at);
          for (const id of cursor.selected) expect(list).toContain(id);
        }
      }),
    );
  });
});

describe("keys of the queue", () => {
  const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
    commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

  it("mean the same with caps lock, and leave the browser's own keys alone", () => {
    expect(press("J")).toEqual(press("j"));
    expect(press("ArrowDown")).toEqual(press("j"));
    expect(press("a")).toEqual({ kind: "do", action: "advance" });
    expect(press("a", { ctrlKey: true })).toEqual({ kind: "move", move: { kind: "all" } });
    for (const key of ["Tab", "F5", "v", "toString", "constructor"]) expect(press(key), key).toBeUndefined();
    expect(press("k", { ctrlKey: true })).toBeUndefined();
    expect(press("j", { altKey: true })).toBeUndefined();
  });

  it("are all explained in the help, which names no others", () => {
    const said: Record<string, string> = { "↓": "ArrowDown", "↑": "ArrowUp", Space: " ", Esc: "Escape" };
    for (const { keys, text } of KEY_HELP) {
      expect(zhCN.queue.key, text).toHaveProperty(text);
      for (const key of keys.filter((key) => key !== "Ctrl A")) expect(press(said[key] ?? key), key).toBeDefined();
    }
  });
});

describe("what the queue asks for", () => {
  it("is open cases of the area under the desk's filters and its own choices", () => {
    const filters = { withSuspicious: false, states: [0, 1], classes: ["06"], late: true, from: 0 };
    expect(queueFilter("140226100", filters, {}, "dispatcher")).toMatchObject({
      inside: "140226100",
      open: true,
      states: ["FOUND", "ACCEPTED"],
      classes: ["06"],
      late: true,
      from: "1970-01-01T00:00:00.000Z",
      mine: undefined,
      inbox: undefined,
    });
    expect(queueFilter("140226", filters, { owner: "unclaimed" }, "grid_worker").inbox).toBe("GRID_WORKER");
    expect(queueFilter("140226", filters, { owner: "mine", paused: true }, "leader")).toMatchObject({
      mine: true,
      paused: true,
    });
  });
});

const row = (id: string, version = 1, title = "路灯不亮"): CaseRowFragment =>
  ({
    id,
    ref: id.charCodeAt(0),
    version,
    title,
    class: { code: "06010", name: "路灯损坏", nameEn: "Broken street lamp", sensitive: false },
    step: { key: "found", name: "发现", nameEn: "Found", state: "FOUND", side: false },
    organisation: null,
    post: null,
  }) as unknown as CaseRowFragment;
const page = (nodes: CaseRowFragment[], total: number, end?: string): CaseListQuery["incidents"] => ({
  nodes,
  totalCount: total,
  pageInfo: { hasNextPage: end !== undefined, endCursor: end ?? null },
});

describe("rows of a list", () => {
  it("come page by page, each case once", () => {
    const one = refreshRows(NO_ROWS, page([row("a"), row("b")], 3, "2"));
    expect(one).toMatchObject({ total: 3, after: "2" });
    expect(one.fresh.size).toBe(0);
    // b was overtaken meanwhile and comes again with the second page.
    const two = appendPage(one, page([row("b", 2), row("c")], 3));
    expect(two.rows.map(({ id, version }) => `${id}${version}`)).toEqual(["a1", "b2", "c1"]);
    expect(two.after).toBeUndefined();
  });

  it("tell what is new or changed since they were read", () => {
    const before = refreshRows(NO_ROWS, page([row("a"), row("b")], 2));
    const now = refreshRows(before, page([row("c"), row("a"), row("b", 2)], 3));
    expect([...now.fresh].sort()).toEqual(["b", "c"]);
  });

  it("are drawn where they show, with a margin, and never beyond the list", () => {
    expect(rowWindow(0, 500, 50, 1000)).toEqual({ from: 0, to: 16 });
    expect(rowWindow(5000, 500, 50, 1000)).toEqual({ from: 94, to: 116 });
    expect(rowWindow(99_999, 500, 50, 20)).toEqual({ from: 20, to: 20 });
    expect(rowWindow(0, 500, 0, 20)).toEqual({ from: 0, to: 0 });
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(5000),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(1e5),
        (top, height, px, count) => {
          const { from, to } = rowWindow(top, height, px, count);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
          for (const visible of [Math.floor(top / px), Math.floor((top + height) / px)])
            if (visible < count) expect(visible >= from && visible < to).toBe(true);
        },
      ),
    );
  });
});

import type { Homes } from "../../data/columns/heat-field.ts";
import { HOLE, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { IncidentStore } from "../../data/columns/store.ts";
import { applyChange, columnsOf } from "./cases.ts";
import { FactsKeeper } from "./facts-keeper.ts";
import { Loader } from "./loader.ts";
import type { Ask, ColumnsChange, FromWorker, Progress, ToWorker } from "./protocol.ts";
import { answer, isOfMap } from "./questions.ts";
import { type AskContext, askContext } from "./selected.ts";
import { type Fetch, fetchCases, SourceError } from "./source.ts";

export interface CoreHost {
  readonly fetch: Fetch;
  readonly post: (message: FromWorker, transfer: Transferable[]) => void;
  /** Cases to load one by one at most. */
  readonly budget?: number | undefined;
}

/** Buffers of columns, each once: handed over instead of copied. */
function buffersOf(columns: IncidentColumns): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of Object.values(columns)) if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  return [...buffers];
}

/**
 * The plane without a worker around it: keeps the cases of one county and answers questions about them. Runs in a worker
 * and, for tests and measurements, in Node.
 *
 * @returns takes one message of the page
 */
export function createCore({ fetch, post, budget }: CoreHost): (message: ToWorker) => void {
  // A worker is stopped as a whole; nothing in it is given up before.
  const { signal } = new AbortController();
  let store: IncidentStore | undefined;
  let columns: IncidentColumns | undefined;
  let revision = 0;
  let loader: Loader | undefined;
  const facts = new FactsKeeper();
  let county = "";
  /** Numbers of cases that changed and are not read yet. */
  const changed = new Set<number>();
  let working = false;
  let again = false;
  let homes: Homes | undefined;
  let span: readonly [number, number] | undefined;
  let known: { readonly ask: Ask; readonly of: unknown; readonly context: AskContext } | undefined;

  const change = (changes: readonly ColumnsChange[], asOf: number): boolean => {
    let next = store;
    for (const one of changes) {
      const held: IncidentStore | undefined = next;
      next = facts.changing(held, one, () => applyChange(held, one));
      if (!next) return false;
    }
    if (!next) return false;
    store = next;
    store.asOf = asOf;
    columns = columnsOf(store);
    span = spanOf(columns);
    known = undefined;
    revision++;
    const transfer = changes.flatMap((one) =>
      one.kind === "slab" ? buffersOf(one.slab) : one.kind === "patch" ? buffersOf(one.upserts) : [],
    );
    post({ kind: "columns", revision, asOf, changes }, transfer);
    return true;
  };

  const sync = async (): Promise<void> => {
    try {
      await loader?.sync(signal);
    } catch (error) {
      const status = error instanceof SourceError ? error.status : 0;
      post({ kind: "failed", status, message: error instanceof Error ? error.message : String(error) }, []);
    }
  };

  /** Reads what changed, in one request for all that came while the one before was on its way. */
  const readChanged = async (): Promise<void> => {
    const refs = [...changed];
    changed.clear();
    try {
      const parts = await fetchCases(fetch, county, refs, signal);
      const here = new Set(parts.flatMap((part) => [...part.ref]));
      const removes = refs.filter((ref) => !here.has(ref) && (store?.rowOf(ref) ?? -1) >= 0);
      const patches = parts.map((upserts, i): ColumnsChange => ({ kind: "patch", upserts, removes: i ? [] : removes }));
      if (!columns || change(patches, columns.asOf)) return;
      // A code that nobody knew.
      loader?.distrust();
      again = true;
    } catch {
      // What could not be read by number is found by comparing.
      again = true;
    }
  };

  /** One thing after another: an answer that was on its way must not undo what a later one has written. */
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    while (again || changed.size > 0) {
      if (again) {
        again = false;
        await sync();
      } else await readChanged();
    }
    working = false;
  };

  const contextOf = (ask: Ask, of: IncidentColumns, held: IncidentStore): AskContext => {
    if (known?.of === of && known.ask.filterRevision === ask.filterRevision && known.context.homes === homes)
      return known.context;
    const { filters, area, timezone } = ask;
    const context = askContext({
      columns: of,
      facts: facts.of(held, timezone),
      filters,
      area,
      timezone,
      span,
      homes,
      rowOf: (ref) => held.rowOf(ref),
    });
    known = { ask, of, context };
    return context;
  };

  const respond = (ask: Ask): void => {
    const of = columns;
    const given = of ? ask.questions : [];
    const context = of && store && contextOf(ask, of, store);
    const round = (questions: Ask["questions"], last: boolean): void => {
      const answers: [string, unknown][] = [];
      for (const [key, question] of context ? questions : []) {
        try {
          if (context) answers.push([key, answer(context, question)]);
        } catch (error) {
          // The others are answered all the same.
          post({ kind: "failed", status: 0, message: `${question.kind}: ${String(error)}` }, []);
        }
      }
      post({ kind: "answers", id: ask.id, columnsRevision: revision, asOf: of?.asOf ?? 0, answers, last }, []);
    };
    const figures = given.filter(([, question]) => !isOfMap(question));
    const map = given.filter(([, question]) => isOfMap(question));
    if (map.length && figures.length) round(figures, false);
    round(map.length ? map : figures, true);
  };

  return (message) => {
    switch (message.kind) {
      case "open":
        county = message.county;
        loader = new Loader(
          message.county,
          {
            fetch,
            store: () => store,
            change,
            progress: (progress: Progress) => post({ kind: "progress", progress }, []),
          },
          budget,
        );
        again = true;
        void work();
        break;
      case "refresh":
        again = true;
        void work();
        break;
      case "changed":
        for (const ref of message.refs) changed.add(ref);
        void work();
        break;
      case "asOf":
        if (store && columns && message.asOf !== columns.asOf) change([], message.asOf);
        break;
      case "homes":
        homes = message.homes;
        known = undefined;
        break;
      case "ask":
        respond(message.ask);
        break;
    }
  };
}

/** Opening times of the oldest and the newest case. */
function spanOf(columns: IncidentColumns): readonly [number, number] | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  const sorted = columns.sorted ?? columns.rows;
  const look = (row: number): void => {
    const opened = columns.opened[row] as number;
    from = Math.min(from, opened);
    to = Math.max(to, opened);
  };
  let first = columns.first ?? 0;
  while (first < sorted && columns.state[first] === HOLE) first++;
  let last = sorted - 1;
  while (last >= first && columns.state[last] === HOLE) last--;
  if (first <= last) {
    look(first);
    look(last);
  }
  for (let row = sorted; row < columns.rows; row++) if (columns.state[row] !== HOLE) look(row);
  return from <= to ? [from, to] : undefined;
}

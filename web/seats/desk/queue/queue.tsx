import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { mayDo, useViewer } from "../../../app/viewer.ts";
import type { CaseRowFragment } from "../../../gql/generated.ts";
import { useCases } from "../../../ui/cases/use-cases.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { useSettled } from "../../../ui/use-settled.ts";
import { openCase } from "../select-case.ts";
import { moveCursor, NO_CURSOR, type QueueMove } from "./queue-cursor.ts";
import { type QueueDialog, QueueDialogs } from "./queue-dialogs.tsx";
import { queueFilter } from "./queue-filter.ts";
import { commandOf, type QueueAction } from "./queue-keys.ts";
import { QueueList } from "./queue-list.tsx";
import { QueueTools } from "./queue-tools.tsx";
import "./queue.css";

/** The server is asked for a search when so long nothing was typed. */
const TYPED_MS = 250;

/** The cursor outlives the list: whoever comes back from a case goes on where they were. */
let lastCursor = NO_CURSOR;

/** The dispatcher's queue: open cases, overdue first, driven by keys. */
export function Queue() {
  const { t } = useTranslation();
  const area = useView((view) => view.area);
  const filters = useView((view) => view.filters);
  const queue = useView((view) => view.queue);
  const chosen = useView((view) => view.incidentRef);
  const set = useView((view) => view.set);
  const role = useViewer()?.role ?? null;
  const box = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const text = useSettled(queue.text, TYPED_MS);
  const filter = useMemo(
    () => queueFilter(area, filters, { ...queue, text }, role),
    [area, filters, queue, text, role],
  );
  const cases = useCases(area ? filter : undefined, "DUE");
  const { rows } = cases;
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const [cursor, setCursor] = useState(lastCursor);
  const [dialog, setDialog] = useState<{ readonly number: number; readonly what: QueueDialog }>();
  const dialogs = useRef(0);
  const ask = (what: QueueDialog) => setDialog({ number: ++dialogs.current, what });
  const [said, setSaid] = useState("");
  const move = useCallback((made: QueueMove) => setCursor((old) => moveCursor(old, ids, made)), [ids]);
  useEffect(() => {
    if (!cases.loading) move({ kind: "rows" });
  }, [cases.loading, move]);
  useEffect(() => {
    lastCursor = cursor;
  }, [cursor]);
  useEffect(() => {
    const { activeElement } = document;
    if (!activeElement || activeElement === document.body || activeElement.getAttribute("role") === "tab")
      box.current?.focus();
  }, []);

  // While a dialog is open nothing outside it takes the focus.
  useEffect(() => {
    if (!dialog && dialogs.current > 0) box.current?.focus();
  }, [dialog]);

  const targets = useMemo((): readonly CaseRowFragment[] => {
    const picked = rows.filter(({ id }) => cursor.selected.has(id));
    return picked.length ? picked : rows.filter(({ id }) => id === cursor.at);
  }, [rows, cursor]);
  const act = (action: QueueAction) => {
    setSaid("");
    const first = targets[0];
    if (action === "keys") ask({ kind: "keys" });
    else if (action === "find") search.current?.focus();
    else if (action === "new") {
      if (mayDo("report")) set({ intake: true });
    } else if (action === "leave") {
      if (cursor.selected.size) move({ kind: "none" });
      else if (queue.text) set({ queue: { ...queue, text: undefined } });
    } else if (!first) return;
    else if (action === "open") {
      const under = rows.find(({ id }) => id === cursor.at);
      if (under) openCase(under.ref);
    } else if (action === "advance" && mayDo("move")) ask({ kind: "advance", rows: targets });
    else if (action === "take" && mayDo("handle")) ask({ kind: "take", rows: targets });
    else if (action === "assign" && mayDo("supervise")) ask({ kind: "assign", row: first });
    else if (action === "merge" && mayDo("supervise")) ask({ kind: "merge", rows: targets });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    if (command.kind === "move") move(command.move);
    else act(command.action);
  };
  const finish = (text: string) => {
    setDialog(undefined);
    setSaid(text);
    move({ kind: "none" });
    cases.refresh();
  };
  const open = (row: CaseRowFragment) => {
    move({ kind: "to", id: row.id });
    openCase(row.ref);
  };
  return (
    <div className="queue">
      <QueueTools
        search={search}
        targets={targets.length}
        selected={cursor.selected.size}
        shown={rows.length}
        total={cases.total}
        onAction={act}
        onLeaveSearch={() => box.current?.focus()}
      />
      <p className="queue-said" role="status">
        {said}
      </p>
      {cases.error && <ErrorNote error={cases.error} retry={cases.refresh} />}
      {cases.loading && <Skeleton />}
      {!cases.loading && (rows.length > 0 || !cases.error) && (
        <QueueList
          box={box}
          rows={rows}
          fresh={cases.fresh}
          total={cases.total}
          cursor={cursor}
          chosen={chosen}
          busy={cases.loading}
          onKeyDown={onKeyDown}
          onOpen={open}
          onToggle={(id) => move({ kind: "toggle", id })}
          onMore={cases.more}
        />
      )}
      {!cases.loading && !cases.error && rows.length === 0 && (
        <EmptyNote title={t(text ? "queue.notFound" : "queue.empty")}>
          {t(text ? "queue.nothingFound" : "queue.emptyHint")}
        </EmptyNote>
      )}
      {dialog && (
        <QueueDialogs
          key={dialog.number}
          dialog={dialog.what}
          onDone={finish}
          onClose={() => {
            // The browser tells later that a dialog was closed: the next one may be open by then.
            setDialog((now) => (now?.number === dialog.number ? undefined : now));
          }}
        />
      )}
    </div>
  );
}

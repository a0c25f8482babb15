import { useEffect, useMemo, useRef, useState } from "react";
import { toLonLat } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { CommentPlanDocument, type PlanQuery, ResolveCommentDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { choose, settledGraph, useEditor } from "../state/editor.ts";
import { flyTo } from "../state/fly-to.ts";
import { type NextPin, type Pin, placeOfAnchor, usePins } from "../state/pins.ts";
import { useCellNames } from "../state/use-cell-names.ts";
import { PLAN_TEXTS } from "../texts.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";
import { useRun } from "../use-run.ts";

type Event = PlanQuery["plan"]["events"][number];

/** Threads that are pinned to a place, by number of their comment. */
function pinsOf(events: readonly Event[], graph: PlanGraph | undefined): Pin[] {
  const threads = events.filter(({ kind, thread }) => kind === "COMMENT" && !thread);
  return threads.flatMap(({ id, anchor, resolvedAt }, n): Pin[] => {
    const { point, cells = [] } = anchor ?? {};
    const at = point?.type === "Point" ? point.coordinates : graph && placeOfAnchor(graph, cells);
    return at ? [{ id, number: n + 1, at, open: resolvedAt == null }] : [];
  });
}

/** Where the comment that is being written goes: what was pinned, the chosen corner, the chosen grids. */
function usePinned(): NextPin | undefined {
  const next = usePins((state) => state.next);
  const corner = useEditor((editor) => editor.corner);
  const selected = useEditor((editor) => editor.selected);
  const graph = useEditor(settledGraph);
  return useMemo(() => {
    if (next) return next;
    if (corner) return { at: toLonLat(corner), cells: selected.slice(0, 2) };
    const at = graph && placeOfAnchor(graph, selected.slice(0, 2));
    return at && { at, cells: selected.slice(0, 2) };
  }, [next, corner, selected, graph]);
}

function SayForm({
  id,
  thread,
  again,
  stopReply,
}: {
  id: string;
  /** The comment that is answered. */
  thread: { readonly id: string; readonly number: number } | undefined;
  again: () => void;
  stopReply: () => void;
}) {
  const t = useTexts(PLAN_TEXTS);
  const words = useTexts(REVIEW_TEXTS);
  const nameOf = useCellNames();
  const { busy, error, run } = useRun();
  const [text, setText] = useState("");
  const pinned = usePinned();
  const say = (): void =>
    void run(async () => {
      const pin = !thread && pinned ? { cells: [...pinned.cells], lon: pinned.at[0], lat: pinned.at[1] } : {};
      await mutate(CommentPlanDocument, {
        input: { id, text, ...pin, ...(thread && { thread: thread.id }), key: crypto.randomUUID() },
      });
      setText("");
      usePins.setState({ next: undefined });
      stopReply();
      again();
    });
  return (
    <>
      <form
        className="plan-say"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) say();
        }}
      >
        <input
          id="plan-say"
          aria-label={t.say}
          placeholder={t.sayHint}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          // Back to the map and its keys.
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <button type="submit" className="button" disabled={busy || !text.trim()}>
          {t.send}
        </button>
      </form>
      <p className="tone-muted plan-pinned">
        {thread
          ? fill(words.replyTo, { n: thread.number })
          : pinned && fill(words.pinned, { place: pinned.cells.map(nameOf).join(" / ") || words.pinnedPlace })}{" "}
        {(thread || pinned) && (
          <button
            type="button"
            className="link"
            onClick={() => {
              stopReply();
              usePins.setState({ next: undefined });
              choose(undefined);
              useEditor.setState({ corner: undefined });
            }}
          >
            {words.unpin}
          </button>
        )}
      </p>
      {error && (
        <p role="alert" className="tone-late">
          {error}
        </p>
      )}
    </>
  );
}

/** The plan's log with its threads of comments; each that is pinned has its number on the map. */
export function CommentList({ plan, again }: { plan: PlanQuery["plan"]; again: () => void }) {
  const t = useTexts(PLAN_TEXTS);
  const words = useTexts(REVIEW_TEXTS);
  const format = useFormat();
  const { run } = useRun();
  const graph = useEditor(settledGraph);
  const focused = usePins((state) => state.focused);
  const [reply, setReply] = useState<{ id: string; number: number }>();
  const list = useRef<HTMLUListElement>(null);
  const pins = useMemo(() => pinsOf(plan.events, graph), [plan.events, graph]);
  useEffect(() => {
    usePins.setState({ pins });
    return () => usePins.setState({ pins: [] });
  }, [pins]);
  useEffect(() => {
    if (focused)
      list.current?.querySelector(`[data-event="${CSS.escape(focused)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [focused]);
  const threads = plan.events.filter(({ thread }) => !thread);
  const numberOf = new Map(threads.filter(({ kind }) => kind === "COMMENT").map(({ id }, n) => [id, n + 1] as const));
  const settle = (id: string, resolved: boolean): void =>
    void run(async () => {
      await mutate(ResolveCommentDocument, { id, resolved });
      again();
    });
  const line = ({ kind, author, at, text }: Event) => (
    <>
      <b>{t.eventNames[kind]}</b>
      <span className="tone-muted">
        {author} · {format.instant(Date.parse(at) / 1000)}
      </span>
      {text && <span>{text}</span>}
    </>
  );
  return (
    <>
      <SayForm id={plan.id} thread={reply} again={again} stopReply={() => setReply(undefined)} />
      <ul ref={list}>
        {[...threads].reverse().map((event) => {
          const number = numberOf.get(event.id);
          const pin = pins.find(({ id }) => id === event.id);
          return (
            <li
              key={event.id}
              data-event={event.id}
              data-focused={focused === event.id || undefined}
              data-resolved={event.resolvedAt != null || undefined}
            >
              {number !== undefined && <span className="plan-mark">{number}</span>}
              {line(event)}
              {pin && (
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    choose(event.anchor?.cells[0]);
                    usePins.setState({ focused: event.id });
                    flyTo(pin.at);
                  }}
                >
                  {t.goThere}
                </button>
              )}
              {number !== undefined && (
                <>
                  <button type="button" className="link" onClick={() => setReply({ id: event.id, number })}>
                    {words.reply}
                  </button>
                  <button
                    type="button"
                    className="link"
                    data-op="resolve"
                    onClick={() => settle(event.id, event.resolvedAt == null)}
                  >
                    {event.resolvedAt == null ? words.resolve : words.reopen}
                  </button>
                </>
              )}
              {event.resolvedBy && (
                <span className="tone-good">{fill(words.resolvedBy, { name: event.resolvedBy })}</span>
              )}
              {plan.events
                .filter(({ thread }) => thread === event.id)
                .map((answer) => (
                  <div key={answer.id} className="plan-answer">
                    {line(answer)}
                  </div>
                ))}
            </li>
          );
        })}
      </ul>
    </>
  );
}

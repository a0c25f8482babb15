import { type KeyboardEvent, type RefObject, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRowFragment } from "../../../gql/generated.ts";
import { CaseLine } from "../../../ui/cases/case-line.tsx";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useVirtualRows } from "../../../ui/virtual-rows.ts";
import type { QueueCursor } from "./queue-cursor.ts";

const ROW_REM = 3.25;
const CLOCK_MS = 15_000;
/** So many rows before the end the next page is asked for. */
const AHEAD = 15;

interface Props {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly rows: readonly CaseRowFragment[];
  readonly fresh: ReadonlySet<string>;
  readonly total: number;
  readonly cursor: QueueCursor;
  readonly chosen: number | undefined;
  readonly busy: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onOpen: (row: CaseRowFragment) => void;
  readonly onToggle: (id: string) => void;
  readonly onMore: () => void;
}

/** The rows of the queue: a list box that keeps the focus itself, with a cursor and selected rows (ARIA listbox pattern). */
export function QueueList(props: Props) {
  const { box, rows, fresh, total, cursor, chosen, busy, onKeyDown, onOpen, onToggle, onMore } = props;
  const { t } = useTranslation();
  const now = useNow(CLOCK_MS);
  const words = useCaseWords();
  const { from, to, row: height, show } = useVirtualRows(box, rows.length, ROW_REM);
  const at = rows.findIndex(({ id }) => id === cursor.at);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list follows the cursor, not what changes around it
  useEffect(() => {
    if (at >= 0) show(at);
  }, [cursor.at]);
  useEffect(() => {
    if (to > rows.length - AHEAD) onMore();
  }, [to, rows.length, onMore]);
  return (
    <div
      ref={box}
      className="queue-rows"
      role="listbox"
      aria-multiselectable="true"
      aria-label={t("queue.list")}
      aria-busy={busy}
      aria-activedescendant={at >= from && at < to ? `queue-${cursor.at}` : undefined}
      tabIndex={0}
      data-testid="queue"
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: rows.length * height }}>
        {rows.slice(from, to).map((row, offset) => (
          // Focus stays on the list, which is driven by keys from there; a click is the same for those with a pointer.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={row.id}
            id={`queue-${row.id}`}
            role="option"
            className="queue-row"
            aria-selected={cursor.selected.has(row.id)}
            aria-setsize={total}
            aria-posinset={from + offset + 1}
            data-cursor={row.id === cursor.at || undefined}
            data-open={row.ref === chosen || undefined}
            data-fresh={fresh.has(row.id) || undefined}
            data-ref={row.ref}
            style={{ top: (from + offset) * height, height }}
            onClick={() => onOpen(row)}
          >
            <span
              className="queue-check"
              aria-hidden="true"
              onClick={(event) => {
                event.stopPropagation();
                onToggle(row.id);
              }}
            >
              {cursor.selected.has(row.id) ? "☑" : "☐"}
            </span>
            <CaseLine row={row} now={now} words={words} />
          </div>
        ))}
      </div>
    </div>
  );
}

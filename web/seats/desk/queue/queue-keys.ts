import type { QueueMove } from "./queue-cursor.ts";

/** What a key asks of the queue beside moving in it. */
export const QUEUE_ACTIONS = ["open", "advance", "take", "assign", "merge", "new", "find", "keys", "leave"] as const;
export type QueueAction = (typeof QUEUE_ACTIONS)[number];

export type QueueCommand =
  | { readonly kind: "move"; readonly move: QueueMove }
  | { readonly kind: "do"; readonly action: QueueAction };

const PAGE_ROWS = 8;
const move = (made: QueueMove): QueueCommand => ({ kind: "move", move: made });
const act = (action: QueueAction): QueueCommand => ({ kind: "do", action });

/**
 * Keys of the queue. They hold only while the list has the focus (WCAG 2.1.4), and none of them is the visitor key `v`.
 * Letters go by what they print, so that a Chinese input method switched on does not get in the way of arrows and Enter.
 */
const COMMANDS: ReadonlyMap<string, QueueCommand> = new Map(
  Object.entries({
    j: move({ kind: "step", by: 1 }),
    ArrowDown: move({ kind: "step", by: 1 }),
    k: move({ kind: "step", by: -1 }),
    ArrowUp: move({ kind: "step", by: -1 }),
    PageDown: move({ kind: "step", by: PAGE_ROWS }),
    PageUp: move({ kind: "step", by: -PAGE_ROWS }),
    Home: move({ kind: "first" }),
    End: move({ kind: "last" }),
    x: move({ kind: "toggle" }),
    " ": move({ kind: "toggle" }),
    Enter: act("open"),
    a: act("advance"),
    t: act("take"),
    s: act("assign"),
    m: act("merge"),
    n: act("new"),
    "/": act("find"),
    "?": act("keys"),
    Escape: act("leave"),
  }),
);

/** One line of the help: the keys and the name of their text (`queue.key.<name>`). */
export const KEY_HELP: readonly { readonly keys: readonly string[]; readonly text: string }[] = [
  { keys: ["j", "↓"], text: "down" },
  { keys: ["k", "↑"], text: "up" },
  { keys: ["x", "Space"], text: "select" },
  { keys: ["Ctrl A"], text: "all" },
  { keys: ["Enter"], text: "open" },
  { keys: ["a"], text: "advance" },
  { keys: ["t"], text: "take" },
  { keys: ["s"], text: "assign" },
  { keys: ["m"], text: "merge" },
  { keys: ["n"], text: "new" },
  { keys: ["/"], text: "find" },
  { keys: ["Esc"], text: "leave" },
  { keys: ["?"], text: "keys" },
];

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** What a key asks for; undefined = nothing of ours, the browser may have it. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Pressed): QueueCommand | undefined {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return key.toLowerCase() === "a" ? move({ kind: "all" }) : undefined;
  return COMMANDS.get(key.length === 1 ? key.toLowerCase() : key);
}

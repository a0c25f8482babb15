/** Where a list driven by keys stands: the row under the cursor and the rows that were selected, by id. */
export interface QueueCursor {
  readonly at: string | undefined;
  /** Number of that row when it was last seen: the cursor stays here when the row itself leaves the list. */
  readonly index: number;
  readonly selected: ReadonlySet<string>;
}

export const NO_CURSOR: QueueCursor = { at: undefined, index: 0, selected: new Set() };

export type QueueMove =
  /** So many rows down; negative = up. */
  | { readonly kind: "step"; readonly by: number }
  | { readonly kind: "first" }
  | { readonly kind: "last" }
  | { readonly kind: "to"; readonly id: string }
  /** Selects the row under the cursor (or the named one), or lets go of it. */
  | { readonly kind: "toggle"; readonly id?: string }
  /** The same for all rows that are there. */
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  /** The list holds other rows now, or the same in another order. */
  | { readonly kind: "rows" };

const place = (ids: readonly string[], index: number, selected: ReadonlySet<string>): QueueCursor => {
  if (!ids.length) return { at: undefined, index: 0, selected };
  const at = Math.min(Math.max(index, 0), ids.length - 1);
  return { at: ids[at], index: at, selected };
};

/**
 * The cursor after a move. It follows its row through a list that others change; when the row is gone it stays at its
 * place, on the row that has moved up. What left the list is no longer selected: nobody acts on what is not seen.
 *
 * @param ids rows of the list, in order
 */
export function moveCursor(cursor: QueueCursor, ids: readonly string[], move: QueueMove): QueueCursor {
  const found = cursor.at === undefined ? -1 : ids.indexOf(cursor.at);
  const index = found >= 0 ? found : cursor.index;
  switch (move.kind) {
    case "step":
      // The first key in a list that has no cursor yet puts it on the first row.
      return cursor.at === undefined ? place(ids, 0, cursor.selected) : place(ids, index + move.by, cursor.selected);
    case "first":
      return place(ids, 0, cursor.selected);
    case "last":
      return place(ids, ids.length - 1, cursor.selected);
    case "to":
      return ids.includes(move.id) ? place(ids, ids.indexOf(move.id), cursor.selected) : cursor;
    case "toggle": {
      const id = move.id ?? cursor.at;
      if (id === undefined || !ids.includes(id)) return cursor;
      const selected = new Set(cursor.selected);
      if (!selected.delete(id)) selected.add(id);
      return place(ids, ids.indexOf(id), selected);
    }
    case "all":
      return { ...cursor, selected: ids.every((id) => cursor.selected.has(id)) ? new Set() : new Set(ids) };
    case "none":
      return { ...cursor, selected: new Set() };
    case "rows": {
      const there = new Set(ids);
      const selected = [...cursor.selected].every((id) => there.has(id))
        ? cursor.selected
        : new Set([...cursor.selected].filter((id) => there.has(id)));
      return cursor.at === undefined ? { ...cursor, selected } : place(ids, index, selected);
    }
  }
}

import { shownGraph, useEditor } from "./editor.ts";

/** Names of cells on screen, of those of today that the plan ends, and of areas by their codes; else what was asked. */
export function useCellNames(): (cell: string) => string {
  const graph = useEditor(shownGraph);
  const base = useEditor((editor) => editor.base);
  return (cell) => {
    const found = graph?.cells.get(cell) ?? base?.cells.get(cell);
    if (found) return found.name;
    for (const one of [graph, base])
      for (const { code, name } of one?.cells.values() ?? []) if (code === cell) return name;
    return cell;
  };
}

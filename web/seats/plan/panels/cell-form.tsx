import { useState } from "react";
import { changeKind } from "../../../../data/coverage/plan-graph/actions/rename.ts";
import type { PlanCell } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { type AreaKind, KINDS_OF_LEVEL } from "../../../../data/model/area.ts";
import { levelOfCode } from "../../../../data/model/codes.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { Field } from "../../../ui/field.tsx";
import { perform, settledGraph, useEditor } from "../state/editor.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** Kinds that a cell may have where it stands. */
const kindsOf = ({ code, kind }: PlanCell): readonly AreaKind[] => {
  const level = code === null ? undefined : levelOfCode(code);
  return level ? KINDS_OF_LEVEL[level] : [kind];
};

function Form({ cell }: { cell: PlanCell }) {
  const t = useTexts(REVIEW_TEXTS);
  const [name, setName] = useState(cell.name);
  const [kind, setKind] = useState<AreaKind>(cell.kind);
  const words: Readonly<Partial<Record<AreaKind, string>>> = t.kinds;
  return (
    <details className="plan-form">
      <summary id="plan-cell-form">{t.cellForm}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const graph = settledGraph(useEditor.getState());
          if (graph) perform(changeKind(graph, { cell: cell.id, kind, name: name.trim() }), "rename");
        }}
      >
        <Field label={t.cellName} value={name} onValue={setName} maxLength={60} required />
        <label className="field">
          {t.cellKind}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as AreaKind)}>
            {kindsOf(cell).map((one) => (
              <option key={one} value={one}>
                {words[one] ?? one}
              </option>
            ))}
          </select>
        </label>
        <button
          type="submit"
          className="button"
          disabled={!name.trim() || (name.trim() === cell.name && kind === cell.kind)}
        >
          {t.save}
        </button>
      </form>
    </details>
  );
}

/** Name and kind of the one grid that is chosen. */
export function CellForm() {
  const cell = useEditor((editor) => {
    const [only, more] = editor.selected;
    return only !== undefined && more === undefined ? settledGraph(editor)?.cells.get(only) : undefined;
  });
  const mayDraw = useEditor((editor) => editor.mayDraw);
  return cell && mayDraw ? <Form key={`${cell.id} ${cell.name} ${cell.kind}`} cell={cell} /> : null;
}

import { fill, useTexts } from "../../../layers/use-texts.ts";
import { choose } from "../state/editor.ts";
import { usePresence } from "../state/presence.ts";
import { useCellNames } from "../state/use-cell-names.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** Who else has the plan open, and what they hold; a click chooses it. */
export function PresenceList() {
  const t = useTexts(REVIEW_TEXTS);
  const others = usePresence((state) => state.others);
  const nameOf = useCellNames();
  if (others.length === 0) return null;
  return (
    <ul className="plan-present" aria-label={t.present} data-testid="plan-present">
      {others.map(({ name, cells }) => (
        <li key={name}>
          {cells.length === 0 ? (
            fill(t.looks, { name })
          ) : (
            <button type="button" className="link" onClick={() => choose(cells[0])}>
              {fill(t.holds, { name, cells: cells.map(nameOf).join("、") })}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

import { fill, useTexts } from "../../../layers/use-texts.ts";
import { chooseFor, conflictKey, useConflicts } from "../state/conflicts.ts";
import { flyTo } from "../state/fly-to.ts";
import { useCellNames } from "../state/use-cell-names.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** What two changed otherwise, one line for each: named, shown on the map, and decided by the planner. */
export function ConflictPanel() {
  const t = useTexts(REVIEW_TEXTS);
  const { question, chosen } = useConflicts();
  const nameOf = useCellNames();
  if (!question) return null;
  const { who, conflicts, answer, cancel } = question;
  const choices = conflicts.flatMap(({ cells }) => {
    const prefer = chosen.get(conflictKey(cells));
    return prefer ? [{ cells, prefer }] : [];
  });
  const placeOf = (cells: readonly string[]): string => {
    const [a = "", b] = cells.map(nameOf);
    if (b === undefined) return fill(t.cellOf, { a });
    if (cells.length === 2) return fill(t.border, { a, b });
    return fill(t.corner, { names: cells.map(nameOf).join(t.listComma) });
  };
  return (
    <section className="plan-question" aria-label={fill(t.conflictTitle, { who })} data-testid="plan-conflicts">
      <h2>{fill(t.conflictTitle, { who })}</h2>
      <p>{t.conflictHint}</p>
      <ul>
        {conflicts.map((conflict) => {
          const key = conflictKey(conflict.cells);
          return (
            <li key={key} data-conflict={key}>
              <fieldset>
                <legend>
                  {placeOf(conflict.cells)}{" "}
                  {conflict.where && (
                    <button type="button" className="link" onClick={() => conflict.where && flyTo(conflict.where)}>
                      {t.locate}
                    </button>
                  )}
                </legend>
                {(["mine", "theirs"] as const).map((prefer) => (
                  <label key={prefer}>
                    <input
                      type="radio"
                      name={key}
                      value={prefer}
                      checked={chosen.get(key) === prefer}
                      onChange={() => chooseFor([conflict], prefer)}
                    />{" "}
                    {t[prefer]}
                  </label>
                ))}
              </fieldset>
            </li>
          );
        })}
      </ul>
      <div className="plan-steps">
        <button type="button" className="button" onClick={() => chooseFor(conflicts, "mine")}>
          {t.allMine}
        </button>
        <button type="button" className="button" onClick={() => chooseFor(conflicts, "theirs")}>
          {t.allTheirs}
        </button>
        <button
          type="button"
          className="button primary"
          data-op="mergeConflicts"
          disabled={choices.length < conflicts.length}
          onClick={() => answer(choices)}
        >
          {t.mergeNow}
        </button>
        {cancel && (
          <button type="button" className="button" onClick={cancel}>
            {t.later}
          </button>
        )}
      </div>
    </section>
  );
}

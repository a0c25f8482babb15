import { useState } from "react";
import { type BoundSide, SavePlanBoundsDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Field } from "../../../ui/field.tsx";
import { useRun } from "../use-run.ts";
import { PRINT_TEXTS } from "./texts.ts";
import type { PaperGrid } from "./use-paper.ts";

const FIELD_OF = { EAST: "east", SOUTH: "south", WEST: "west", NORTH: "north" } as const;

/** The four bounds of a grid in words; a planner edits them on screen. */
export function BoundsPart({
  plan,
  grid,
  may,
  again,
}: {
  readonly plan: string;
  readonly grid: PaperGrid;
  readonly may: boolean;
  readonly again: () => void;
}) {
  const t = useTexts(PRINT_TEXTS);
  const [texts, setTexts] = useState<Partial<Record<BoundSide, string>>>();
  const { busy, error, run } = useRun();
  if (texts)
    return (
      <form
        className="paper-bounds screen-only"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const changed = grid.sides.filter(({ side, text }) => (texts[side] ?? text) !== text);
            const sides = Object.fromEntries(changed.map(({ side }) => [FIELD_OF[side], texts[side] ?? ""]));
            await mutate(SavePlanBoundsDocument, {
              input: { id: plan, cell: grid.cell, key: crypto.randomUUID(), ...sides },
            });
            setTexts(undefined);
            again();
          });
        }}
      >
        {grid.sides.map(({ side, text, proposed }) => (
          <Field
            key={side}
            label={t.sides[side]}
            value={texts[side] ?? text}
            onValue={(value) => setTexts({ ...texts, [side]: value })}
            note={proposed && fill(t.proposed, { text: proposed })}
          />
        ))}
        <div className="plan-steps">
          <button type="submit" className="button primary" disabled={busy}>
            {t.save}
          </button>
          <button type="button" className="button" onClick={() => setTexts(undefined)}>
            {t.cancel}
          </button>
        </div>
        {error && (
          <p role="alert" className="tone-late">
            {error}
          </p>
        )}
      </form>
    );
  return (
    <div className="paper-bounds" data-bounds={grid.code}>
      <b>{t.bounds}</b>
      {grid.sides.map(({ side, text, editedBy }) => (
        <span key={side} data-side={side}>
          {text || fill(t.noBound, { side: t.sides[side] })}
          {editedBy && <small className="screen-only tone-muted"> {fill(t.edited, { by: editedBy })}</small>}
        </span>
      ))}
      {may && (
        <button type="button" className="button screen-only" onClick={() => setTexts({})}>
          {t.edit}
        </button>
      )}
    </div>
  );
}

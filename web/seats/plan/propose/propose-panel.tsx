import { useEffect, useState } from "react";
import { useTexts } from "../../../layers/use-texts.ts";
import { useEditor } from "../state/editor.ts";
import { unlockAll } from "./locked-grids.ts";
import { useProposal } from "./proposal-store.ts";
import { ProposeForm } from "./propose-form.tsx";
import { ProposedStops } from "./proposed-stops.tsx";
import { forgetProposal } from "./run-proposal.ts";
import { PROPOSE_TEXTS } from "./texts.ts";
import "./propose.css";

/** A button at the foot of the map, and what opens from it: choose what to divide, compare, take. */
export function ProposePanel() {
  const t = useTexts(PROPOSE_TEXTS);
  const [isOpen, setOpen] = useState(false);
  const mayDraw = useEditor((editor) => editor.mayDraw);
  const state = useProposal((proposal) => proposal.state);
  const error = useProposal((proposal) => proposal.error);
  useEffect(
    () => () => {
      forgetProposal();
      unlockAll();
    },
    [],
  );
  if (!mayDraw) return null;
  if (!isOpen)
    return (
      <button
        type="button"
        className="button propose-open"
        data-op="propose"
        title={t.openHint}
        onClick={() => setOpen(true)}
      >
        {t.open}
      </button>
    );
  const close = (): void => {
    forgetProposal();
    setOpen(false);
  };
  return (
    <section className="propose" aria-label={t.title} data-testid="propose" data-state={state}>
      <header className="propose-head">
        <h2>{t.title}</h2>
        <ProposeForm t={t} />
        <button type="button" className="button" onClick={close}>
          {t.close}
        </button>
      </header>
      {state === "failed" && (
        <p role="alert" className="tone-late">
          <strong>{t.failed}</strong> {error}
        </p>
      )}
      <ProposedStops t={t} />
    </section>
  );
}

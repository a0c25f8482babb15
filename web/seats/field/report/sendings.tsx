import { useEffect, useState } from "react";
import { useView } from "../../../app/view-state.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { tryNow } from "../keep-trying.ts";
import { FIELD_TEXTS } from "../texts.ts";
import { dismiss, editAgain, type Sending, useOwnSendings } from "./report-store.ts";

/** What was sent and what waits to be, newest first. @param caseRef the case on screen: that it was sent needs no saying */
export function Sendings({ caseRef }: { caseRef?: number }) {
  const t = useTexts(FIELD_TEXTS);
  const sendings = useOwnSendings().filter(
    ({ state, receipt, addTo }) =>
      caseRef === undefined || state !== "sent" || (receipt?.incident.ref ?? addTo?.ref) !== caseRef,
  );
  if (!sendings.length) return null;
  return (
    <ul className="field-list" aria-label={t.unsent} data-testid="sendings">
      {[...sendings].reverse().map((sending) => (
        <li key={sending.key} className="field-card" data-state={sending.state}>
          <strong>{sending.title}</strong>
          <State sending={sending} />
        </li>
      ))}
    </ul>
  );
}

function State({ sending }: { sending: Sending }) {
  const t = useTexts(FIELD_TEXTS);
  const { key, state, waitsUntil, receipt, addTo, error } = sending;
  const ref = receipt?.incident.ref ?? addTo?.ref;
  const open = (): void => useView.getState().set({ incidentRef: ref });
  if (state === "sent")
    return (
      <>
        <p role="status" className="tone-good">
          ✓ {t.sent}
        </p>
        <p>
          {receipt
            ? fill(t.sentOrder, { orderNo: receipt.orderNo, code: receipt.code })
            : fill(t.sentPhoto, { ref: ref ?? "" })}
        </p>
        <div className="field-actions">
          <button type="button" className="button" onClick={open}>
            {t.openIt}
          </button>
          <button type="button" className="button" onClick={() => dismiss(key)}>
            {t.dismiss}
          </button>
        </div>
      </>
    );
  if (state === "refused")
    return (
      <>
        <p role="alert" className="tone-late">
          {fill((receipt ?? addTo) ? t.refusedPhoto : t.refused, {
            message: [error?.message, error?.hint].filter(Boolean).join(" "),
          })}
        </p>
        <div className="field-actions">
          {!receipt && (
            <button
              type="button"
              className="button"
              onClick={() => {
                editAgain(sending);
                useView.getState().set({ intake: true });
              }}
            >
              {t.editAgain}
            </button>
          )}
          <button type="button" className="button" onClick={() => dismiss(key)}>
            {t.dismiss}
          </button>
        </div>
      </>
    );
  if (waitsUntil !== undefined) return <Waiting until={waitsUntil} />;
  return <p role="status">{state === "photo" ? t.sendingPhoto : t.sending}</p>;
}

/** Counts down to the next try. */
function Waiting({ until }: { until: number }) {
  const t = useTexts(FIELD_TEXTS);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <p role="status" className="tone-soon">
        ◆ {fill(t.waiting, { seconds: Math.max(0, Math.ceil((until - now) / 1000)) })}
      </p>
      <button type="button" className="button" onClick={tryNow}>
        {t.tryNow}
      </button>
    </>
  );
}

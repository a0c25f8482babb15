import { type FormEvent, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES } from "../../../../data/model/incident.ts";
import { useView } from "../../../app/view-state.ts";
import { mayDo } from "../../../app/viewer.ts";
import {
  CaseMergeDocument,
  type CaseRowFragment,
  IntakeReportDocument,
  type IntakeReportMutation,
} from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { Field } from "../../../ui/field.tsx";
import { RefusalText } from "../cases/refusal.tsx";
import { TextField } from "../cases/text-field.tsx";
import { useWrite } from "../cases/use-write.ts";
import { openCase } from "../select-case.ts";
import { ClassPicker } from "./class-picker.tsx";
import { type Draft, draftFaults, reportOf, TITLE_LENGTH } from "./draft.ts";
import { OwnershipPanel } from "./ownership-panel.tsx";
import { PlacePicker } from "./place-picker.tsx";
import { useDraft } from "./use-draft.ts";
import "../cases/case-page.css";
import "../queue/queue.css";
import "./intake.css";

type Receipt = IntakeReportMutation["reportIncident"];

/** What the caller is told: the number, and the code that is shown this once. */
function Sent({
  receipt,
  joinedTo,
  trouble,
  onNext,
}: {
  receipt: Receipt;
  joinedTo: number | undefined;
  trouble: string | undefined;
  onNext: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="sent" data-testid="receipt">
      <p role="status">
        <strong>{t("intake.sent", { ref: receipt.incident.ref })}</strong>
      </p>
      {joinedTo !== undefined && !trouble && <p>{t("intake.joined", { ref: joinedTo })}</p>}
      {trouble && (
        <p role="alert" className="tone-late">
          {t("intake.notJoined", { ref: joinedTo })} {trouble}
        </p>
      )}
      <dl className="facts">
        <dt>{t("intake.orderNo")}</dt>
        <dd>
          <output>{receipt.orderNo}</output>
        </dd>
        <dt>{t("intake.code")}</dt>
        <dd>
          <output>{receipt.code}</output>
        </dd>
      </dl>
      <p className="tone-soon">{t("intake.codeOnce")}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onNext}>
          {t("intake.next")}
        </button>
        <button type="button" className="button primary" onClick={() => openCase(receipt.incident.ref)}>
          {t("intake.toCase")}
        </button>
      </div>
    </div>
  );
}

/** Takes a new case down: where, what, how grave, from whom; shows at once whose it is and what may be the same. */
export function Intake() {
  const { t } = useTranslation();
  const county = useView((view) => view.county);
  const set = useView((view) => view.set);
  const { draft, change, clear } = useDraft(county);
  const [join, setJoin] = useState<CaseRowFragment>();
  const [sent, setSent] = useState<{ receipt: Receipt; joinedTo: number | undefined; trouble: string | undefined }>();
  const { busy, refusal, run } = useWrite();
  const faults = draftFaults(draft);
  const onPoint = useCallback((point: LonLat) => change({ point }), [change]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = reportOf(draft, county);
    if (!input) return;
    void run(async () => {
      const { reportIncident: receipt } = await mutate(IntakeReportDocument, { input });
      let trouble: string | undefined;
      if (join) {
        // The report stands by itself whatever becomes of joining it: nothing that was said is lost.
        const merge = {
          ...{ into: join.id, version: join.version ?? 0, cases: [receipt.incident.id] },
          reason: t("intake.joinReason"),
        };
        try {
          await mutate(CaseMergeDocument, { input: { ...merge, key: `${draft.key}.join` } });
        } catch (cause) {
          trouble = (cause as Error).message;
        }
      }
      setSent({ receipt, joinedTo: join?.ref, trouble });
      setJoin(undefined);
      clear();
    });
  };
  const choice = <K extends "severity" | "source">(
    field: K,
    words: readonly string[],
    text: (word: string) => string,
  ) => (
    <label className="field">
      <span>{t(`intake.${field}`)}</span>
      <select
        className="select"
        value={draft[field]}
        onChange={(event) => change({ [field]: event.currentTarget.value as Draft[K] })}
      >
        {words.map((word) => (
          <option key={word} value={word.toUpperCase()}>
            {text(word)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section className="card case-page intake" aria-label={t("intake.title")} data-testid="intake">
      <header>
        <h2>{t("intake.title")}</h2>
        <button type="button" className="button" onClick={() => set({ intake: undefined })}>
          {t("caseFile.back")}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="body" tabIndex={0} aria-label={t("desk.details")}>
        {sent ? (
          <Sent {...sent} onNext={() => setSent(undefined)} />
        ) : (
          <form className="intake-form" onSubmit={submit}>
            <div className="case-columns">
              <div>
                <PlacePicker point={draft.point} onPoint={onPoint} />
                <ClassPicker value={draft.class} onValue={(code) => change({ class: code })} />
                <TextField
                  label={t("intake.what")}
                  required
                  hint={t("intake.whatHint")}
                  maxLength={TITLE_LENGTH}
                  value={draft.title}
                  onValue={(title) => change({ title })}
                />
                <div className="intake-pair">
                  {choice("severity", INCIDENT_SEVERITIES, (word) => t(`severity.${word}`))}
                  {choice("source", INCIDENT_SOURCES, (word) => t(`source.${word}`))}
                </div>
                <Field
                  label={t("intake.contact")}
                  note={t("intake.contactHint")}
                  maxLength={TITLE_LENGTH}
                  autoComplete="off"
                  value={draft.contact}
                  onValue={(contact) => change({ contact })}
                />
              </div>
              <div>
                {draft.point ? (
                  <OwnershipPanel
                    point={draft.point}
                    code={draft.class}
                    joined={join?.id}
                    onJoin={mayDo("supervise") ? setJoin : (row) => row && openCase(row.ref)}
                  />
                ) : (
                  <p className="tone-muted">{t("intake.ownerLater")}</p>
                )}
              </div>
            </div>
            {refusal && (
              <p role="alert" className="tone-late">
                {refusal.code === "CONFLICT" ? (
                  t("intake.alreadySent")
                ) : (
                  <>
                    <RefusalText refusal={refusal} /> {t("intake.kept")}
                  </>
                )}
              </p>
            )}
            <div className="dialog-actions">
              <span className="tone-muted">
                {faults.length
                  ? t("intake.missing", {
                      list: faults.map((fault) => t(`intake.fault.${fault}`)).join(t("mark.comma")),
                    })
                  : join
                    ? t("intake.willJoin", { ref: join.ref })
                    : ""}
              </span>
              <button type="button" className="button" onClick={clear}>
                {t("intake.clear")}
              </button>
              <button type="submit" className="button primary" disabled={busy || faults.length > 0}>
                {t(join ? "intake.sendJoin" : "intake.send")}
              </button>
            </div>
          </form>
        )}
      </section>
    </section>
  );
}

import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { CaseMergeDocument, CaseOwnershipDocument, type CaseRowFragment } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { CaseLine } from "../../../ui/cases/case-line.tsx";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { clientKeys } from "./client-keys.ts";
import { ConflictNote, RefusalText } from "./refusal.tsx";
import { textFault } from "./step-options.ts";
import { TextField } from "./text-field.tsx";
import { useWrite } from "./use-write.ts";

const CLOCK_MS = 60_000;

/**
 * Merges cases that are one matter: those selected, and those that are alike in place, time and class. One goes on, the
 * others end as part of it.
 */
export function MergeForm({
  rows,
  onDone,
  onCancel,
}: {
  rows: readonly CaseRowFragment[];
  onDone: (count: number) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const county = useView((view) => view.county);
  const [base] = rows;
  const [lon, lat] = base?.point ?? [];
  const { data } = useQuery(
    CaseOwnershipDocument,
    base && lon !== undefined && lat !== undefined
      ? { county, lon, lat, class: base.class.code, at: base.openedAt, acts: true }
      : undefined,
  );
  const given = new Set(rows.map(({ id }) => id));
  const similar = (data?.ownership.similar ?? []).filter(({ incident }) => !given.has(incident.id));
  const [into, setInto] = useState(base?.id);
  const [picked, setPicked] = useState<ReadonlySet<string>>(given);
  const [versions, setVersions] = useState<ReadonlyMap<string, number>>(new Map());
  const [reason, setReason] = useState("");
  const { busy, refusal, run, forget } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const all = [...rows, ...similar.map(({ incident }) => incident)];
  const kept = all.find(({ id }) => id === into);
  const merged = all.filter(({ id }) => id !== into && picked.has(id));
  const version = kept && (versions.get(kept.id) ?? kept.version ?? 0);
  const toggle = (id: string) =>
    setPicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!kept || version === undefined) return;
    void run(async () => {
      const input = { into: kept.id, version, cases: merged.map(({ id }) => id), reason: reason.trim() };
      await mutate(CaseMergeDocument, { input: { ...input, key: keyOf(input) } });
      onDone(merged.length);
    });
  };
  const line = (row: CaseRowFragment, why?: string) => (
    <li key={row.id} className="merge-row">
      <label>
        <input
          type="checkbox"
          checked={picked.has(row.id) || row.id === into}
          disabled={row.id === into}
          onChange={() => toggle(row.id)}
        />
        <span className="sr-only">{t("merge.include", { ref: row.ref })}</span>
      </label>
      <div>
        <CaseLine row={row} now={now} />
        {why && <span className="tone-muted field-note">{why}</span>}
      </div>
      <label className="merge-keep">
        <input type="radio" name="into" checked={row.id === into} onChange={() => setInto(row.id)} />
        {t("merge.keep")}
      </label>
    </li>
  );
  return (
    <form className="step-form" onSubmit={submit} data-testid="merge-form">
      <p>{t("merge.explain")}</p>
      <ul className="merge-rows">
        {rows.map((row) => line(row))}
        {similar.map(({ incident, distanceM, minutes, score }) =>
          line(
            incident,
            t("merge.alike", {
              metres: format.number(Math.round(distanceM)),
              time: format.duration(minutes * 60),
              score: Math.round(score * 100),
            }),
          ),
        )}
      </ul>
      {rows.length < 2 && data && !similar.length && <p className="tone-muted">{t("merge.noneAlike")}</p>}
      <TextField label={t("step.reason")} required hint={t("merge.reasonHint")} value={reason} onValue={setReason} />
      {refusal && (
        <p role="alert" className="tone-late">
          <RefusalText refusal={refusal} />
        </p>
      )}
      {refusal?.code === "CONFLICT" && kept && version !== undefined && (
        <ConflictNote
          id={kept.id}
          seen={version}
          onNow={(row) => {
            setVersions((old) => new Map(old).set(row.id, row.version ?? 0));
            forget();
          }}
        />
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>
          {t("action.cancel")}
        </button>
        <button
          type="submit"
          className="button primary"
          disabled={busy || !merged.length || !kept || !reason.trim() || !!textFault(reason)}
        >
          {t("merge.do", { count: merged.length })}
        </button>
      </div>
    </form>
  );
}

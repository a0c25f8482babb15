import { type FormEvent, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  AdminAuditDocument,
  type AdminAuditQuery,
  type AdminAuditQueryVariables,
  AdminAuditVerificationDocument,
  type AdminAuditVerificationQuery,
} from "../../gql/generated.ts";
import { request } from "../../gql/request.ts";
import { useQuery } from "../../gql/use-query.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableModel } from "../../ui/table-model.ts";

type Filter = AdminAuditQueryVariables["filter"];
type Row = AdminAuditQuery["auditLog"]["nodes"][number];
type Verification = AdminAuditVerificationQuery["auditVerification"];

import { roleKey } from "./roles.ts";

/** Digits of a hash that a person compares. */
const HASH_DIGITS = 12;

const day = (form: FormData, name: string): string | null => {
  const value = String(form.get(name) ?? "");
  return value === "" ? null : new Date(`${value}T00:00`).toISOString();
};
const words = (form: FormData, name: string): string | null => String(form.get(name) ?? "").trim() || null;

/** Rows after the first page, for one filter. */
function useMore(filter: Filter) {
  const [more, setMore] = useState<{ filter: Filter; rows: readonly Row[]; after: string | null | undefined }>();
  const held = more?.filter === filter ? more : undefined;
  const load = useCallback(
    async (after: string) => {
      const { auditLog } = await request(AdminAuditDocument, { filter, after });
      setMore((old) => ({
        filter,
        rows: [...(old?.filter === filter ? old.rows : []), ...auditLog.nodes],
        after: auditLog.pageInfo.hasNextPage ? auditLog.pageInfo.endCursor : null,
      }));
    },
    [filter],
  );
  return { rows: held?.rows ?? [], after: held?.after, load };
}

/** What a check of the chain found, in one line. */
function VerificationNote({ result }: { result: Verification }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p role="status" data-testid="verification">
      <Badge tone={result.ok ? "good" : "severe"} sign={result.ok ? "✓" : "✕"}>
        {result.ok
          ? t("admin.audit.whole", { rows: format.number(result.rows) })
          : t("admin.audit.broken", { seq: result.firstBadSeq ?? "–", id: result.firstBadId ?? "–" })}
      </Badge>{" "}
      {result.problem} {result.unsealed > 0 && t("admin.audit.unsealed", { rows: format.number(result.unsealed) })}{" "}
      {!result.headChecked && t("admin.audit.headUnchecked")}
    </p>
  );
}

/** The auditor's page: who did what, from where and why; proof that nothing was changed; export. */
export function AuditTab({ county }: { county: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [filter, setFilter] = useState<Filter>({ county });
  const [verification, setVerification] = useState<Verification>();
  const [failure, setFailure] = useState<Error>();
  const [checking, setChecking] = useState(false);
  const asked = filter.county === county ? filter : { county };
  const { data, error, loading, retry } = useQuery(AdminAuditDocument, { filter: asked, after: null });
  const more = useMore(asked);
  const first = data?.auditLog;
  const rows = [...(first?.nodes ?? []), ...more.rows];
  const next = more.after === undefined ? (first?.pageInfo.hasNextPage ? first.pageInfo.endCursor : null) : more.after;
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setFilter({
      county,
      from: day(form, "from"),
      to: day(form, "to"),
      actor: words(form, "actor"),
      action: words(form, "action"),
      entity: words(form, "entity"),
    });
  };
  const check = async () => {
    setChecking(true);
    setFailure(undefined);
    try {
      setVerification((await request(AdminAuditVerificationDocument, { county })).auditVerification);
    } catch (cause) {
      setFailure(cause as Error);
    }
    setChecking(false);
  };
  const exportPath = `/audit.csv?${new URLSearchParams(
    Object.entries(asked).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  )}`;
  const model: TableModel = {
    title: t("admin.audit.title"),
    notes: [],
    columns: [
      { key: "seq", title: t("admin.audit.seq"), align: "end" },
      { key: "at", title: t("admin.audit.at") },
      { key: "actor", title: t("admin.audit.actor") },
      { key: "address", title: t("admin.audit.address") },
      { key: "action", title: t("admin.audit.action") },
      { key: "entity", title: t("admin.audit.entity") },
      { key: "reason", title: t("admin.reason") },
      { key: "hash", title: t("admin.audit.hash") },
    ],
    rows: rows.map((row) => ({
      key: row.id,
      seq: row.seq === null ? "…" : row.seq,
      at: format.instant(Date.parse(row.at) / 1000),
      actor: [row.actorName ?? row.actor, row.role && t(`role.${roleKey(row.role)}`)].filter(Boolean).join(" · "),
      address: row.address ?? "–",
      action: row.action,
      entity: row.entity,
      reason: row.reason ?? "–",
      hash: row.hash?.slice(0, HASH_DIGITS) ?? "…",
    })),
  };
  return (
    <section className="admin-list" aria-label={t("admin.audit.title")}>
      <form className="admin-tools admin-filter" onSubmit={apply}>
        <label>
          {t("admin.audit.from")}
          <input type="date" name="from" />
        </label>
        <label>
          {t("admin.audit.to")}
          <input type="date" name="to" />
        </label>
        <label>
          {t("admin.audit.actor")}
          <input name="actor" maxLength={60} />
        </label>
        <label>
          {t("admin.audit.action")}
          <input name="action" maxLength={60} placeholder="account." />
        </label>
        <label>
          {t("admin.audit.entity")}
          <input name="entity" maxLength={60} />
        </label>
        <button type="submit" className="button primary">
          {t("admin.audit.apply")}
        </button>
        <button type="button" className="button" disabled={checking} onClick={() => void check()}>
          {t(checking ? "admin.audit.checking" : "admin.audit.verify")}
        </button>
        <a className="button" href={exportPath} download>
          {t("admin.audit.export")}
        </a>
      </form>
      {verification && <VerificationNote result={verification} />}
      {failure && <ErrorNote error={failure} retry={() => void check()} />}
      {error && <ErrorNote error={error} retry={retry} />}
      {loading && !data && <Skeleton />}
      {first && (
        <p className="tone-muted">
          {t("admin.audit.count", { shown: format.number(rows.length), total: format.number(first.totalCount) })}
        </p>
      )}
      {first && rows.length === 0 && <EmptyNote title={t("admin.audit.none")}>{t("admin.audit.noneHint")}</EmptyNote>}
      {rows.length > 0 && (
        <DataTable
          testId="audit"
          model={model}
          show={{
            actor: (value, row) => <span title={rows[row]?.actor}>{value}</span>,
            hash: (value, row) => <code title={rows[row]?.hash ?? undefined}>{value}</code>,
          }}
        />
      )}
      {next && (
        <button type="button" className="button" onClick={() => void more.load(next).catch(setFailure)}>
          {t("admin.audit.more")}
        </button>
      )}
    </section>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../app/server-clock.ts";
import {
  type AdminTokenFragment,
  AdminTokensDocument,
  CreateApiTokenDocument,
  RevokeApiTokenDocument,
  type Role,
} from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { useQuery } from "../../gql/use-query.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { AreaFields } from "./area-fields.tsx";
import { ActionForm, type Secret, SecretOnce } from "./dialogs.tsx";
import { ROLE_CHOICES, roleKey } from "./roles.ts";
import { useAreas } from "./use-areas.ts";

const DAYS = [30, 90, 180, 366];

/** Tokens for programs: made once, shown once, ended at any time. */
export function TokensTab({ county }: { county: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const areas = useAreas(county);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<AdminTokenFragment>();
  const [secret, setSecret] = useState<Secret>();
  const { data, error, loading, retry } = useQuery(AdminTokensDocument, { county });
  const tokens = data?.apiTokens ?? [];
  const instant = (iso: string | null): string => (iso ? format.instant(Date.parse(iso) / 1000) : "–");
  const state = (token: AdminTokenFragment): string => {
    if (token.revokedAt) return t("admin.tokens.revoked", { time: instant(token.revokedAt) });
    if (Date.parse(token.expiresAt) <= serverNow()) return t("admin.tokens.expired");
    return t("admin.tokens.valid", { time: instant(token.expiresAt) });
  };
  const model: TableModel = {
    title: t("admin.tokens.title"),
    notes: [],
    columns: [
      { key: "name", title: t("admin.tokens.name") },
      { key: "role", title: t("admin.role") },
      { key: "area", title: t("admin.area") },
      { key: "state", title: t("admin.users.state") },
      { key: "used", title: t("admin.tokens.used") },
      { key: "revoke", title: t("admin.actions") },
    ],
    rows: tokens.map((token) => ({
      key: token.id,
      name: token.name,
      role: t(`role.${roleKey(token.role)}`),
      area: token.areaName,
      state: state(token),
      used: instant(token.usedAt),
      revoke: "",
    })),
  };
  return (
    <section className="admin-list" aria-label={t("admin.tokens.title")}>
      <div className="admin-tools">
        <p className="tone-muted">{t("admin.tokens.hint")}</p>
        <button type="button" className="button primary" onClick={() => setCreating(true)}>
          {t("admin.tokens.create")}
        </button>
      </div>
      {error && <ErrorNote error={error} retry={retry} />}
      {loading && !data && <Skeleton />}
      {data && tokens.length === 0 && (
        <EmptyNote title={t("admin.tokens.none")}>{t("admin.tokens.noneHint")}</EmptyNote>
      )}
      {tokens.length > 0 && (
        <DataTable
          testId="tokens"
          model={model}
          show={{
            revoke: (_, row) => {
              const token = tokens[row];
              return token && !token.revokedAt ? (
                <button type="button" className="link" onClick={() => setRevoking(token)}>
                  {t("admin.tokens.revoke")}
                </button>
              ) : null;
            },
          }}
        />
      )}
      {creating && (
        <ActionForm
          title={t("admin.tokens.create")}
          action={t("admin.tokens.create")}
          explanation={t("admin.tokens.createHint")}
          onClose={() => setCreating(false)}
          onSubmit={async (form, reason) => {
            const { createApiToken } = await mutate(CreateApiTokenDocument, {
              name: String(form.get("name") ?? "").trim(),
              role: String(form.get("role")) as Role,
              areaCode: String(form.get("area")),
              days: Number(form.get("days")),
              reason: reason || null,
            });
            setSecret({
              title: t("admin.tokens.made", { name: createApiToken.token.name }),
              explanation: t("admin.tokens.madeHint"),
              text: createApiToken.secret,
            });
            retry();
          }}
        >
          <label>
            {t("admin.tokens.name")}
            <input name="name" required maxLength={60} autoComplete="off" />
          </label>
          <label>
            {t("admin.tokens.days")}
            <select name="days" className="select" defaultValue={90}>
              {DAYS.map((days) => (
                <option key={days} value={days}>
                  {t("admin.tokens.daysOf", { days })}
                </option>
              ))}
            </select>
          </label>
          <AreaFields
            county={county}
            areas={areas}
            roles={ROLE_CHOICES.filter((role) => role !== "AUDITOR" && role !== "ADMIN")}
          />
        </ActionForm>
      )}
      {revoking && (
        <ActionForm
          title={t("admin.tokens.revokeOf", { name: revoking.name })}
          action={t("admin.tokens.revoke")}
          explanation={t("admin.tokens.revokeHint")}
          onClose={() => setRevoking(undefined)}
          onSubmit={async (_, reason) => {
            await mutate(RevokeApiTokenDocument, { id: revoking.id, reason: reason || null });
            retry();
          }}
        />
      )}
      {secret && <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />}
    </section>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../app/server-clock.ts";
import type { AreaFeature } from "../../data/county-data.ts";
import {
  type AdminAccountFragment,
  DisableAccountDocument,
  GrantRoleDocument,
  ResetPasswordDocument,
  RevokeGrantDocument,
  type Role,
} from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { useFormat } from "../../ui/format.ts";
import { AreaFields } from "./area-fields.tsx";
import { ActionForm, type Secret } from "./dialogs.tsx";
import { firstPassword } from "./first-password.ts";

interface Props {
  readonly account: AdminAccountFragment;
  readonly county: string;
  readonly areas: readonly AreaFeature[];
  /** Area on screen: where a new grant begins. */
  readonly area: string;
  readonly onSecret: (secret: Secret) => void;
  readonly onChanged: () => void;
}

type Doing = { readonly kind: "grant" | "reset" | "disable" } | { readonly kind: "revoke"; readonly id: string };

import { roleKey } from "./roles.ts";

/** One account: what it may do where, and what an administrator may do with it. */
export function AccountCard({ account, county, areas, area, onSecret, onChanged }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [doing, setDoing] = useState<Doing>();
  const instant = (iso: string): string => format.instant(Date.parse(iso) / 1000);
  const done = () => setDoing(undefined);
  const revoked = doing?.kind === "revoke" ? account.grants.find(({ id }) => id === doing.id) : undefined;
  return (
    <article className="card account-card" data-testid="account">
      <header>
        <h2>{account.name}</h2>
        <code>{account.login}</code>
      </header>
      <div className="body">
        <dl className="facts">
          <dt>{t("admin.users.created")}</dt>
          <dd>{instant(account.createdAt)}</dd>
          <dt>{t("admin.users.sessions")}</dt>
          <dd>{account.openSessions}</dd>
          {account.lockedUntil && Date.parse(account.lockedUntil) > serverNow() && (
            <>
              <dt>{t("admin.users.locked")}</dt>
              <dd>{t("admin.users.until", { time: instant(account.lockedUntil) })}</dd>
            </>
          )}
          {account.demo && (
            <>
              <dt>{t("demo.mark")}</dt>
              <dd>{t("admin.users.demoHint")}</dd>
            </>
          )}
        </dl>
        <h3>{t("admin.users.grants")}</h3>
        {account.grants.length === 0 && <p className="tone-soon">{t("admin.users.noGrants")}</p>}
        <ul className="grants">
          {account.grants.map((grant) => (
            <li key={grant.id}>
              <strong>{t(`role.${roleKey(grant.role)}`)}</strong> · {grant.areaName} <code>{grant.areaCode}</code>
              <small>{t("admin.users.grantedAt", { time: instant(grant.grantedAt) })}</small>
              <button type="button" className="link" onClick={() => setDoing({ kind: "revoke", id: grant.id })}>
                {t("admin.users.revoke")}
              </button>
            </li>
          ))}
        </ul>
        <div className="admin-tools">
          <button type="button" className="button primary" onClick={() => setDoing({ kind: "grant" })}>
            {t("admin.users.grant")}
          </button>
          <button type="button" className="button" onClick={() => setDoing({ kind: "reset" })} disabled={account.demo}>
            {t("admin.users.reset")}
          </button>
          <button type="button" className="button" onClick={() => setDoing({ kind: "disable" })}>
            {t(account.disabledAt ? "admin.users.enable" : "admin.users.disable")}
          </button>
        </div>
      </div>
      {doing?.kind === "grant" && (
        <ActionForm
          title={t("admin.users.grantTo", { name: account.name })}
          action={t("admin.users.grant")}
          explanation={t("admin.users.grantHint")}
          onClose={done}
          onSubmit={async (form, reason) => {
            await mutate(GrantRoleDocument, {
              account: account.id,
              role: String(form.get("role")) as Role,
              areaCode: String(form.get("area")),
              reason: reason || null,
            });
            onChanged();
          }}
        >
          <AreaFields county={county} areas={areas} initial={area} />
        </ActionForm>
      )}
      {doing?.kind === "reset" && (
        <ActionForm
          title={t("admin.users.resetOf", { name: account.name })}
          action={t("admin.users.reset")}
          explanation={t("admin.users.resetHint")}
          onClose={done}
          onSubmit={async (_, reason) => {
            const { resetPassword } = await mutate(ResetPasswordDocument, {
              id: account.id,
              version: account.version,
              reason: reason || null,
            });
            onSecret(firstPassword(t, resetPassword));
            onChanged();
          }}
        />
      )}
      {doing?.kind === "disable" && (
        <ActionForm
          title={t(account.disabledAt ? "admin.users.enableOf" : "admin.users.disableOf", { name: account.name })}
          action={t(account.disabledAt ? "admin.users.enable" : "admin.users.disable")}
          explanation={t(account.disabledAt ? "admin.users.enableHint" : "admin.users.disableHint")}
          onClose={done}
          onSubmit={async (_, reason) => {
            await mutate(DisableAccountDocument, {
              id: account.id,
              disabled: !account.disabledAt,
              version: account.version,
              reason: reason || null,
            });
            onChanged();
          }}
        />
      )}
      {doing?.kind === "revoke" && revoked && (
        <ActionForm
          title={t("admin.users.revokeOf", { role: t(`role.${roleKey(revoked.role)}`), area: revoked.areaName })}
          action={t("admin.users.revoke")}
          explanation={t("admin.users.revokeHint")}
          onClose={done}
          onSubmit={async (_, reason) => {
            await mutate(RevokeGrantDocument, { id: revoked.id, reason: reason || null });
            onChanged();
          }}
        />
      )}
    </article>
  );
}

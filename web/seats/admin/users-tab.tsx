import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isInside } from "../../../data/model/codes.ts";
import { serverNow } from "../../app/server-clock.ts";
import { type AdminAccountFragment, AdminAccountsDocument, CreateAccountDocument } from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { useQuery } from "../../gql/use-query.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { ListTools } from "../../ui/list-tools.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { AccountCard } from "./account-card.tsx";
import { AreaPicker } from "./area-picker.tsx";
import { ActionForm, type Secret, SecretOnce } from "./dialogs.tsx";
import { firstPassword } from "./first-password.ts";
import { useAreas } from "./use-areas.ts";

const text = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();

import { roleKey } from "./roles.ts";

/** Accounts of a county and where they may act, on a map and in a list. */
export function UsersTab({ county }: { county: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [area, setArea] = useState(county);
  const [chosenId, setChosenId] = useState<string>();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const wanted = useDeferredValue(search.trim());
  const areas = useAreas(county);
  const { data, error, loading, retry } = useQuery(AdminAccountsDocument, {
    county,
    text: wanted === "" ? null : wanted,
    after: null,
  });
  const accounts = data?.accounts.nodes;
  const shown = useMemo(
    () =>
      (accounts ?? []).filter(
        ({ grants }) => area === county || grants.some(({ areaCode }) => isInside(areaCode, area)),
      ),
    [accounts, area, county],
  );
  const grantsIn = (code: string): number =>
    (accounts ?? []).reduce(
      (sum, { grants }) => sum + grants.filter(({ areaCode }) => isInside(areaCode, code)).length,
      0,
    );
  const state = (account: AdminAccountFragment): string => {
    if (account.disabledAt) return t("admin.users.disabled");
    if (account.lockedUntil && Date.parse(account.lockedUntil) > serverNow()) return t("admin.users.locked");
    if (account.mustChangePassword) return t("admin.users.notYet");
    return t("admin.users.active", { count: account.openSessions });
  };
  const chosen = shown.find(({ id }) => id === chosenId);
  const model: TableModel = {
    title: t("admin.users.title"),
    notes: [],
    columns: [
      { key: "name", title: t("admin.users.name") },
      { key: "login", title: t("admin.users.login") },
      { key: "grants", title: t("admin.users.grants") },
      { key: "state", title: t("admin.users.state") },
    ],
    rows: shown.map((account) => ({
      key: account.id,
      name: account.name,
      login: account.login,
      grants:
        account.grants.map(({ role, areaName }) => `${t(`role.${roleKey(role)}`)} · ${areaName}`).join("；") || "–",
      state: state(account),
    })),
  };
  return (
    <div className="admin-split">
      <section aria-label={t("admin.users.title")} className="admin-list">
        <div className="admin-tools">
          <input
            type="search"
            name="find"
            aria-label={t("admin.users.find")}
            placeholder={t("admin.users.find")}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            {t("admin.users.create")}
          </button>
          <ListTools model={model} area={county} />
        </div>
        {error && <ErrorNote error={error} retry={retry} />}
        {loading && !data && <Skeleton />}
        {data && shown.length === 0 && <EmptyNote title={t("admin.users.none")}>{t("admin.users.noneHint")}</EmptyNote>}
        {shown.length > 0 && (
          <DataTable
            testId="accounts"
            model={model}
            selected={chosen ? shown.indexOf(chosen) : undefined}
            show={{
              name: (value, row) => (
                <button type="button" className="link" onClick={() => setChosenId(shown[row]?.id)}>
                  {value}
                </button>
              ),
            }}
          />
        )}
      </section>
      <section aria-label={t("admin.users.map")} className="admin-detail">
        {areas.length > 0 && (
          <AreaPicker areas={areas} value={area} onChange={setArea} figure={grantsIn} label={t("admin.users.map")} />
        )}
        {chosen ? (
          <AccountCard
            key={chosen.id}
            account={chosen}
            county={county}
            areas={areas}
            area={area}
            onSecret={setSecret}
            onChanged={retry}
          />
        ) : (
          <p className="tone-muted">{t("admin.users.choose")}</p>
        )}
      </section>
      {creating && (
        <ActionForm
          title={t("admin.users.create")}
          action={t("admin.users.create")}
          explanation={t("admin.users.createHint")}
          onClose={() => setCreating(false)}
          onSubmit={async (form, reason) => {
            const { createAccount } = await mutate(CreateAccountDocument, {
              county,
              login: text(form, "login").toLowerCase(),
              name: text(form, "name"),
              reason: reason || null,
            });
            setSecret(firstPassword(t, createAccount));
            setChosenId(createAccount.account.id);
            setArea(county);
            retry();
          }}
        >
          <label>
            {t("admin.users.name")}
            <input name="name" required maxLength={60} autoComplete="off" />
          </label>
          <label>
            {t("admin.users.login")}
            <input
              name="login"
              required
              minLength={2}
              maxLength={64}
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]+"
              title={t("admin.users.loginHint")}
              autoComplete="off"
              spellCheck={false}
            />
          </label>
        </ActionForm>
      )}
      {secret && <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />}
    </div>
  );
}

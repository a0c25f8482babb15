import { useState } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../app/server-clock.ts";
import {
  type AdminKioskFragment,
  AdminKiosksDocument,
  CreateKioskLinkDocument,
  ReissueKioskLinkDocument,
  RevokeKioskLinkDocument,
  SetKioskVisitorDocument,
} from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { useQuery } from "../../gql/use-query.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { AreaFields } from "./area-fields.tsx";
import { ActionForm, type Secret, SecretOnce } from "./dialogs.tsx";
import { useAreas } from "./use-areas.ts";

/** How long a visit lasts when the visitor mode is switched on from here. */
const VISIT_HOURS = 4;

type Doing = { readonly kind: "reissue" | "revoke" | "visitor"; readonly kiosk: AdminKioskFragment };

/** Walls without a keyboard: their links, devices and the visitor mode. */
export function KiosksTab({ county }: { county: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const areas = useAreas(county);
  const [creating, setCreating] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const [secret, setSecret] = useState<Secret>();
  const { data, error, loading, retry } = useQuery(AdminKiosksDocument, { county }, 15_000);
  const kiosks = data?.kioskLinks ?? [];
  const instant = (iso: string | null): string => (iso ? format.instant(Date.parse(iso) / 1000) : "–");
  const visiting = (kiosk: AdminKioskFragment): boolean =>
    kiosk.visitor || (kiosk.visitorUntil !== null && Date.parse(kiosk.visitorUntil) > serverNow());
  const state = (kiosk: AdminKioskFragment): string => {
    if (kiosk.revokedAt) return t("admin.tokens.revoked", { time: instant(kiosk.revokedAt) });
    const parts = [
      kiosk.exchangedAt
        ? t("admin.kiosks.device", { time: instant(kiosk.exchangedAt), from: kiosk.exchangedFrom ?? "–" })
        : t("admin.kiosks.waiting"),
    ];
    if (kiosk.linkExpiresAt && Date.parse(kiosk.linkExpiresAt) > serverNow())
      parts.push(t("admin.kiosks.linkOpen", { time: instant(kiosk.linkExpiresAt) }));
    if (visiting(kiosk)) parts.push(t("admin.kiosks.visiting"));
    return parts.join(" · ");
  };
  const issued = (name: string, path: string): Secret => ({
    title: t("admin.kiosks.made", { name }),
    explanation: t("admin.kiosks.madeHint"),
    text: new URL(path, location.origin).href,
  });
  const model: TableModel = {
    title: t("admin.kiosks.title"),
    notes: [],
    columns: [
      { key: "name", title: t("admin.kiosks.name") },
      { key: "area", title: t("admin.area") },
      { key: "points", title: t("admin.kiosks.points") },
      { key: "state", title: t("admin.users.state") },
      { key: "seen", title: t("admin.kiosks.seen") },
      { key: "do", title: t("admin.actions") },
    ],
    rows: kiosks.map((kiosk) => ({
      key: kiosk.id,
      name: kiosk.name,
      area: kiosk.areaName,
      points: kiosk.visitor ? t("admin.kiosks.aggregates") : t("admin.tokens.daysOf", { days: kiosk.pointDays }),
      state: state(kiosk),
      seen: instant(kiosk.seenAt),
      do: "",
    })),
  };
  return (
    <section className="admin-list" aria-label={t("admin.kiosks.title")}>
      <div className="admin-tools">
        <p className="tone-muted">{t("admin.kiosks.hint")}</p>
        <button type="button" className="button primary" onClick={() => setCreating(true)}>
          {t("admin.kiosks.create")}
        </button>
      </div>
      {error && <ErrorNote error={error} retry={retry} />}
      {loading && !data && <Skeleton />}
      {data && kiosks.length === 0 && (
        <EmptyNote title={t("admin.kiosks.none")}>{t("admin.kiosks.noneHint")}</EmptyNote>
      )}
      {kiosks.length > 0 && (
        <DataTable
          testId="kiosks"
          model={model}
          show={{
            do: (_, row) => {
              const kiosk = kiosks[row];
              if (!kiosk || kiosk.revokedAt) return null;
              return (
                <span className="admin-actions">
                  <button type="button" className="link" onClick={() => setDoing({ kind: "reissue", kiosk })}>
                    {t("admin.kiosks.reissue")}
                  </button>
                  {!kiosk.visitor && (
                    <button type="button" className="link" onClick={() => setDoing({ kind: "visitor", kiosk })}>
                      {t(visiting(kiosk) ? "admin.kiosks.visitorOff" : "admin.kiosks.visitorOn")}
                    </button>
                  )}
                  <button type="button" className="link" onClick={() => setDoing({ kind: "revoke", kiosk })}>
                    {t("admin.tokens.revoke")}
                  </button>
                </span>
              );
            },
          }}
        />
      )}
      {creating && (
        <ActionForm
          title={t("admin.kiosks.create")}
          action={t("admin.kiosks.create")}
          explanation={t("admin.kiosks.createHint")}
          onClose={() => setCreating(false)}
          onSubmit={async (form, reason) => {
            const { createKioskLink } = await mutate(CreateKioskLinkDocument, {
              name: String(form.get("name") ?? "").trim(),
              areaCode: String(form.get("area")),
              startPath: null,
              pointDays: Number(form.get("pointDays")),
              visitor: form.get("visitor") === "on",
              reason: reason || null,
            });
            setSecret(issued(createKioskLink.kiosk.name, createKioskLink.path));
            retry();
          }}
        >
          <label>
            {t("admin.kiosks.name")}
            <input name="name" required maxLength={60} autoComplete="off" />
          </label>
          <label>
            {t("admin.kiosks.pointDays")}
            <input name="pointDays" type="number" min={0} max={3660} defaultValue={30} required />
          </label>
          <label className="check">
            <input name="visitor" type="checkbox" />
            {t("admin.kiosks.onlyAggregates")}
          </label>
          <AreaFields county={county} areas={areas} roles={[]} />
        </ActionForm>
      )}
      {doing && (
        <ActionForm
          title={t(`admin.kiosks.${doing.kind}Of`, { name: doing.kiosk.name })}
          action={t(doing.kind === "revoke" ? "admin.tokens.revoke" : "admin.confirm")}
          explanation={t(`admin.kiosks.${doing.kind}Hint`, { hours: VISIT_HOURS })}
          onClose={() => setDoing(undefined)}
          onSubmit={async (_, reason) => {
            const variables = { id: doing.kiosk.id, reason: reason || null };
            if (doing.kind === "revoke") await mutate(RevokeKioskLinkDocument, variables);
            else if (doing.kind === "visitor")
              await mutate(SetKioskVisitorDocument, { ...variables, hours: visiting(doing.kiosk) ? 0 : VISIT_HOURS });
            else {
              const { reissueKioskLink } = await mutate(ReissueKioskLinkDocument, variables);
              setSecret(issued(reissueKioskLink.kiosk.name, reissueKioskLink.path));
            }
            retry();
          }}
        />
      )}
      {secret && <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />}
    </section>
  );
}

import { Fragment, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BaseMapDescription } from "../../../data/basemap/base-map.ts";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import { fetchBaseMap } from "../../data/columns-api.ts";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";

/** What is known of a county's base map: undefined while it is asked for. */
type Found = { readonly map: BaseMapDescription | null } | { readonly error: Error } | undefined;

/** The county's local base map as it is set: set, changed and removed on the server's command line. */
export function BasemapTab({ county }: { county: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    setFound(undefined);
    if (county === ROOT_COUNTY) return;
    const abort = new AbortController();
    fetchBaseMap(county, undefined, abort.signal).then(
      ({ body }) => setFound({ map: body ?? null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setFound({ error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
    return () => abort.abort();
  }, [county]);
  if (county === ROOT_COUNTY)
    return <EmptyNote title={t("admin.workflows.ofServerHint")}>{t("admin.basemap.hint")}</EmptyNote>;
  if (!found) return <Skeleton />;
  if ("error" in found) return <ErrorNote error={found.error} />;
  const { map } = found;
  if (!map) return <EmptyNote title={t("admin.basemap.none")}>{t("admin.basemap.noneHint", { county })}</EmptyNote>;
  const rows = [
    ["source", map.source],
    ["reviewNumber", map.reviewNumber],
    ["kind", t(`admin.basemap.kinds.${map.kind}`)],
    ["type", t(`admin.basemap.types.${map.type}`)],
    ["zooms", `${map.minzoom}–${map.maxzoom}`],
    ["addedAt", format.instant(Date.parse(map.addedAt) / 1000)],
  ] as const;
  return (
    <section className="admin-list" aria-label={t("admin.basemap.title")}>
      <dl className="basemap-facts">
        {rows.map(([key, value]) => (
          <Fragment key={key}>
            <dt>{t(`admin.basemap.${key}`)}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      <p>{t("admin.basemap.hint")}</p>
    </section>
  );
}

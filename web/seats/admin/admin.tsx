import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import { loadCountyInfo, useCountyInfo } from "../../app/county-info.ts";
import { withLook } from "../../app/destination.ts";
import { ErrorBoundary } from "../../app/error-boundary.tsx";
import { Link, usePath } from "../../app/router.tsx";
import type { ClientViewer } from "../../app/session-answer.ts";
import { useView } from "../../app/view-state.ts";
import { useViewer } from "../../app/viewer.ts";
import { LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { EmptyNote } from "../../ui/notes.tsx";
import { ViewerMenu } from "../../ui/viewer-menu.tsx";
import { AuditTab } from "./audit-tab.tsx";
import { BasemapTab } from "./basemap-tab.tsx";
import { HealthTab } from "./health-tab.tsx";
import { ImportTab } from "./import/import-tab.tsx";
import { KiosksTab } from "./kiosks-tab.tsx";
import { MoveTab } from "./move/move-tab.tsx";
import { StorageWarning } from "./move/storage-warning.tsx";
import { TokensTab } from "./tokens-tab.tsx";
import { UsersTab } from "./users-tab.tsx";
import { WorkflowsTab } from "./workflows-tab.tsx";
import "./admin.css";

/** Pages of the seat, and the resource of the policy that opens each. */
const TABS = [
  { id: "users", resource: "account", page: UsersTab },
  { id: "tokens", resource: "account", page: TokensTab },
  { id: "kiosks", resource: "account", page: KiosksTab },
  { id: "audit", resource: "audit", page: AuditTab },
  { id: "import", resource: "import", page: ImportTab },
  { id: "basemap", resource: "import", page: BasemapTab },
  { id: "health", resource: "import", page: HealthTab },
  { id: "move", resource: "import", page: MoveTab },
  { id: "workflows", resource: "map", page: WorkflowsTab },
] as const;

/** County that was chosen on any of the pages; undefined = the first. */
const useChosenCounty = create<{ readonly county: string | undefined }>(() => ({ county: undefined }));
const choose = (county: string): void => useChosenCounty.setState({ county });

/** Counties that the viewer may choose between: the server itself only with a grant on it. */
function useCountyChoice(viewer: ClientViewer) {
  const counties = useCountyInfo((state) => state.counties);
  const language = useView((view) => view.language);
  const { t } = useTranslation();
  const chosen = useChosenCounty((state) => state.county);
  const root = viewer.county === ROOT_COUNTY;
  const choices = [
    ...(root ? [{ code: ROOT_COUNTY, name: t("admin.server") }] : []),
    ...counties.map(({ code, name, nameEn }) => ({ code, name: language === "en" ? nameEn : name })),
  ];
  const first = root ? (counties[0]?.code ?? ROOT_COUNTY) : (viewer.county ?? ROOT_COUNTY);
  const known = choices.some(({ code }) => code === chosen);
  return { choices, county: known && chosen !== undefined ? chosen : first };
}

/** The administrator's and the auditor's seat. */
export function Admin() {
  const viewer = useViewer();
  useEffect(() => {
    void loadCountyInfo();
  }, []);
  if (!viewer) return null;
  return <AdminOf viewer={viewer} />;
}

function AdminOf({ viewer }: { viewer: ClientViewer }) {
  const { t } = useTranslation();
  const path = usePath();
  const { choices, county } = useCountyChoice(viewer);
  const tabs = TABS.filter(({ resource }) => viewer.resources.includes(resource));
  const tab = tabs.find(({ id }) => path === `/admin/${id}`) ?? tabs[0];
  const Page = tab?.page;
  return (
    <div className="admin">
      <header className="admin-head">
        <h1>
          {t("app.name")} · {t("seat.admin")}
        </h1>
        <select
          className="select"
          aria-label={t("choose.county")}
          value={county}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {choices.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <nav aria-label={t("admin.pages")}>
          {tabs.map(({ id }) => (
            <Link key={id} to={withLook(`/admin/${id}`)} className={tab?.id === id ? "button primary" : "button"}>
              {t(`admin.${id}.title`)}
            </Link>
          ))}
        </nav>
        <LanguageButton />
        <ThemeButton />
        <ViewerMenu />
      </header>
      <StorageWarning mayMove={tabs.some(({ id }) => id === "move")} />
      <main>
        <ErrorBoundary key={`${tab?.id}/${county}`}>
          {Page ? <Page county={county} /> : <EmptyNote title={t("admin.nothing")}>{t("admin.nothingHint")}</EmptyNote>}
        </ErrorBoundary>
      </main>
    </div>
  );
}

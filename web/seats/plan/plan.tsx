import { Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { loadCountyInfo, useCountyInfo } from "../../app/county-info.ts";
import { ErrorBoundary } from "../../app/error-boundary.tsx";
import { Link } from "../../app/router.tsx";
import { useCountyLoading } from "../../app/scene.ts";
import { formatView } from "../../app/url-state.ts";
import { useView } from "../../app/view-state.ts";
import { mayDo } from "../../app/viewer.ts";
import { useCountyData } from "../../data/county-store.ts";
import { PlanDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { useTexts } from "../../layers/use-texts.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { CountySelect, LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { ConnectionBanner } from "../../ui/connection.tsx";
import { DemoMark } from "../../ui/marks.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { ViewerMenu } from "../../ui/viewer-menu.tsx";
import { Editor } from "./editor.tsx";
import { SaveNote } from "./panels/save-note.tsx";
import { PlanHome } from "./plan-home.tsx";
import { PRINT_TEXTS } from "./print/texts.ts";
import { changesOf, planServer } from "./state/plan-server.ts";
import type { PlanToOpen } from "./state/use-opening.ts";
import { PLAN_TEXTS } from "./texts.ts";
import "./plan.css";
import "./plan-review.css";

/** The boundary planner's screen: choose what to plan, then draw. */
export function Plan() {
  const { t } = useTranslation();
  const words = useTexts(PLAN_TEXTS);
  const printWords = useTexts(PRINT_TEXTS);
  useCountyLoading();
  const { ready, error, counties } = useCountyInfo();
  const view = useView();
  const dataError = useCountyData((data) => data.error);
  const { plan, area } = view;
  const server = useQuery(PlanDocument, plan && plan !== "draft" ? { id: plan } : undefined);
  const told = server.data?.plan;
  // Comments and steps come with a later answer; what is drawn on stays what was opened.
  const opened = `${told?.id} ${told?.state} ${told?.baseAt}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `opened` says when the plan is another one to open
  const wanted = useMemo((): PlanToOpen | undefined => {
    if (plan === "draft")
      return { plan, scope: area, at: undefined, changes: [], server: undefined, mayDraw: mayDo("plan") };
    if (!told || told.id !== plan) return undefined;
    const mayDraw = told.steps.includes("SAVE");
    const toServer = mayDraw ? planServer(told) : undefined;
    return { plan, scope: told.scope.code, at: told.baseAt, changes: changesOf(told), server: toServer, mayDraw };
  }, [plan, area, opened]);
  if (!ready && error) return <ErrorNote error={error} retry={() => void loadCountyInfo()} />;
  if (ready && counties.length === 0)
    return <EmptyNote title={t("empty.counties")}>{t("empty.countiesHint")}</EmptyNote>;
  return (
    <div className="plan">
      <header className="plan-head">
        <h1>{words.title}</h1>
        {view.plan ? (
          <button type="button" className="button" onClick={() => view.set({ plan: undefined, camera: undefined })}>
            {words.backToList}
          </button>
        ) : (
          <Breadcrumb />
        )}
        {view.plan && (
          <>
            <strong className="plan-name">{told?.name ?? (plan === "draft" ? words.draftState : "")}</strong>
            <SaveNote />
            {told && (
              <Link className="button" to={`/plan/print${formatView(view)}`}>
                {printWords.title}
              </Link>
            )}
          </>
        )}
        <span className="plan-head-room" />
        <DemoMark />
        <CountySelect />
        <LanguageButton />
        <ThemeButton />
        <Link className="button" to={`/desk${formatView({ ...view, plan: undefined })}`}>
          {t("seat.desk")}
        </Link>
        <ViewerMenu />
      </header>
      <ConnectionBanner />
      {server.error && <ErrorNote error={server.error} retry={server.retry} />}
      {dataError && <ErrorNote error={new Error(dataError)} />}
      <ErrorBoundary what={words.title}>
        <Suspense fallback={<Skeleton />}>
          {view.plan ? <Editor wanted={wanted} told={told} again={server.retry} /> : <PlanHome />}
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}

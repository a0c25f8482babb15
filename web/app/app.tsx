import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyNote } from "../ui/notes.tsx";
import { accountAddress, homeOf, signInAddress, wayBack, withLook } from "./destination.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { PAGES, type PageDefinition } from "./pages.tsx";
import { Link, navigate, usePath } from "./router.tsx";
import { loadSession, useSession, viewerKey } from "./session.ts";
import { parseView } from "./url-state.ts";
import { useUrlSync } from "./use-url-sync.ts";
import { useView } from "./view-state.ts";

const SignIn = lazy(() => import("../seats/sign-in/sign-in.tsx").then((module) => ({ default: module.SignIn })));

// The address decides what the first render shows.
useView.getState().set(parseView(location.search));

/** Theme, language and seat on the document, so that tokens and screen readers follow. */
function useDocument(name: string): void {
  const theme = useView((view) => view.theme);
  const language = useView((view) => view.language);
  const { t, i18n } = useTranslation();
  useEffect(() => {
    const html = document.documentElement;
    html.dataset["theme"] = theme;
    html.dataset["seat"] = name;
    html.lang = language;
    if (i18n.language !== language) void i18n.changeLanguage(language);
    document.title = t("app.title", { seat: t(`seat.${name}`) });
  }, [theme, language, name, i18n, t]);
}

/** Goes elsewhere as soon as it is drawn. */
function Goto({ to }: { to: string }) {
  useEffect(() => navigate(to, "replace"), [to]);
  return null;
}

/** How often a page asks again for a server that was away when it was opened, e.g. a wall after a power cut. */
const KNOCK_MS = 5000;

function ServerAway() {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setInterval(() => void loadSession(), KNOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="note error" role="alert">
      <strong>{t("error.serverAway")}</strong>
      <span>{t("error.serverAwayHint")}</span>
    </div>
  );
}

/** Keeps address and view together while a seat is shown. */
function Synced({ page }: { page: PageDefinition }) {
  useUrlSync(page.steps);
  return page.show();
}

const Loading = () => {
  const { t } = useTranslation();
  return (
    <div className="note" role="status">
      {t("state.loading")}
    </div>
  );
};

/** The page: who sits here decides what may be shown, the path decides what is. */
export function App() {
  const path = usePath();
  const { t } = useTranslation();
  const { state, viewer } = useSession();
  const page = PAGES[path];
  useDocument(page?.name ?? "signIn");
  useEffect(() => {
    void loadSession();
  }, []);
  if (state === "asking") return <Loading />;
  if (state === "failed") return <ServerAway />;
  const here = location.pathname + location.search;
  const guarded = (content: ReactNode) => (
    <ErrorBoundary key={`${path} ${viewerKey(viewer)}`}>
      <Suspense fallback={<Loading />}>{content}</Suspense>
    </ErrorBoundary>
  );
  if (!viewer) return path === "/sign-in" ? guarded(<SignIn />) : <Goto to={signInAddress(here)} />;
  if (viewer.mustChangePassword && path !== "/account") return <Goto to={accountAddress(here)} />;
  // Without a grant there is nothing to see but one's own account.
  if (!viewer.role && page && path !== "/account") return <Goto to={accountAddress(here)} />;
  const home = homeOf(viewer.role);
  if (path === "/sign-in") return <Goto to={withLook(wayBack(location.search, location.origin) ?? home)} />;
  if (path === "/") return <Goto to={withLook(home)} />;
  if (!page)
    return (
      <EmptyNote title={t("error.noPage", { path })}>
        <Link to={withLook(home)}>{t("error.toStart")}</Link>
      </EmptyNote>
    );
  return guarded(page.view ? <Synced page={page} /> : page.show());
}

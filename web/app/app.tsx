import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyNote } from "../ui/notes.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Link, navigate, usePath } from "./router.tsx";
import { formatView, parseView } from "./url-state.ts";
import { useUrlSync } from "./use-url-sync.ts";
import { useView } from "./view-state.ts";

const Wall = lazy(() => import("../seats/wall/wall.tsx").then((module) => ({ default: module.Wall })));
const Desk = lazy(() => import("../seats/desk/desk.tsx").then((module) => ({ default: module.Desk })));

const SEATS: Readonly<Record<string, () => ReactNode>> = {
  "/wall": () => <Wall />,
  "/desk": () => <Desk />,
};

// The address decides what the first render shows.
useView.getState().set(parseView(location.search));

/** Theme, language and seat on the document, so that tokens and screen readers follow. */
function useDocument(seat: string): void {
  const theme = useView((view) => view.theme);
  const language = useView((view) => view.language);
  const { t, i18n } = useTranslation();
  useEffect(() => {
    const html = document.documentElement;
    html.dataset["theme"] = theme;
    html.dataset["seat"] = seat;
    html.lang = language;
    if (i18n.language !== language) void i18n.changeLanguage(language);
    document.title = t("app.title", { seat: t(seat === "desk" ? "seat.desk" : "seat.wall") });
  }, [theme, language, seat, i18n, t]);
}

/** The page: picks the seat by its path and keeps view and address together. */
export function App() {
  const path = usePath();
  const { t } = useTranslation();
  const seat = path.slice(1);
  useUrlSync(path !== "/wall");
  useDocument(seat);
  useEffect(() => {
    if (path === "/") navigate(`/wall${location.search}`, "replace");
  }, [path]);
  const show = SEATS[path];
  if (path === "/") return null;
  if (!show)
    return (
      <EmptyNote title={t("error.noPage", { path })}>
        <Link to={`/wall${formatView(useView.getState())}`}>{t("seat.wall")}</Link>
      </EmptyNote>
    );
  return (
    <ErrorBoundary key={path}>
      <Suspense
        fallback={
          <div className="note" role="status">
            {t("state.loading")}
          </div>
        }
      >
        {show()}
      </Suspense>
    </ErrorBoundary>
  );
}

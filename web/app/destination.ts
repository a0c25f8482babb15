import type { Role } from "../../data/policy/roles.ts";
import { navigate } from "./router.tsx";
import { DEFAULT_VIEW, useView } from "./view-state.ts";

/** Seat that each role sits at (DESIGN section 1). */
const HOME: Readonly<Record<Role, string>> = {
  wall: "/wall",
  leader: "/desk",
  dispatcher: "/desk",
  grid_worker: "/field",
  planner: "/plan",
  admin: "/admin",
  auditor: "/admin",
};

/** Page that a role starts on; an account without a grant can only look after itself. */
export const homeOf = (role: Role | null): string => (role ? HOME[role] : "/account");

/** Pages that one does not come back to. */
const NO_RETURN = /^\/($|sign-in(\/|$)|auth\/)/;

/**
 * A way back that stays on this site: the path and query of `?next=`, or undefined. What names another host, however it
 * is written (`//host`, `/\host`, a scheme, a control character that browsers drop), is no way back.
 *
 * @param search query of the sign-in page's address
 * @param origin origin of this site
 */
export function wayBack(search: string, origin: string): string | undefined {
  const next = new URLSearchParams(search).get("next");
  if (!next?.startsWith("/")) return undefined;
  let url: URL;
  try {
    url = new URL(next, origin);
  } catch {
    return undefined;
  }
  // `/..//host` has this origin, yet its path would name another host the next time it is read.
  if (url.origin !== origin || url.pathname.startsWith("//") || NO_RETURN.test(url.pathname)) return undefined;
  return url.pathname + url.search;
}

/** An address with the language and theme that are on now, so that a choice survives from page to page. */
export function withLook(address: string): string {
  const { language, theme } = useView.getState();
  const [path = "", query = ""] = address.split("?");
  const kept = query.split("&").filter((part) => part && !/^(lang|theme)=/.test(part));
  if (theme === "light") kept.push("theme=light");
  if (language === "en") kept.push("lang=en");
  return kept.length ? `${path}?${kept.join("&")}` : path;
}

/** The sign-in page with a way back to the address on screen. */
export function signInAddress(pathAndSearch: string): string {
  const plain = NO_RETURN.test(pathAndSearch.split("?")[0] ?? "/");
  return withLook(plain ? "/sign-in" : `/sign-in?next=${encodeURIComponent(pathAndSearch)}`);
}

/** Leaves the place on screen for the seat of whoever acts now; language and theme stay. */
export function startAfresh(): void {
  const { language, theme } = useView.getState();
  useView.getState().set({
    ...DEFAULT_VIEW,
    language,
    theme,
    incidentRef: undefined,
    cameraId: undefined,
    organisationId: undefined,
    camera: undefined,
    tab: undefined,
    casePage: undefined,
    intake: undefined,
    plan: undefined,
  });
  navigate(withLook("/"));
}

/** The account page with a way back to the address on screen. */
export const accountAddress = (pathAndSearch: string): string =>
  withLook(
    NO_RETURN.test(pathAndSearch.split("?")[0] ?? "/")
      ? "/account"
      : `/account?next=${encodeURIComponent(pathAndSearch)}`,
  );

/** Lets go of the case and the camera that were chosen: another role may not see them. */
export const dropChoice = (): void =>
  useView.getState().set({ incidentRef: undefined, cameraId: undefined, casePage: undefined });

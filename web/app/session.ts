import { create } from "zustand";
import { csrfHeaders, onUnauthenticated, rememberCsrf } from "./csrf.ts";
import { dropChoice, startAfresh, withLook } from "./destination.ts";
import { navigate } from "./router.tsx";
import { heardServerTime } from "./server-clock.ts";
import { type ClientViewer, type SessionAnswer, type SignInMethods, sessionAnswer } from "./session-answer.ts";

/** What the page knows of who sits at it. */
export interface Session {
  /** `asking` until the first answer; `failed` while the server cannot be reached at all. */
  readonly state: "asking" | "ready" | "failed";
  readonly viewer: ClientViewer | null;
  readonly methods: SignInMethods;
  readonly secure: boolean;
  readonly refusal: string | null;
  /** True after the server ended a session that this page was using: the sign-in page says so. */
  readonly ended: boolean;
}

export const useSession = create<Session>(() => ({
  state: "asking",
  viewer: null,
  methods: { password: true, oidc: null, demo: [] },
  secure: true,
  refusal: null,
  ended: false,
}));

/** A refusal of `/auth/*`: the server's sentence, its hint, its code, and how long to wait. */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly status: number;
  readonly code: string | undefined;
  readonly hint: string | undefined;
  /** Seconds until another try may succeed; undefined when waiting does not help. */
  readonly retryAfter: number | undefined;
  constructor(status: number, problem: { detail?: string; hint?: string; code?: string }, retryAfter?: number) {
    super(problem.detail ?? `${status}`);
    this.status = status;
    this.code = problem.code;
    this.hint = problem.hint;
    this.retryAfter = retryAfter;
  }
}

/** Changes whenever what may be seen changes: seats start afresh with it. */
export const viewerKey = (viewer: ClientViewer | null): string =>
  viewer ? [viewer.id, viewer.role, viewer.areaCode, viewer.visitor].join(" ") : "";

const forgetters = new Set<() => void>();

/** Names what must be forgotten before another viewer (or the same one under another grant) is shown anything. */
export const onViewerChange = (forget: () => void): void => {
  forgetters.add(forget);
};

const holders = new Set<() => () => void>();

/**
 * Names what must ask for nothing while the viewer is about to become another one: between the server's change and the
 * page's, its questions would be those of somebody who may no longer ask them.
 *
 * @param hold stops asking; what it gives starts again, should the viewer stay
 */
export const onViewerChanging = (hold: () => () => void): void => {
  holders.add(hold);
};

/** A change of the viewer, with nothing asked meanwhile. @throws what the change throws; then all goes on as before */
async function changeViewer(change: () => Promise<void>): Promise<void> {
  const resume = [...holders].map((hold) => hold());
  const before = viewerKey(useSession.getState().viewer);
  try {
    await change();
  } finally {
    if (viewerKey(useSession.getState().viewer) === before) for (const start of resume) start();
  }
}

function take(answer: SessionAnswer, ended = false): void {
  const { csrf, now: _now, ...rest } = answer;
  rememberCsrf(csrf);
  const before = useSession.getState().viewer;
  if (viewerKey(answer.viewer) !== viewerKey(before)) {
    for (const forget of forgetters) forget();
    // While the seat still keeps the address: no case stays chosen there either. Signing in again keeps it.
    if (before && answer.viewer) dropChoice();
  }
  useSession.setState({ ...rest, state: "ready", ended: ended && answer.viewer === null });
}

let asking: Promise<void> | undefined;

/**
 * Asks who sits here. Calls at the same time share one request; a failure becomes state, and keeps a viewer that was
 * known before.
 *
 * @param lost the server just refused a request for want of a session
 * @param arrive goes to the page that suits the answer, in the same moment as the answer is taken
 */
export function loadSession(lost = false, arrive?: () => void): Promise<void> {
  asking ??= (async () => {
    try {
      const askedAt = performance.now();
      const response = await fetch("/auth/session", { cache: "no-store" });
      if (!response.ok) throw new AuthError(response.status, {});
      const answer = sessionAnswer(await response.json());
      heardServerTime(answer.now, askedAt);
      arrive?.();
      // Of several requests that were refused at once, each asks; the first answer has taken the viewer away already.
      const { viewer, ended } = useSession.getState();
      take(answer, lost && (viewer !== null || ended));
    } catch {
      if (useSession.getState().state !== "ready") useSession.setState({ state: "failed" });
    } finally {
      asking = undefined;
    }
  })();
  return asking;
}

// A session that ended elsewhere (signed out everywhere, expired, revoked) shows in the next answer of any kind.
onUnauthenticated(() => void loadSession(true));

/**
 * One POST to `/auth/*`; the session is asked again afterwards, so that page and server agree.
 *
 * @throws AuthError when the server refuses; TypeError when it cannot be reached
 */
async function post(route: string, body: object, arrive?: () => void): Promise<void> {
  const response = await fetch(`/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...csrfHeaders() },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string; code?: string };
    const after = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new AuthError(response.status, problem, Number.isFinite(after) ? after : undefined);
  }
  await response.arrayBuffer();
  // An answer on its way is older than this change.
  await asking;
  await loadSession(false, arrive);
}

/** Signs in with login and password. @throws AuthError with status 401 (wrong) or 429 (locked for a while) */
export const signIn = (login: string, password: string): Promise<void> => post("sign-in", { login, password });

/** Enters a demo account; only where demo accounts exist. */
export const signInDemo = (login: string): Promise<void> => post("demo", { login });

/** Changes the password; ends the other sessions. @throws AuthError with the rule that the new one breaks */
export const changePassword = (current: string, next: string): Promise<void> => post("password", { current, next });

/** Acts under another grant of the account. @param grant global id */
export const switchGrant = (grant: string): Promise<void> => changeViewer(() => post("grant", { grant }, startAfresh));

/** Enters visitor mode: only aggregates from here on. */
export const enterVisitorMode = (): Promise<void> => changeViewer(() => post("visitor", { on: true }));

/** Leaves visitor mode. @throws AuthError when the password is wrong */
export const leaveVisitorMode = (password: string): Promise<void> => post("visitor", { on: false, password });

/** Ends this session, or all of the account. */
export const signOut = (everywhere = false): Promise<void> =>
  changeViewer(() => post("sign-out", { everywhere }, () => navigate(withLook("/sign-in"))));

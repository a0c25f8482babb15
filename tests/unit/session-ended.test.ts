import { afterEach, expect, it, vi } from "vitest";
import { reportUnauthenticated } from "../../web/app/csrf.ts";
import { loadSession, useSession } from "../../web/app/session.ts";

afterEach(() => vi.unstubAllGlobals());

it("says that a session was ended until somebody signs in, however many requests were refused", async () => {
  const session = (viewer: object | null) => ({
    viewer,
    csrf: null,
    methods: { password: true, oidc: null, demo: [] },
    secure: true,
    refusal: null,
    now: "2026-01-15T00:00:00Z",
  });
  const somebody = { id: "Account:140226:1", kind: "account", role: "leader", areaCode: "140226", visitor: false };
  let now: object = session(somebody);
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(now)));
  await loadSession();
  expect(useSession.getState()).toMatchObject({ viewer: { role: "leader" }, ended: false });
  now = session(null);
  // Refused one after the other: the second when the page knows already.
  for (let n = 0; n < 2; n++) {
    reportUnauthenticated();
    await vi.waitFor(() => expect(useSession.getState()).toMatchObject({ viewer: null, ended: true }));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(useSession.getState().ended).toBe(true);
  now = session(somebody);
  await loadSession();
  expect(useSession.getState().ended).toBe(false);
});

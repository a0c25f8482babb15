import { afterEach, expect, it, vi } from "vitest";
import { PublishedCubeDocument } from "../../web/gql/generated.ts";
import { outdateRequests, request } from "../../web/gql/request.ts";

afterEach(() => vi.unstubAllGlobals());

const ASKED = { county: "140226", months: [] };
const CUBE = { cells: [], months: ["2026-01"], through: "2026-01-14T16:00:00.000Z" };

it("whoever asks the same again as the first is cancelled gets an answer, not the cancellation", {
  timeout: 10_000,
}, async () => {
  const signals: AbortSignal[] = [];
  vi.stubGlobal("fetch", (_: unknown, { signal }: RequestInit) => {
    if (!signal) throw new Error("a request that cannot be cancelled");
    signals.push(signal);
    const answer = new Response(JSON.stringify({ data: { cube: CUBE } }), {
      headers: { "content-type": "application/json" },
    });
    return new Promise<Response>((done, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason));
      // The first never comes.
      if (signals.length > 1) done(answer);
    });
  });
  const first = new AbortController();
  const cancelled = request(PublishedCubeDocument, ASKED, first.signal).catch(() => "cancelled");
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  // As when visitor mode is entered before the wall's cube has come: one page leaves, the next asks the same.
  first.abort();
  const { cube } = await request(PublishedCubeDocument, ASKED, new AbortController().signal);
  expect(cube).toEqual(CUBE);
  expect(await cancelled).toBe("cancelled");
  expect(signals).toHaveLength(2);
});

it("whoever asks after a change is not handed the answer to what was asked before it", async () => {
  const answers: ((month: string) => void)[] = [];
  vi.stubGlobal("fetch", () => {
    return new Promise<Response>((done) =>
      answers.push((month) => done(Response.json({ data: { cube: { ...CUBE, months: [month] } } }))),
    );
  });
  const ask = async () => (await request(PublishedCubeDocument, ASKED)).cube?.months;
  const [before, same] = [ask(), ask()];
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  outdateRequests();
  const after = ask();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[0]?.("2026-01");
  answers[1]?.("2026-02");
  expect(await Promise.all([before, same, after])).toEqual([["2026-01"], ["2026-01"], ["2026-02"]]);
});

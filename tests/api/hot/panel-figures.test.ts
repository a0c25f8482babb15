import { afterAll, beforeAll, expect, it } from "vitest";
import { Prng } from "../../../data/demo/prng.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { type IncidentCut, incidentCut } from "../../../data/policy/incident-cut.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import type { Scope } from "../../../db/driver.ts";
import type { IncidentListFilter } from "../../../db/repositories/incident-filter.ts";
import type { Filters } from "../../../web/app/view-state.ts";
import { dayText, zoneOf } from "../../../web/panels/zone.ts";
import { createCore } from "../../../web/plane/core.ts";
import type { FromWorker, ToWorker } from "../../../web/plane/protocol.ts";
import type { PlaneQuestion, PlaneQuestions, QuestionKind } from "../../../web/plane/types.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../../fixtures/policy-county.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { type PanelTruth, panelTruth } from "../../helpers/panel-oracle.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { describeViewer, randomViewer } from "../differential/random-viewer.ts";
import { type CaseWorld, changeCases, worldOf } from "./changes.ts";
import { type TwoServers, twoServers } from "./two-servers.ts";

/** Live changes; the full form is `PANEL_CHANGES=10000`. */
const CHANGES = Number(process.env["PANEL_CHANGES"] ?? 200);
/** Changes that pages are told of at a time. */
const BATCH = 100;
const VIEWERS = 6;
/** Random filters of each viewer, before the changes and after. */
const FILTERS = 5;
const ZONE = "Asia/Shanghai";

const data = policyCounty();
const codes = data.areas.map(({ code }) => code);
const NOW = Math.floor(Date.parse(POLICY_NOW) / 1000);
const zone = zoneOf(ZONE);

/** The data plane of a page, without a page: the code that the worker runs, on a server's real answers. */
function openPage(servers: TwoServers, viewer: Viewer) {
  const failures: string[] = [];
  let answers: Extract<FromWorker, { kind: "answers" }> | undefined;
  let requests = 0;
  let rounds = 0;
  const handle = createCore({
    fetch: async (path) => {
      requests++;
      const answer = await servers.memory.app.inject({ url: path, headers: viewerHeaders(viewer) });
      requests--;
      return new Response(answer.statusCode === 304 ? null : new Uint8Array(answer.rawPayload), {
        status: answer.statusCode,
        headers: answer.headers.etag ? { etag: answer.headers.etag } : {},
      });
    },
    post: (message, transfer) => {
      // As between threads: what was handed over is gone on the other side.
      const taken = structuredClone(message, { transfer });
      if (taken.kind === "failed") failures.push(taken.message);
      if (taken.kind === "answers") answers = taken;
    },
  });
  return {
    failures,
    async send(message: ToWorker): Promise<void> {
      handle(message);
      let quiet = 0;
      while (quiet < 5) {
        await new Promise((resolve) => setImmediate(resolve));
        quiet = requests === 0 ? quiet + 1 : 0;
      }
    },
    ask<K extends QuestionKind>(filters: Filters, area: string, question: PlaneQuestion<K>) {
      rounds++;
      const questions = [["key", question as PlaneQuestion] as const];
      handle({ kind: "ask", ask: { id: rounds, filterRevision: rounds, filters, area, timezone: ZONE, questions } });
      return answers?.answers[0]?.[1] as PlaneQuestions[K]["answer"];
    },
  };
}
type Page = ReturnType<typeof openPage>;

const some = (prng: Prng, length: number): number[] => {
  const all = Array.from({ length }, (_, i) => i);
  const chosen = all.filter(() => prng.chance(0.6));
  return chosen.length ? chosen : [prng.pick(all)];
};
const maybe = <T>(prng: Prng, p: number, make: () => T): T | undefined => (prng.chance(p) ? make() : undefined);

function randomFilters(prng: Prng): Filters {
  const before = (days: number) => NOW - Math.floor(prng.range(0, days * 86_400));
  const from = maybe(prng, 0.5, () => before(200));
  const to = maybe(prng, 0.3, () => before(20));
  return {
    from,
    to: from !== undefined && to !== undefined && from >= to ? undefined : to,
    classes: maybe(prng, 0.3, () => prng.pick([["01"], ["80001"], ["02003", "05"], ["01", "02", "80"]])),
    states: maybe(prng, 0.3, () => some(prng, INCIDENT_STATES.length)),
    severities: maybe(prng, 0.2, () => some(prng, INCIDENT_SEVERITIES.length)),
    sources: maybe(prng, 0.2, () => some(prng, INCIDENT_SOURCES.length)),
    late: maybe(prng, 0.25, () => prng.chance(0.5)),
    withSuspicious: prng.chance(0.5),
  };
}

/** The same question to SQL. */
const asList = (filters: Filters, inside: string): IncidentListFilter => {
  const iso = (seconds: number | undefined) => seconds && new Date(seconds * 1000).toISOString();
  const named = <T>(names: readonly T[], numbers: readonly number[] | undefined) =>
    numbers?.map((number) => names[number] as T);
  return {
    inside,
    from: iso(filters.from) || undefined,
    to: iso(filters.to) || undefined,
    classes: filters.classes,
    states: named(INCIDENT_STATES, filters.states),
    severities: named(INCIDENT_SEVERITIES, filters.severities),
    sources: named(INCIDENT_SOURCES, filters.sources),
    late: filters.late,
  };
};

const nonZero = (entries: Iterable<readonly [string, number]>): Record<string, number> =>
  Object.fromEntries([...entries].filter(([, count]) => count > 0));
const sumOver = (byDay: Readonly<Record<string, number>>, day: number, step: number): number =>
  Array.from({ length: step }, (_, i) => byDay[dayText(day + i)] ?? 0).reduce((sum, count) => sum + count, 0);

/** Every panel of the page against SQL. */
function comparePanels(page: Page, filters: Filters, area: string, truth: PanelTruth, name: string): void {
  const ask = <K extends QuestionKind>(question: PlaneQuestion<K>) => page.ask(filters, area, question);
  const { clocks, ...figures } = ask<"figures">({ kind: "figures" });
  expect(figures, `${name}: strip`).toEqual(truth.figures);
  expect(nonZero(Object.entries(clocks)), `${name}: clocks`).toEqual(truth.clocks);
  expect(ask<"size">({ kind: "size" }), `${name}: size`).toEqual({
    counted: truth.figures["reported"],
    shown: (truth.figures["reported"] ?? 0) - (filters.withSuspicious ? 0 : (truth.figures["suspicious"] ?? 0)),
  });
  const byClass = Object.entries(truth.classes);
  const digits = new Set(byClass.map(([code]) => code.slice(0, 2))).size === 1 ? 5 : 2;
  const classes: Record<string, { count: number; late: number }> = {};
  for (const [code, { count, late }] of byClass) {
    classes[code.slice(0, digits)] ??= { count: 0, late: 0 };
    const sum = classes[code.slice(0, digits)] as { count: number; late: number };
    sum.count += count;
    sum.late += late;
  }
  const shown = ask<"classes">({ kind: "classes" }).map(({ code, count, late }) => [code, { count, late }] as const);
  expect(Object.fromEntries(shown), `${name}: classes`).toEqual(classes);
  const states = ask<"states">({ kind: "states" }).map(({ state, count }) => [state, count] as const);
  expect(Object.fromEntries(states), `${name}: states`).toEqual(truth.states);
  const sources = ask<"sources">({ kind: "sources" }).map(({ source, count }) => [source, count] as const);
  expect(Object.fromEntries(sources), `${name}: sources`).toEqual(truth.sources);
  const rhythm = Array.from(ask<"rhythm">({ kind: "rhythm" }), (count, slot) => [String(slot), count] as const);
  expect(nonZero(rhythm), `${name}: rhythm`).toEqual(truth.rhythm);

  const trend = ask<"trend">({ kind: "trend" });
  const last = zone.dayOf(filters.to === undefined ? NOW : filters.to - 1);
  expect((trend.days.at(-1) as number) + trend.step, `${name}: trend ends`).toBeGreaterThan(last);
  if (filters.from !== undefined) expect(trend.days[0], `${name}: trend begins`).toBe(zone.dayOf(filters.from));
  expect([...trend.reported], `${name}: reported`).toEqual(
    trend.days.map((day) => sumOver(truth.reported, day, trend.step)),
  );
  expect([...trend.solved], `${name}: solved`).toEqual(trend.days.map((day) => sumOver(truth.solved, day, trend.step)));
  const days = ask<"days">({ kind: "days" });
  const perDay = Array.from(days?.counts ?? [], (count, i) => {
    const day = zone.dayOf((days?.start as number) + i * (days?.step as number));
    return [dayText(day), count] as const;
  });
  expect(nonZero(perDay), `${name}: days`).toEqual(truth.days);

  const areas = ask<"areas">({ kind: "areas" });
  const known = (map: ReadonlyMap<string, number>) => nonZero([...map].filter(([code]) => codes.includes(code)));
  expect(known(areas.counts), `${name}: areas`).toEqual(truth.areas);
  expect(known(areas.late), `${name}: late by area`).toEqual(truth.areasLate);
  const asked = codes.filter(({ length }) => length === 12);
  const ranking = ask<"ranking">({ kind: "ranking", codes: asked });
  const leaders = ask<"leaders">({ kind: "leaders", codes: asked });
  asked.forEach((code, i) => {
    expect({ count: ranking.count[i], late: ranking.late[i] }, `${name}: rank of ${code}`).toEqual(
      truth.ranking[code] ?? { count: 0, late: 0 },
    );
    const { open, late, dueSoon, oldestDue, nextDue } = leaders[i] as PlaneQuestions["leaders"]["answer"][number];
    expect({ open, late, dueSoon, oldest: oldestDue ?? null, next: nextDue ?? null }, `${name}: ${code}`).toEqual(
      truth.leaders[code] ?? { open: 0, late: 0, dueSoon: 0, oldest: null, next: null },
    );
  });
  const newest = ask<"newest">({ kind: "newest", limit: 10 });
  expect(
    newest.map(({ opened }) => opened),
    `${name}: newest`,
  ).toEqual(truth.newest);
}

describeOnBothDatabases("figures of panels", (open) => {
  let servers: TwoServers;
  let world: CaseWorld;
  const pages: { readonly viewer: Viewer; readonly cut: IncidentCut; readonly page: Page }[] = [];
  const prng = new Prng("panel figures");
  beforeAll(async () => {
    const { database } = await open();
    servers = await twoServers(database, data, POLICY_NOW);
    world = worldOf(data);
    while (pages.length < VIEWERS) {
      const viewer = randomViewer(codes, prng);
      const cut = viewer && incidentCut(viewer, POLICY_COUNTY);
      // A kiosk's older cases are cells of a day: their figures have tests of their own.
      if (!viewer || !cut || viewer.pointDays !== null) continue;
      const page = openPage(servers, viewer);
      await page.send({ kind: "open", county: POLICY_COUNTY });
      pages.push({ viewer, cut, page });
    }
  });
  afterAll(() => servers.close());

  async function compareAll(): Promise<void> {
    for (const { viewer, cut, page } of pages)
      for (let n = 0; n < FILTERS; n++) {
        const filters = n === 0 ? { withSuspicious: true } : randomFilters(prng);
        const area = prng.chance(0.5) ? POLICY_COUNTY : prng.pick(codes.filter((code) => code.startsWith(cut.area)));
        const { role, accountId: account, visitor } = viewer;
        const scope: Scope = { kind: "viewer", county: POLICY_COUNTY, role, area: cut.area, account, visitor };
        const reading = { county: POLICY_COUNTY, asOf: POLICY_NOW, now: POLICY_NOW };
        const truth = await servers.sql.database.transaction(scope, (tx) =>
          panelTruth(tx, reading, asList(filters, area), ZONE, codes),
        );
        comparePanels(page, filters, area, truth, `${describeViewer(viewer)} in ${area}: ${JSON.stringify(filters)}`);
        expect(page.failures).toEqual([]);
      }
  }

  /** Version by number of every case. */
  const versions = async (): Promise<Map<number, number>> => {
    const rows = await servers.sql.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      tx.rows<{ ref: number; version: number }>("SELECT i.ref, i.version FROM incident i WHERE i.county = $1", [
        POLICY_COUNTY,
      ]),
    );
    return new Map(rows.map(({ ref, version }) => [ref, version]));
  };

  it("are what SQL counts, for random filters and random viewers", async () => {
    await compareAll();
  });

  it("still are after live changes that were read by number", { timeout: 900_000 }, async () => {
    let before = await versions();
    for (let done = 0; done < CHANGES; done += BATCH) {
      await changeCases(servers.sql.database, world, prng, BATCH, Date.parse(POLICY_NOW) - CHANGES + done);
      const after = await versions();
      const refs = [...after].filter(([ref, version]) => before.get(ref) !== version).map(([ref]) => ref);
      expect(refs.length).toBeGreaterThan(BATCH / 3);
      await servers.hot.idle();
      for (const { page } of pages) await page.send({ kind: "changed", refs });
      before = after;
      // Now and then in between: what went wrong is found near where it did.
      if (done % 1000 === 0) await compareAll();
    }
    await compareAll();
    expect(servers.errors).toEqual([]);
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { ENDED_STATES, type IncidentState } from "../../data/model/incident.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { isAllowedStep } from "../../data/workflow/walk.ts";
import { STANDARD } from "../../data/workflow/workflows/standard.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { SMALL_CODES } from "../fixtures/small-county-base.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  codeOf,
  DISPATCHER,
  LEADER,
  move,
  OTHER_DISPATCHER,
  report,
  take,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const POST = `Post:${SMALL_COUNTY}:${smallCounty().posts[0]?.id}`;
const [UNIT, OTHER_UNIT] = smallCounty().organisations.map(({ id }) => `Organisation:${SMALL_COUNTY}:${id}`);

/** How a case stands, as somebody who reads its texts sees it. */
interface Standing {
  readonly id: string;
  readonly ref: number;
  readonly version: number;
  readonly state: string;
  readonly step: { readonly key: string };
  readonly handledByMe: boolean;
  readonly inbox: { readonly role: string; readonly areaCode: string } | null;
  readonly post: { readonly id: string } | null;
  readonly organisation: { readonly id: string } | null;
  readonly mergedInto: { readonly id: string } | null;
  readonly mergedCases: readonly { readonly id: string }[];
  readonly nextSteps: readonly {
    readonly step: { readonly key: string; readonly state: string };
    readonly requires: readonly string[];
    readonly refusal: string | null;
  }[];
  readonly events: readonly {
    readonly kind: string;
    readonly step: { readonly key: string } | null;
    readonly note: string | null;
  }[];
}
const STANDING = `id ref version state step { key } handledByMe inbox { role areaCode } post { id } organisation { id }
  mergedInto { id } mergedCases { id } nextSteps { step { key state } requires refusal } events { kind step { key } note }`;

describeOnBothDatabases("the flow of cases", (open) => {
  let api: TestApi;
  const fresh = async (): Promise<string> => (await report(api)).incident.id;
  const standing = async (id: string, viewer: Viewer = DISPATCHER): Promise<Standing> => {
    const { data, errors } = await api.graphql<{ incident: Standing }>(
      `query ($id: ID!) { incident(id: $id) { ${STANDING} } }`,
      { id },
      viewer,
    );
    if (!data?.incident) throw new Error(JSON.stringify(errors));
    return data.incident;
  };
  const mutate = <Name extends string>(name: Name, type: string, input: object, viewer: Viewer = DISPATCHER) =>
    api.graphql<Record<Name, Standing>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${STANDING} } }`,
      { input: { key: randomUUID(), ...input } },
      viewer,
    );
  const assign = (input: object, viewer?: Viewer) => mutate("assignIncident", "AssignInput", input, viewer);
  const merge = (input: object, viewer?: Viewer) => mutate("mergeIncidents", "MergeInput", input, viewer);
  const listed = async (filter: object, viewer: Viewer): Promise<string[]> => {
    const { data, errors } = await api.graphql<{ incidents: { nodes: { id: string }[] } }>(
      "query ($filter: IncidentFilter!) { incidents(filter: $filter, first: 100) { nodes { id } } }",
      { filter: { inside: SMALL_COUNTY, ...filter } },
      viewer,
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.incidents.nodes.map(({ id }) => id);
  };
  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  it("keeps a new case in the inbox of who takes its next step, until somebody has it", async () => {
    const id = await fresh();
    const { inbox, version } = await standing(id);
    expect(inbox?.role).toBe("DISPATCHER");
    expect(await listed({ mine: true }, DISPATCHER)).toContain(id);
    expect(await listed({ inbox: "DISPATCHER" }, DISPATCHER)).toContain(id);
    expect(await listed({ inbox: "GRID_WORKER" }, DISPATCHER)).not.toContain(id);
    await take(api, id, version, DISPATCHER);
    expect(await standing(id)).toMatchObject({ inbox: null, handledByMe: true });
    expect(await listed({ mine: true }, DISPATCHER)).toContain(id);
    expect(await listed({ mine: true }, OTHER_DISPATCHER)).not.toContain(id);
    const answer = await api.graphql(
      `{ incidents(filter: { inside: "${SMALL_COUNTY}", mine: true }) { totalCount } }`,
      {},
      { ...DISPATCHER, role: "wall" },
    );
    expect(codeOf(answer)).toBe("FORBIDDEN");
  });

  it("finds cases by number, order number, title, class, unit and area, every word of a search", async () => {
    const made = await report(api, { title: "Shuini 路面塌陷" });
    const { id, ref } = made.incident;
    for (const text of [
      String(ref),
      `#${ref}`,
      made.orderNo,
      made.orderNo.replaceAll("-", " "),
      "塌陷",
      "SHUINI 路面",
      "塌陷 云兴",
      "塌陷 yunxing",
    ])
      expect([text, await listed({ text, open: true }, DISPATCHER)]).toEqual([text, [id]]);
    const { data } = await api.graphql<{ incident: { class: { name: string } } }>(
      "query ($id: ID!) { incident(id: $id) { class { name } } }",
      { id },
      DISPATCHER,
    );
    expect(await listed({ text: `塌陷 ${data?.incident.class.name}` }, DISPATCHER)).toEqual([id]);
    const unit = await assign({ id, version: 1, organisation: UNIT });
    expect(unit.errors).toBeUndefined();
    const [named] = await rows<{ name: string }>(`SELECT name FROM organisation WHERE id = '${UNIT?.split(":")[2]}'`);
    expect(await listed({ text: `塌陷 ${named?.name}` }, DISPATCHER)).toEqual([id]);
    // All of the words, in the viewer's own area, and signs of patterns are signs.
    for (const text of ["塌陷 南河", "塌%", "_陷", `990101-${made.orderNo.slice(7)}`])
      expect([text, await listed({ text }, DISPATCHER)]).toEqual([text, []]);
    expect(await listed({ text: "塌陷", inside: SMALL_CODES.village }, VILLAGE_WORKER)).toEqual([]);
    expect(await listed({ text: "  " }, DISPATCHER)).toContain(id);
    const search = (text: string, viewer: Viewer) =>
      api.graphql(
        "query ($filter: IncidentFilter!) { incidents(filter: $filter) { totalCount } }",
        { filter: { inside: SMALL_COUNTY, text } },
        viewer,
      );
    expect(codeOf(await search("塌陷", { ...DISPATCHER, role: "wall" }))).toBe("FORBIDDEN");
    expect(codeOf(await search("塌".repeat(101), DISPATCHER))).toBe("BAD_USER_INPUT");
  });

  it("assigns to a unit or a post: the handler of before opens nothing any more, and it leaves the inbox", async () => {
    const id = await fresh();
    await take(api, id, 1, WORKER);
    expect(codeOf(await assign({ id, version: 2 }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await assign({ id, version: 2, organisation: UNIT }, WORKER))).toBe("FORBIDDEN");
    const nowhere = "01900000-0000-7000-8000-000000000000";
    expect(codeOf(await assign({ id, version: 2, post: `Post:${SMALL_COUNTY}:${nowhere}` }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await assign({ id, version: 2, organisation: `Organisation:140623:${nowhere}` }))).toBe(
      "BAD_USER_INPUT",
    );
    const { data, errors } = await assign({ id, version: 2, organisation: UNIT, post: POST, note: "请办理" });
    expect(errors).toBeUndefined();
    expect(data?.assignIncident).toMatchObject({
      version: 3,
      inbox: null,
      post: { id: POST },
      organisation: { id: UNIT },
    });
    expect(data?.assignIncident.events.at(-1)).toEqual({ kind: "ASSIGNED", step: null, note: "请办理" });
    expect((await standing(id, WORKER)).handledByMe).toBe(false);
    expect(await listed({ post: POST }, LEADER)).toEqual([id]);
    expect(await listed({ organisation: UNIT, open: true }, LEADER)).toContain(id);
    expect(await listed({ organisation: OTHER_UNIT, open: true }, LEADER)).not.toContain(id);
  });

  it("merges what is one matter, all or nothing", async () => {
    const [into, one, other] = [await fresh(), await fresh(), await fresh()];
    const reason = "同一处井盖";
    const ended = await fresh();
    await move(api, ended, 1, "VOID", DISPATCHER, { reason: "误报" });
    const refused = await merge({ into, version: 1, cases: [one, ended], reason });
    expect(codeOf(refused)).toBe("CONFLICT");
    expect(refused.errors?.[0]?.extensions?.["facts"]).toMatchObject({ state: "VOID", step: "void", version: 2 });
    expect(await standing(one)).toMatchObject({ state: "FOUND", version: 1, mergedInto: null });
    expect(codeOf(await merge({ into, version: 1, cases: [into], reason }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await merge({ into, version: 1, cases: [one], reason: " " }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await merge({ into, version: 1, cases: [one], reason }, WORKER))).toBe("FORBIDDEN");
    const key = randomUUID();
    const input = { into, version: 1, cases: [one, other], reason, key };
    const [first, again] = [await merge(input), await merge(input)];
    expect(first.errors).toBeUndefined();
    expect(again.data?.mergeIncidents.version).toBe(2);
    expect(first.data?.mergeIncidents.mergedCases.map(({ id }) => id).sort()).toEqual([one, other].sort());
    for (const id of [one, other]) {
      const merged = await standing(id);
      expect(merged).toMatchObject({ state: "VOID", inbox: null, mergedInto: { id: into }, nextSteps: [] });
      expect(merged.events.slice(-2)).toEqual([
        { kind: "MERGED", step: null, note: reason },
        { kind: "STEP", step: { key: "void" }, note: reason },
      ]);
    }
  });

  it("takes several steps at once, each with its own outcome", async () => {
    const [good, stale, wrong] = [await fresh(), await fresh(), await fresh()];
    const input = (id: string, more: object = {}) => ({ id, version: 1, to: "ACCEPTED", key: randomUUID(), ...more });
    const { data, errors } = await api.graphql<{
      transitionIncidents: {
        id: string;
        code: string | null;
        message: string | null;
        incident: { state: string } | null;
      }[];
    }>(
      "mutation ($inputs: [TransitionInput!]!) { transitionIncidents(inputs: $inputs) { id code message incident { state } } }",
      { inputs: [input(stale, { version: 9 }), input(good), input(wrong, { to: "CLOSED" })] },
      DISPATCHER,
    );
    expect(errors).toBeUndefined();
    expect(data?.transitionIncidents.map(({ id, code, incident }) => [id, code, incident?.state])).toEqual([
      [stale, "CONFLICT", undefined],
      [good, null, "ACCEPTED"],
      [wrong, "BAD_USER_INPUT", undefined],
    ]);
  });

  it("lets exactly one of many who act at once win; the others are told how the case stands", async () => {
    for (let round = 0; round < 3; round++) {
      const id = await fresh();
      const answers = await Promise.all([
        move(api, id, 1, "ACCEPTED", DISPATCHER),
        move(api, id, 1, "REJECTED", OTHER_DISPATCHER, { reason: "不属实" }),
        move(api, id, 1, "HANDLING", WORKER),
        take(api, id, 1, WORKER),
        assign({ id, version: 1, organisation: UNIT }, LEADER),
        merge({ into: await fresh(), version: 1, cases: [id], reason: "同一件事" }, LEADER),
      ]);
      const won = answers.filter(({ errors }) => !errors);
      expect(won.length).toBeGreaterThanOrEqual(1);
      const now = await standing(id);
      const told = answers.slice(0, 5).filter(({ errors }) => errors);
      for (const { errors } of told) {
        expect(errors?.[0]?.extensions?.["code"]).toBe("CONFLICT");
        expect(errors?.[0]?.extensions?.["facts"]).toMatchObject({
          version: expect.any(Number),
          state: expect.any(String),
        });
      }
      // A merge names no version of what ends: it may come after another's step, never between.
      expect(now.version).toBe(1 + won.length);
      expect(answers.slice(0, 5).filter(({ errors }) => !errors).length).toBeLessThanOrEqual(1);
    }
  });

  it("skips no step and leaves no open case without an owner, whatever legal way it goes", async () => {
    const prng = new Prng("walks of cases");
    const viewers = [DISPATCHER, OTHER_DISPATCHER, WORKER, LEADER];
    const walked: string[] = [];
    for (let walk = 0; walk < 5; walk++) {
      const id = await fresh();
      walked.push(id);
      for (let k = 0; k < 8; k++) {
        const viewer = prng.pick(viewers);
        const before = await standing(id, viewer);
        const ended = ENDED_STATES.includes(before.state.toLowerCase() as IncidentState);
        if (ended) expect(before.inbox).toBeNull();
        const given = prng.float();
        if (given < 0.15) await take(api, id, before.version, viewer);
        else if (given < 0.25) await assign({ id, version: before.version, organisation: UNIT }, LEADER);
        const { nextSteps, version, step } = given < 0.25 ? await standing(id, viewer) : before;
        // Void ends too many walks.
        const open = nextSteps.filter(({ step: next }) => next.state !== "VOID" || prng.chance(0.1));
        const next = open.length === 0 ? undefined : prng.pick(open);
        if (!next) continue;
        const supplied = { note: "备注", reason: "原因", resolution: "办好了", organisation: UNIT ?? "" };
        const needs = Object.fromEntries(
          next.requires.map((one) => [one.toLowerCase(), supplied[one.toLowerCase() as keyof typeof supplied]]),
        );
        if (next.requires.length > 0 && next.refusal === null && !next.requires.includes("ORGANISATION"))
          expect(codeOf(await move(api, id, version, next.step.state, viewer, { step: next.step.key }))).toBe(
            "BAD_USER_INPUT",
          );
        const answer = await move(api, id, version, next.step.state, viewer, { step: next.step.key, ...needs });
        expect(codeOf(answer), `${step.key} → ${next.step.key}`).toBe(next.refusal === null ? undefined : "FORBIDDEN");
      }
    }
    const list = walked.map((id) => `'${id.split(":")[2]}'`).join(", ");
    const log = await rows<{
      incident_id: string;
      kind: string;
      step: string | null;
      actor: string;
      at: unknown;
      county: string;
    }>(
      `SELECT * FROM incident_event WHERE county = '${SMALL_COUNTY}' AND incident_id IN (${list}) ORDER BY incident_id, seq`,
    );
    expect(log.length).toBeGreaterThan(15);
    expect(log.every(({ actor, at }) => actor !== "" && at !== null)).toBe(true);
    for (const id of walked) {
      const keys = log
        .filter((entry) => id.endsWith(entry.incident_id) && entry.kind === "step")
        .map(({ step }) => step ?? "");
      expect(
        keys.every((_, i) => isAllowedStep(STANDARD, keys, i)),
        keys.join(" → "),
      ).toBe(true);
    }
    const orphans = await rows<{ ref: number }>(
      `SELECT ref FROM incident WHERE state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND handler_id IS NULL
         AND post_id IS NULL AND organisation_id IS NULL AND inbox_role IS NULL`,
    );
    expect(orphans).toEqual([]);
    const idle = await rows(
      `SELECT ref FROM incident WHERE state IN ('closed', 'evaluated', 'rejected', 'void') AND inbox_role IS NOT NULL`,
    );
    expect(idle).toEqual([]);
  });

  it("is not seen by whom it does not concern", async () => {
    const id = await fresh();
    expect(codeOf(await assign({ id, version: 1, organisation: UNIT }, { ...LEADER, area: VILLAGE_WORKER.area }))).toBe(
      "NOT_FOUND",
    );
  });

  it("lists the queue page by page as at once: due first, what has no clock last", async () => {
    type Page = {
      incidents: {
        nodes: { id: string; dueAt: string | null; state: string }[];
        pageInfo: { endCursor: string | null };
      };
    };
    const page = async (first: number, after: string | null): Promise<Page["incidents"]> => {
      const { data } = await api.graphql<Page>(
        `query ($first: Int, $after: String) { incidents(filter: { inside: "${SMALL_COUNTY}" }, orderBy: DUE, first: $first, after: $after) {
           nodes { id dueAt state } pageInfo { endCursor } } }`,
        { first, after },
        DISPATCHER,
      );
      if (!data) throw new Error("no page");
      return data.incidents;
    };
    const all = (await page(500, null)).nodes;
    const due = all.map(({ dueAt }) => (dueAt === null ? Number.POSITIVE_INFINITY : Date.parse(dueAt)));
    expect(due).toEqual([...due].sort((a, b) => a - b));
    expect(due.some(Number.isFinite)).toBe(true);
    expect(due.at(-1)).toBe(Number.POSITIVE_INFINITY);
    expect(all.every(({ state }) => !["CLOSED", "EVALUATED", "REJECTED", "VOID"].includes(state))).toBe(true);
    const pages: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { nodes, pageInfo }: Page["incidents"] = await page(7, after);
      pages.push(...nodes.map(({ id }) => id));
      after = pageInfo.endCursor;
      if (nodes.length < 7) break;
    }
    expect(pages).toEqual(all.map(({ id }) => id));
  });
});

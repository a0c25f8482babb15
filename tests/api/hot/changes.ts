import { loadConfig } from "../../../api/config.ts";
import { type RequestContext, requestContext } from "../../../api/context.ts";
import { Feed } from "../../../api/feed/feed.ts";
import { newId } from "../../../api/services/new-id.ts";
import { recordCaseChange } from "../../../api/services/report/record-change.ts";
import type { Prng } from "../../../data/demo/prng.ts";
import type { CountyDataset } from "../../../data/model/dataset.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { INCIDENT_SEVERITIES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import type { Database, Transaction } from "../../../db/driver.ts";
import { lockCase } from "../../../db/repositories/case-repository.ts";
import { reserveRefs } from "../../../db/repositories/counter-repository.ts";
import { moveCase } from "../../../db/repositories/flow-repository.ts";
import { insertCase } from "../../../db/repositories/new-case-repository.ts";
import { rollupCase } from "../../../db/rollups/apply-delta.ts";
import { TEST_SEALER } from "../../helpers/api.ts";
import { standardStart } from "../../helpers/new-case.ts";

/** Where cases of a county may lie, and which there are. */
export interface CaseWorld {
  readonly county: string;
  /** Deepest areas with a point in each. */
  readonly places: readonly { readonly code: string; readonly point: LonLat }[];
  readonly classes: readonly { readonly code: string; readonly sensitive: boolean }[];
  /** Row ids of cases that may be changed; new ones are added. */
  readonly ids: string[];
}

/** Cases of a dataset that may be changed, and where new ones may come to lie. */
export const worldOf = (data: CountyDataset): CaseWorld => ({
  county: data.profile.county,
  places: data.areas.filter(({ level }) => level === "grid").map(({ code, label }) => ({ code, point: label })),
  classes: [
    { code: "01001", sensitive: false },
    { code: "80001", sensitive: true },
  ],
  ids: data.incidents.map(({ id }) => id),
});

const contextAt = (database: Database, nowMs: number): RequestContext =>
  requestContext(
    {
      database,
      config: loadConfig({}),
      sealer: TEST_SEALER,
      feed: new Feed(
        database,
        () => nowMs,
        () => undefined,
      ),
    } as Parameters<typeof requestContext>[0],
    nowMs,
    null,
    "test",
  );

/** Changes cases at random by the functions of the write path: `count` changes, some to a transaction. */
export async function changeCases(database: Database, world: CaseWorld, prng: Prng, count: number, nowMs: number) {
  for (let done = 0; done < count; ) {
    const size = Math.min(prng.int(1, 12), count - done);
    await database.transaction({ kind: "county", county: world.county }, async (tx) => {
      for (let i = 0; i < size; i++) await changeOne(tx, contextAt(database, nowMs + done + i), world, prng);
    });
    done += size;
  }
}

async function changeOne(tx: Transaction, context: RequestContext, world: CaseWorld, prng: Prng): Promise<void> {
  const { county } = world;
  if (prng.chance(0.3)) return addCase(tx, context, world, prng);
  const id = prng.pick(world.ids);
  const before = await rollupCase(tx, county, id);
  const head = await lockCase(tx, county, id);
  if (!head) throw new Error(`no case ${id}`);
  // Fractions of a second, and deadlines within the second of closing: what whole seconds would get wrong.
  const at = context.nowMs - prng.int(0, 30 * 86_400_000);
  const state = prng.chance(0.1) ? "void" : prng.pick(INCIDENT_STATES);
  await moveCase(tx, county, id, {
    ...head,
    state,
    workflow: "standard",
    step: state,
    inbox: null,
    dueMs: prng.chance(0.8) ? at + prng.pick([-900, -1, 0, 400, 86_400_000]) : null,
    times: {
      firstAnswerMs: null,
      closedMs: state === "void" || prng.chance(0.5) ? at : null,
    },
  });
  await recordCaseChange(
    tx,
    context,
    { ...head, county, version: head.version + 1, scopeBefore: head.scopeCode },
    before,
  );
}

async function addCase(tx: Transaction, context: RequestContext, world: CaseWorld, prng: Prng): Promise<void> {
  const { county } = world;
  const { code: scopeCode, point } = prng.pick(world.places);
  const { code: classCode, sensitive } = prng.pick(world.classes);
  // Not always the newest: what is reported late lies among older ones.
  const openedMs = context.nowMs - (prng.chance(0.3) ? prng.int(0, 90 * 86_400_000) : prng.int(0, 60_000));
  const id = newId(openedMs);
  const ref = await reserveRefs(tx, county, 1, sensitive ? "sensitive" : "ordinary");
  const shift = (value: number): number => Math.round((value + prng.range(-1e-3, 1e-3)) * 1e7) / 1e7;
  await insertCase(tx, {
    county,
    id,
    ref,
    classCode,
    sensitive,
    severity: prng.pick(INCIDENT_SEVERITIES),
    source: "hotline",
    title: "新报事项",
    drawn: sensitive ? point : [shift(point[0]), shift(point[1])],
    gridId: null,
    gridCode: null,
    scopeCode,
    border: false,
    openedAt: new Date(openedMs).toISOString(),
    dueAt: null,
    ...standardStart(scopeCode),
  });
  world.ids.push(id);
  await recordCaseChange(tx, context, { county, id, ref, sensitive, scopeCode, scopeBefore: null, version: 1 }, null);
}

import { formatCursor } from "../../../api/feed/cursor.ts";
import { relay } from "../../../api/feed/relay.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { isInside } from "../../../data/model/codes.ts";
import { uuidV7 } from "../../../data/model/ids.ts";
import type { IncidentRecord } from "../../../data/model/incident.ts";
import { bumpLiveVersion } from "../../../db/load/load-county.ts";
import { appendChange } from "../../../db/repositories/outbox-repository.ts";
import { TEST_SEALER, type TestApi } from "../../helpers/api.ts";
import { LiveClient } from "../../helpers/live-client.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { insideAnswer, type OperationMaker, refused, type World } from "./operation.ts";

/** The feed of these tests begins then. */
const EPOCH = 7;

/** Every case of the dataset once, as if it had come from somewhere else: where another case lies, or from nowhere. */
function moves({ oracle }: World): { readonly one: IncidentRecord; readonly before: string | null }[] {
  const prng = new Prng("live-moves");
  const places = oracle.data.incidents.map(({ scopeCode }) => scopeCode);
  return oracle.data.incidents.map((one) => ({ one, before: prng.chance(0.2) ? null : prng.pick(places) }));
}

const prepared = new WeakMap<TestApi, Promise<string>>();

/** Puts the moves into the feed, once for each server; answers its address. */
function prepare(api: TestApi, world: World): Promise<string> {
  const known = prepared.get(api);
  if (known) return known;
  const { county, nowMs } = world.oracle;
  const at = new Date(nowMs).toISOString();
  const work = async (): Promise<string> => {
    // Before the server listens, its feed stands still: what comes before the moves is not asked for.
    while ((await relay(api.database, county, EPOCH))?.events.length);
    await api.database.transaction({ kind: "county", county }, async (tx) => {
      const liveVersion = await bumpLiveVersion(tx, county, at);
      for (const [n, { one, before }] of moves(world).entries())
        await appendChange(tx, {
          county,
          id: uuidV7(nowMs, 1, 1, n),
          kind: "incident",
          op: "UPSERT",
          entity: { type: "incident", id: one.id, ref: one.ref, sensitive: world.oracle.isSensitive(one) },
          version: 2,
          liveVersion,
          scopeBefore: before,
          scopeAfter: one.scopeCode,
          at,
        });
    });
    await relay(api.database, county, EPOCH);
    return api.listen();
  };
  const made = work();
  prepared.set(api, made);
  return made;
}

/** How long nothing must come after the last event, and how long at all where none has come, ms. */
const QUIET_MS = 60;
const SILENT_MS = 400;

/** What a viewer is told of the moves, each by its own. */
const live: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const area = prng.pick(world.codes);
  return {
    name: `changes(area: ${area})`,
    async run(api, viewer) {
      const url = await prepare(api, world);
      const client = LiveClient.open(url, viewerHeaders(viewer));
      try {
        if (!viewer) return (await client.closed) === 401 ? refused("UNAUTHENTICATED") : "let in";
        // The load was the first event; a second subscription that begins anew says that the first has had all.
        const since = formatCursor(TEST_SEALER, oracle.county, { epoch: EPOCH, seq: 1 });
        await client.subscribe({ county: oracle.county, area, since });
        await client.subscribe({ county: oracle.county, area });
        const isDone = (): boolean => client.errors.length > 0 || client.changes.some(({ op }) => op === "RESET");
        while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 2));
        const code = client.errors[0]?.extensions?.code;
        if (code !== undefined) return refused(code);
        // Both read the same database, but not in turn: wait until the first one is told nothing more.
        let told = -1;
        while (client.changes.length !== told) {
          told = client.changes.length;
          await new Promise((resolve) => setTimeout(resolve, told > 1 ? QUIET_MS : SILENT_MS));
        }
        return client.changes.filter(({ op }) => op !== "RESET").map(({ op, ref }) => `${op} ${ref}`);
      } finally {
        client.end();
      }
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", area, (asker) =>
        moves(world).flatMap(({ one, before }) => {
          const inside = (scopeCode: string | null): boolean =>
            area === oracle.county ? true : isInside(scopeCode ?? "", area);
          const sees = (scopeCode: string | null): boolean =>
            inside(scopeCode) && oracle.seesIncident(asker, { ...one, scopeCode });
          const [was, is] = [sees(before), sees(one.scopeCode)];
          if (!was && !is) return [];
          if (Date.parse(one.openedAt) < oracle.pointsFrom(asker)) return ["BULK null"];
          return [`${is ? "UPSERT" : "REMOVE"} ${one.ref}`];
        }),
      ),
  };
};

export const LIVE_OPERATIONS: readonly OperationMaker[] = [live];

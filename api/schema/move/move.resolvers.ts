import { AppError } from "../../../data/model/errors.ts";
import { mayAct } from "../../../data/policy/viewer.ts";
import { countCounty } from "../../../db/import/county-admin.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { listCounties } from "../../../db/repositories/county-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { MoveDesk } from "../../move/move-desk.ts";
import { requireImporter } from "../../services/importing/jobs/permission.ts";
import { auditViewer } from "../../services/report/actor.ts";

const PHASES = { none: "NONE", running: "RUNNING", failed: "FAILED", done: "DONE" } as const;

/**
 * Who administers everything that the server holds: a move takes all of it.
 *
 * @returns the desk, and the counties
 * @throws FORBIDDEN where a county lies outside the viewer's grant
 */
async function requireMover(context: RequestContext, county: string): Promise<{ desk: MoveDesk; counties: string[] }> {
  const viewer = await requireImporter(context, county);
  const rows = await context.database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
  const counties = rows.map((row) => row.county);
  if (!counties.every((code) => mayAct(viewer, "import", code)))
    throw new AppError("USER", "the data of other counties lies on this server too", {
      code: "FORBIDDEN",
      at: "county",
      hint: "An administrator of the server moves it, or whoever runs it: jingwei move --to URL.",
    });
  if (!context.moves) throw new AppError("BUG", "this server moves nothing");
  return { desk: context.moves, counties };
}

export const moveResolvers = {
  Query: {
    databaseMove: async (_, { county }, context) => (await requireMover(context, county)).desk.progress,
  },
  Mutation: {
    checkMove: async (_, { county, url }, context) => {
      const { desk, counties } = await requireMover(context, county);
      const facts = await desk.check(url);
      let cases = 0;
      for (const code of counties) cases += (await countCounty(context.database, code)).incidents;
      return { ...facts, counties: counties.length, cases };
    },
    startMove: async (_, { county, url }, context) => {
      const { desk } = await requireMover(context, county);
      const { target } = await desk.check(url);
      const viewer = await requireImporter(context, county);
      // Before writes end, so that it goes along.
      await context.database.transaction({ kind: "county", county }, (tx) =>
        appendAudit(tx, county, {
          ...auditViewer(context, viewer),
          action: "database.move",
          entity: { target },
          reason: null,
          at: nowIso(context),
        }),
      );
      return desk.start(url);
    },
  },
  DatabaseMove: {
    phase: ({ phase }) => PHASES[phase],
    tables: ({ tables }) => [...tables],
    settings: ({ settings }) => settings && [...settings],
  },
} satisfies Resolvers;

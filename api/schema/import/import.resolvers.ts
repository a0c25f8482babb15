import { basename } from "node:path";
import { isEdition } from "../../../data/editions/edition-report.ts";
import { notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { undoImport } from "../../../db/import/undo-import.ts";
import { countyOutline } from "../../../db/repositories/county-repository.ts";
import {
  countImportBatches,
  type ImportBatchRow,
  importBatchById,
  pageOfImportBatches,
} from "../../../db/repositories/import-batch-repository.ts";
import { type ImportJobRow, unfinishedImportJobs } from "../../../db/repositories/import-job-repository.ts";
import { inCounty, inCountySystem, type RequestContext } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { auditedBy } from "../../services/audit.ts";
import { checkedReason } from "../../services/identity/checked-input.ts";
import { deskOf } from "../../services/importing/jobs/desk-of.ts";
import { findJob } from "../../services/importing/jobs/import-desk.ts";
import { rejectedPath } from "../../services/importing/jobs/job-facts.ts";
import { askForImport, checkAsked } from "../../services/importing/jobs/job-request.ts";
import { requireImporter } from "../../services/importing/jobs/permission.ts";
import { previewLayers } from "../../services/importing/jobs/preview.ts";
import { isUndoable } from "../../services/importing/jobs/undoable.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { requireGlobalId } from "../../services/require.ts";
import { required } from "../../services/required.ts";

const LIST = "imports";

const jobOf = async (context: RequestContext, text: string): Promise<ImportJobRow | undefined> => {
  const { county, id } = requireGlobalId(text, "ImportJob");
  await requireImporter(context, county, "id");
  return findJob(deskOf(context), county, id, (work) => inCounty(context, county, work));
};

const columnsOf = (map: Readonly<Record<string, string>>) =>
  Object.entries(map).map(([field, column]) => ({ field, column }));

export const importResolvers = {
  Query: {
    importPreview: async (_, { county, upload, ...input }, context) => {
      await requireImporter(context, county);
      const asked = checkAsked(input);
      const { uploads } = deskOf(context);
      const paths = await uploads.paths(county, upload);
      const outline = await inCountySystem(context, county, (tx) => countyOutline(tx, county));
      const found = await previewLayers(paths, asked, outline);
      return { ...found, files: await uploads.list(county, upload) };
    },
    importJob: async (_, { id }, context) => (await jobOf(context, id)) ?? null,
    runningImports: async (_, { county }, context) => {
      await requireImporter(context, county);
      const desk = deskOf(context);
      const here = desk.running(county);
      // What this process runs it knows itself; another one's stands in the database.
      if (here.length > 0) return here;
      return inCounty(context, county, (tx) => unfinishedImportJobs(tx, county));
    },
    imports: async (_, { county, first, after }, context) => {
      await requireImporter(context, county);
      const size = pageSize(first);
      const [last] = decodeTextCursor(LIST, after, 1) ?? [];
      const rows = await inCounty(context, county, (tx) => pageOfImportBatches(tx, county, last, size + 1));
      return makePage(
        LIST,
        rows,
        size,
        ({ id }) => [id],
        () => inCounty(context, county, (tx) => countImportBatches(tx, county)),
      );
    },
  },
  Mutation: {
    runImport: (_, { input }, context) => askForImport(context, input),
    cancelImport: async (_, { id: text }, context) => {
      const { county, id } = requireGlobalId(text, "ImportJob");
      const job = await jobOf(context, text);
      if (!job) throw notFound(`there is no import ${text}`, { at: "id" });
      deskOf(context).cancel(county, id);
      return job;
    },
    undoImport: async (_, { id: text, reason }, context) => {
      const { county, id } = requireGlobalId(text, "ImportBatch");
      await requireImporter(context, county, "id");
      const { actor, ...person } = auditedBy(context);
      const { removed, restored } = await undoImport(
        context.database,
        { county, nowMs: context.nowMs, actor, person: { ...person, reason: checkedReason(reason) } },
        id,
      );
      context.feed.wake(county);
      const batch = await inCounty(context, county, (tx) => importBatchById(tx, county, id));
      return { batch: required(batch, `import ${id}`), removed, restored };
    },
  },
  ImportJob: {
    id: ({ county, id }) => toGlobalId("ImportJob", county, id),
    level: ({ options }) => options.level,
    crs: ({ options }) => options.crs,
    map: ({ options }) => columnsOf(options.map),
    effective: ({ options }) => options.effective ?? null,
    files: ({ options }) => [...options.files],
    state: ({ state }) => state,
    rejectedPath: (job) => rejectedPath(job),
    batch: ({ county, batchId }) => batchId && toGlobalId("ImportBatch", county, batchId),
    by: ({ actorName, actor }) => actorName ?? actor,
  },
  ImportVerdict: {
    crs: ({ crs }) => crs.id,
    nameZh: ({ crs }) => crs.label.zh,
    nameEn: ({ crs }) => crs.label.en,
    reasonsZh: ({ reasons }) => reasons.map(({ zh }) => zh),
    reasonsEn: ({ reasons }) => reasons.map(({ en }) => en),
    flags: ({ flags }) => [...flags],
  },
  ImportReport: {
    skipped: ({ skipped }) => skipped.map(({ samples, ...group }) => ({ ...group, samples: [...samples] })),
    flags: ({ flags }) => [...flags],
    edition: (report) => (isEdition(report) ? report.edition : null),
  },
  ImportEdition: {
    counts: ({ counts }) => Object.entries(counts).map(([kind, count]) => ({ kind, count })),
    proposals: ({ proposals }) => [...proposals],
    recoded: ({ recoded }) => [...recoded],
    leftOver: ({ leftOver }) => leftOver.map((area) => ({ ...area, successors: [...area.successors] })),
  },
  ImportProposal: {
    changes: ({ changes }) => [...changes],
    olds: ({ olds }) => olds.map((area) => ({ ...area, at: null })),
    nexts: ({ nexts }) => [...nexts],
    choices: ({ choices }) => [...choices],
    reasonsZh: ({ reasons }) => reasons.map(({ zh }) => zh),
    reasonsEn: ({ reasons }) => reasons.map(({ en }) => en),
  },
  ImportBatch: {
    id: ({ county, id }) => toGlobalId("ImportBatch", county, id),
    // Imports of the command line are kept with the paths that were typed.
    files: ({ files }) =>
      files
        .split(", ")
        .map((file) => basename(file))
        .join(", "),
    by: ({ actorName, actor }) => actorName ?? actor,
    undoable: (batch, _, context) => isUndoable(batch, context.nowMs),
  },
  ImportBatchConnection: connectionResolvers<ImportBatchRow>(),
} satisfies Resolvers;

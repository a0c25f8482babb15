import { toGlobalId } from "../../../data/model/ids.ts";
import { verifyAudit } from "../../../db/audit/verify.ts";
import { type AuditRow, countAuditLog, listAuditLog } from "../../../db/repositories/audit-log-repository.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { asAuditor, checkAuditFilter, requireAuditor } from "../../services/audit.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { recordExport } from "../../services/record-export.ts";

const LIST = "auditLog";

export const auditResolvers = {
  Query: {
    auditLog: async (_, { filter: input, first, after }, context) => {
      requireAuditor(context, input.county, "filter.county");
      const filter = checkAuditFilter(input, "filter.");
      const size = pageSize(first);
      const [last] = decodeTextCursor(LIST, after, 1) ?? [];
      const { county } = input;
      const rows = await asAuditor(context, county, "filter.county", (tx) =>
        listAuditLog(tx, county, filter, "newest", last, size + 1),
      );
      return makePage(
        LIST,
        rows,
        size,
        ({ id }) => [id],
        () => asAuditor(context, county, "filter.county", (tx) => countAuditLog(tx, county, filter)),
      );
    },
    auditVerification: async (_, { county }, context) => {
      requireAuditor(context, county);
      const { ok, rows, unsealed, problem, headChecked, notes } = await verifyAudit(context.database, county, {
        nowMs: context.nowMs,
      });
      const id = problem?.id;
      return {
        ok,
        rows,
        unsealed,
        firstBadSeq: problem?.seq ?? null,
        firstBadId: id ? toGlobalId("AuditRow", county, id) : null,
        problem: problem?.message ?? null,
        headChecked,
        notes: [...notes],
      };
    },
  },
  Mutation: {
    recordExport: (_, { areaCode, list, rows }, context) => recordExport(context, areaCode, list, rows),
  },
  AuditRow: { id: ({ county, id }) => toGlobalId("AuditRow", county, id) },
  AuditConnection: connectionResolvers<AuditRow>(),
} satisfies Resolvers;

import type { Resolvers } from "../../generated/resolvers-types.ts";
import { requireAdministrator } from "../../services/identity/administrator.ts";
import { requireOwnCounty } from "../../services/identity/credential-area.ts";
import {
  createKiosk,
  listKiosks,
  reissueKiosk,
  revokeKioskLink,
  setKioskVisitor,
} from "../../services/identity/kiosks.ts";
import { requireGlobalId } from "../../services/require.ts";

const DEFAULTS = { startPath: "/wall", pointDays: 30, visitor: false } as const;

export const kioskResolvers: Resolvers = {
  Query: {
    kioskLinks: (_parent, { county }, context) => {
      const admin = requireAdministrator(context, "kioskLinks");
      return listKiosks(context.database, admin, requireOwnCounty(admin, county), context.nowMs);
    },
  },
  Mutation: {
    createKioskLink: (_parent, { name, areaCode, startPath, pointDays, visitor, reason }, context) =>
      createKiosk(
        context.database,
        requireAdministrator(context, "createKioskLink"),
        {
          name,
          areaCode,
          reason,
          startPath: startPath ?? DEFAULTS.startPath,
          pointDays: pointDays ?? DEFAULTS.pointDays,
          visitor: visitor ?? DEFAULTS.visitor,
        },
        context.nowMs,
      ),
    reissueKioskLink: (_parent, { id, reason }, context) => {
      const admin = requireAdministrator(context, "reissueKioskLink");
      return reissueKiosk(context.database, admin, { ...requireGlobalId(id, "KioskLink"), reason }, context.nowMs);
    },
    setKioskVisitor: (_parent, { id, hours, reason }, context) => {
      const admin = requireAdministrator(context, "setKioskVisitor");
      return setKioskVisitor(
        context.database,
        admin,
        { ...requireGlobalId(id, "KioskLink"), hours, reason },
        context.nowMs,
      );
    },
    revokeKioskLink: (_parent, { id, reason }, context) => {
      const admin = requireAdministrator(context, "revokeKioskLink");
      return revokeKioskLink(context.database, admin, { ...requireGlobalId(id, "KioskLink"), reason }, context.nowMs);
    },
  },
};

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeExecutableSchema } from "@graphql-tools/schema";
import type { GraphQLSchema } from "graphql";
import { guardSchema } from "../guards.ts";
import { alarmResolvers } from "./alarm/alarm.resolvers.ts";
import { areaResolvers } from "./area/area.resolvers.ts";
import { auditResolvers } from "./audit/audit.resolvers.ts";
import { cameraResolvers } from "./camera/camera.resolvers.ts";
import { clockResolvers } from "./clock/clock.resolvers.ts";
import { enumResolvers } from "./enums.ts";
import { evaluationResolvers } from "./evaluation/evaluation.resolvers.ts";
import { feedResolvers } from "./feed/feed.resolvers.ts";
import { gridLayerResolvers } from "./grid-layer/grid-layer.resolvers.ts";
import { healthResolvers } from "./health/health.resolvers.ts";
import { accountResolvers } from "./identity/accounts.resolvers.ts";
import { kioskResolvers } from "./identity/kiosks.resolvers.ts";
import { meResolvers } from "./identity/me.resolvers.ts";
import { tokenResolvers } from "./identity/tokens.resolvers.ts";
import { importResolvers } from "./import/import.resolvers.ts";
import { incidentResolvers } from "./incident/incident.resolvers.ts";
import { metaResolvers } from "./meta/meta.resolvers.ts";
import { moveResolvers } from "./move/move.resolvers.ts";
import { organisationResolvers } from "./organisation/organisation.resolvers.ts";
import { photoResolvers } from "./photo/photo.resolvers.ts";
import { planResolvers } from "./plan/plan.resolvers.ts";
import { reportResolvers } from "./report/report.resolvers.ts";
import { routingResolvers } from "./routing/routing.resolvers.ts";
import { dateTimeScalar, geojsonScalar, incidentColumnsScalar } from "./scalars.ts";
import { staffResolvers } from "./staff/staff.resolvers.ts";
import { statsResolvers } from "./stats/stats.resolvers.ts";
import { whistleResolvers } from "./whistle/whistle.resolvers.ts";
import { workflowResolvers } from "./workflow/workflow.resolvers.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The SDL of all nouns, in order of their paths. */
export const readTypeDefs = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".graphql"))
    .sort()
    .map((name) => readFileSync(`${folder}${name}`, "utf8"));

/** The executable schema, guarded by the policy; throws when a resolver has no field, an enum no value, a field no rule. */
export const buildGraphqlSchema = (): GraphQLSchema =>
  guardSchema(
    makeExecutableSchema({
      typeDefs: readTypeDefs(),
      resolvers: [
        { DateTime: dateTimeScalar, GeoJSON: geojsonScalar, IncidentColumns: incidentColumnsScalar },
        enumResolvers,
        accountResolvers,
        alarmResolvers,
        areaResolvers,
        auditResolvers,
        cameraResolvers,
        clockResolvers,
        evaluationResolvers,
        feedResolvers,
        gridLayerResolvers,
        healthResolvers,
        importResolvers,
        incidentResolvers,
        meResolvers,
        kioskResolvers,
        metaResolvers,
        moveResolvers,
        organisationResolvers,
        photoResolvers,
        planResolvers,
        reportResolvers,
        routingResolvers,
        staffResolvers,
        statsResolvers,
        tokenResolvers,
        whistleResolvers,
        workflowResolvers,
      ],
      resolverValidationOptions: { requireResolversToMatchSchema: "error" },
    }),
  );

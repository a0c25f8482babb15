import { EVALUATION_INDEX_KEYS, EVALUATION_PARTS, factOf } from "../../../data/evaluation/indices.ts";
import { departmentPoints, type WhistleEntry } from "../../../data/evaluation/whistle-points.ts";
import { isInside } from "../../../data/model/codes.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { IncidentRecord } from "../../../data/model/incident.ts";
import { areaWithin, mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import { assessedCases } from "../../helpers/evaluation-oracle.ts";
import { askField, guardRefusal, insideAnswer, isRefused, type OperationMaker, type World } from "./operation.ts";

const PERIOD = { from: "2025-01-15T00:00:00.000Z", to: "2026-01-15T00:00:00.000Z" };
const PERIOD_ARGS = `from: "${PERIOD.from}", to: "${PERIOD.to}"`;

/** Cases by fact of each part, as the viewer sees them; the whole where `by` is null. */
const counted = ({ oracle }: World, viewer: Viewer, inside: string, by: "area" | "department" | null) =>
  assessedCases(oracle.data, (one) => oracle.seesPoint(viewer, one), {
    inside,
    by,
    ...PERIOD,
    asOf: new Date(oracle.nowMs).toISOString(),
  });

/** Figures of everybody who has a case, by key. */
const evaluation: OperationMaker = (world, prng) => {
  const inside = prng.pick(world.codes);
  const by = prng.pick(["area", "department"] as const);
  const form = prng.int(0, 2);
  const args = `inside: "${inside}", by: ${by.toUpperCase()}, ${PERIOD_ARGS}`;
  return {
    name: `evaluation(${args})`,
    async run(api, viewer) {
      const answer = await askField<{
        rows: { key: string; cases: number; figures: { numerator: number; denominator: number }[] }[];
      }>(api, viewer, form, "evaluation", args, "{ rows { key cases figures { numerator denominator } } }");
      if (isRefused(answer)) return answer;
      const rows = answer.rows.map(({ key, figures }) => [
        key,
        ...figures.flatMap(({ numerator, denominator }) => [numerator, denominator]),
      ]);
      // Areas are named also where nothing happened.
      return rows.filter(([, ...numbers]) => numbers.some((n) => n !== 0)).sort();
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", inside, (seen) =>
        [...counted(world, seen, inside, by)]
          .map(([key, facts]) => [
            by === "area" ? key : toGlobalId("Organisation", world.oracle.county, key),
            ...EVALUATION_INDEX_KEYS.flatMap((index) =>
              EVALUATION_PARTS.map((part) => facts[factOf(index, part)].size),
            ),
          ])
          .sort(),
      ),
  };
};

/** The cases that a figure of the whole counts. */
const evaluationCases: OperationMaker = (world, prng) => {
  const inside = prng.pick(world.codes);
  const index = prng.pick(EVALUATION_INDEX_KEYS);
  const part = prng.pick(EVALUATION_PARTS);
  const form = prng.int(0, 2);
  const args = `inside: "${inside}", index: ${index.toUpperCase()}, part: ${part.toUpperCase()}, ${PERIOD_ARGS}, first: 500`;
  return {
    name: `evaluationCases(${args})`,
    async run(api, viewer) {
      const answer = await askField<{ nodes: { id: string }[] }>(
        api,
        viewer,
        form,
        "evaluationCases",
        args,
        "{ nodes { id } }",
      );
      return isRefused(answer) ? answer : answer.nodes.map(({ id }) => id).sort();
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", inside, (seen) =>
        [...(counted(world, seen, inside, null).get("")?.[factOf(index, part)] ?? [])]
          .map((id) => toGlobalId("Incident", world.oracle.county, id))
          .sort(),
      ),
  };
};

const casesById = ({ oracle }: World): Map<string, IncidentRecord> =>
  new Map(oracle.data.incidents.map((one) => [one.id, one]));

/** Whistles of an area, with what only readers of texts read. */
const whistles: OperationMaker = (world, prng) => {
  const inside = prng.pick(world.codes);
  const open = prng.chance(0.5);
  const form = prng.int(0, 2);
  const args = `inside: "${inside}", open: ${open}, first: 500`;
  const { oracle } = world;
  return {
    name: `whistles(${args})`,
    run: (api, viewer) =>
      askField(api, viewer, form, "whistles", args, "{ id note outcome rating area { code } calls { id } }").then(
        (answer) => (isRefused(answer) ? answer : (answer as { id: string }[]).sort((a, b) => (a.id < b.id ? -1 : 1))),
      ),
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", inside, (seen) => {
        const cases = casesById(world);
        return (oracle.data.whistles ?? [])
          .flatMap((one) => {
            const about = cases.get(one.incidentId);
            const code = about?.scopeCode ?? oracle.county;
            if (!about || !oracle.seesPoint(seen, about) || !isInside(code, inside)) return [];
            if ((one.endedAt === null) !== open) return [];
            const text = mayReadIn(seen, "incident_text", code);
            return {
              id: toGlobalId("Whistle", oracle.county, one.id),
              note: text ? one.note : null,
              outcome: text ? one.outcome : null,
              rating: text ? one.rating : null,
              area: { code: one.areaCode },
              calls: (oracle.data.whistleCalls ?? [])
                .filter(({ whistleId }) => whistleId === one.id)
                .map(({ id }) => ({ id: toGlobalId("WhistleCall", oracle.county, id) }))
                .sort((a, b) => (a.id < b.id ? -1 : 1)),
            };
          })
          .sort((a, b) => (a.id < b.id ? -1 : 1));
      }),
  };
};

/** Scores of departments, from the whistles of the viewer's own area. */
const departmentScores: OperationMaker = (world, prng) => {
  const year = prng.pick([2025, 2026]);
  const form = prng.int(0, 2);
  const { oracle } = world;
  const args = `county: "${oracle.county}", year: ${year}`;
  return {
    name: `departmentScores(${args})`,
    run: (api, viewer) =>
      askField(api, viewer, form, "departmentScores", args, "{ organisation { id } calls inTime late rating points }"),
    expected: (viewer) => {
      const refusal = guardRefusal(viewer, "incident");
      if (refusal || !viewer) return refusal;
      if (areaWithin(viewer, oracle.county) === undefined) return { code: "FORBIDDEN" };
      const cases = casesById(world);
      const seen = (oracle.data.whistles ?? []).filter((one) => {
        const about = cases.get(one.incidentId);
        return about && oracle.seesPoint(viewer, about);
      });
      const log = seen.flatMap((one): WhistleEntry[] => [
        ...(one.endedAt === null
          ? []
          : [{ kind: "ended" as const, at: Date.parse(one.endedAt), whistle: one.id, rating: one.rating ?? 0 }]),
        ...(oracle.data.whistleCalls ?? [])
          .filter(
            ({ whistleId }) =>
              whistleId === one.id && new Date(Date.parse(one.blownAt) + 8 * 3_600_000).getUTCFullYear() === year,
          )
          .flatMap((call): WhistleEntry[] => [
            {
              kind: "called",
              at: Date.parse(one.blownAt),
              whistle: one.id,
              call: call.id,
              organisation: call.organisationId,
              arriveBy: Date.parse(call.arriveBy),
            },
            ...(call.arrivedAt === null
              ? []
              : [{ kind: "arrived" as const, at: Date.parse(call.arrivedAt), call: call.id }]),
          ]),
      ]);
      return departmentPoints(log, oracle.nowMs, 1 / 3).map(
        ({ organisation, calls, inTime, late, rating, points }) => ({
          organisation: { id: toGlobalId("Organisation", oracle.county, organisation) },
          calls,
          inTime,
          late,
          rating,
          points,
        }),
      );
    },
  };
};

/** Ratings of orders in the funnel. */
const orderFunnel: OperationMaker = (world, prng) => {
  const inside = prng.pick(world.codes);
  const form = prng.int(0, 2);
  const args = `inside: "${inside}"`;
  const { oracle } = world;
  return {
    name: `orderFunnel(${args})`,
    run: (api, viewer) =>
      askField(api, viewer, form, "orderFunnel", args, "{ rated satisfied stages { reached } }").then((answer) => {
        if (isRefused(answer)) return answer;
        const { rated, satisfied, stages } = answer as {
          rated: number;
          satisfied: number;
          stages: { reached: number }[];
        };
        return { rated, satisfied, orders: stages[0]?.reached };
      }),
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", inside, (seen) => {
        const orders = oracle.data.incidents.filter(
          (one) =>
            one.source === "app" && oracle.seesPoint(seen, one) && isInside(one.scopeCode ?? oracle.county, inside),
        );
        const ids = new Set(orders.map(({ id }) => id));
        const rated = (oracle.data.ratings ?? []).filter(({ incidentId }) => ids.has(incidentId));
        return {
          rated: rated.length,
          satisfied: rated.filter(({ rating }) => rating >= 4).length,
          orders: orders.length,
        };
      }),
  };
};

export const EVALUATION_OPERATIONS: readonly OperationMaker[] = [
  evaluation,
  evaluationCases,
  whistles,
  departmentScores,
  orderFunnel,
];

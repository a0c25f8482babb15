import type { Prng } from "../../../data/demo/prng.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { IncidentRecord } from "../../../data/model/incident.ts";
import { mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import {
  askField,
  guardRefusal,
  insideAnswer,
  isRefused,
  type OperationMaker,
  refused,
  type World,
} from "./operation.ts";
import type { CaseFilter } from "./oracle.ts";

const SELECTION = "{ id ref title sourceRef late point scopeCode events { toState actor note } }";

interface CaseNode {
  readonly ref: number;
  readonly events: readonly object[];
}

/** A case as the viewer gets it: without free text where the role may not read it. */
function caseAnswer({ oracle }: World, viewer: Viewer, one: IncidentRecord) {
  const text = mayReadIn(viewer, "incident_text", one.scopeCode ?? oracle.county);
  return {
    id: toGlobalId("Incident", oracle.county, one.id),
    ref: one.ref,
    title: text ? one.title : null,
    sourceRef: text ? one.sourceRef : null,
    late: oracle.isLate(one),
    point: [...oracle.shownAt(one)],
    scopeCode: one.scopeCode,
    events: oracle.data.incidentEvents
      .filter(({ incidentId }) => incidentId === one.id)
      .map(({ toState, actor, note }) => ({
        toState: toState.toUpperCase(),
        actor: text ? actor : null,
        note: text ? note : null,
      })),
  };
}

/** A random filter: any area, and any of the conditions. */
function randomFilter({ oracle, codes }: World, prng: Prng): CaseFilter {
  const days = (from: number, to: number) => new Date(oracle.nowMs - prng.int(from, to) * 86_400_000).toISOString();
  const [lon, lat] = prng.pick(oracle.data.incidents).point;
  return {
    inside: prng.pick(codes),
    // Days that do not cross: an empty period is refused.
    ...(prng.chance(0.2) ? { from: days(101, 200) } : {}),
    ...(prng.chance(0.2) ? { to: days(0, 100) } : {}),
    ...(prng.chance(0.3) ? { classes: prng.pick([["80001"], ["80"], ["01"], ["02003", "05002"]]) } : {}),
    ...(prng.chance(0.2) ? { states: prng.pick([["CLOSED"], ["HANDLING", "FOUND"], ["VOID"]]) } : {}),
    ...(prng.chance(0.2) ? { open: prng.chance(0.5) } : {}),
    ...(prng.chance(0.2) ? { late: prng.chance(0.5) } : {}),
    ...(prng.chance(0.2) ? { withoutSuspicious: true } : {}),
    ...(prng.chance(0.2)
      ? { bbox: { west: lon - 0.0061, south: lat - 0.0061, east: lon + 0.0063, north: lat + 0.0063 } }
      : {}),
  };
}

const filterText = ({ states, bbox, ...filter }: CaseFilter): string => {
  const values = Object.entries(filter).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  if (states) values.push(`states: [${states.join(", ")}]`);
  if (bbox)
    values.push(
      `bbox: { ${Object.entries(bbox)
        .map(([name, value]) => `${name}: ${value}`)
        .join(", ")} }`,
    );
  return `filter: { ${values.join(", ")} }`;
};

const byRef = (a: { readonly ref: number }, b: { readonly ref: number }): number => a.ref - b.ref;

const list: OperationMaker = (world, prng) => {
  const filter = randomFilter(world, prng);
  const form = prng.int(0, 2);
  const args = `${filterText(filter)}, first: 1000, orderBy: ${prng.pick(["NEWEST", "OLDEST", "MOST_OVERDUE"])}`;
  return {
    name: `incidents(${args})`,
    async run(api, viewer) {
      type Page = { totalCount: number; nodes: CaseNode[] };
      const page = await askField<Page>(api, viewer, form, "incidents", args, `{ totalCount nodes ${SELECTION} }`);
      return isRefused(page) ? page : { total: page.totalCount, nodes: page.nodes.toSorted(byRef) };
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", filter.inside, (asker) => {
        const found = world.oracle.incidents(asker, filter);
        return { total: found.length, nodes: found.map((one) => caseAnswer(world, asker, one)).toSorted(byRef) };
      }),
  };
};

interface Columns {
  readonly rows: number;
  readonly columns: {
    readonly ref: number[];
    readonly lon: number[];
    readonly lat: number[];
    readonly state: number[];
    readonly grid: (number | null)[];
  };
  readonly dictionaries: { readonly state: string[]; readonly grid: string[] };
}

/** The same cases in columns. */
const columns: OperationMaker = (world, prng) => {
  const filter = randomFilter(world, prng);
  const form = prng.int(0, 2);
  const args = `${filterText(filter)}, fields: [REF, LON, LAT, STATE, GRID]`;
  return {
    name: `incidentColumns(${args})`,
    async run(api, viewer) {
      const answer = await askField<Columns>(api, viewer, form, "incidentColumns", args, "");
      if (isRefused(answer)) return answer;
      const { columns: lists, dictionaries } = answer;
      const nodes = lists.ref.map((ref, i) => ({
        ref,
        point: [(lists.lon[i] ?? 0) / 1e7, (lists.lat[i] ?? 0) / 1e7],
        state: dictionaries.state[lists.state[i] ?? -1],
        scopeCode: dictionaries.grid[lists.grid[i] ?? -1] ?? null,
      }));
      return { rows: answer.rows, grids: dictionaries.grid, nodes: nodes.toSorted(byRef) };
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", filter.inside, (asker) => {
        const found = world.oracle.incidents(asker, filter);
        const grids = new Set(found.map(({ scopeCode }) => scopeCode).filter((code) => code !== null));
        const nodes = found.map((one) => ({
          ref: one.ref,
          point: [...world.oracle.shownAt(one)].map((degrees) => Math.round(degrees * 1e7) / 1e7),
          state: one.state,
          scopeCode: one.scopeCode,
        }));
        // Dictionaries name what the viewer sees and nothing else.
        return { rows: found.length, grids: [...grids].sort(), nodes: nodes.toSorted(byRef) };
      }),
  };
};

/** One case by its id or its number. */
const single: OperationMaker = (world, prng) => {
  const one = prng.pick(world.oracle.data.incidents);
  const form = prng.int(0, 2);
  const [field, args] = prng.chance(0.5)
    ? ["incident", `id: "${toGlobalId("Incident", world.oracle.county, one.id)}"`]
    : ["incidentByRef", `county: "${world.oracle.county}", ref: ${one.ref}`];
  return {
    name: `${field}(${args})`,
    run: (api, viewer) => askField(api, viewer, form, field, args, SELECTION),
    expected(viewer) {
      const guard = guardRefusal(viewer, "incident");
      if (guard || !viewer) return guard;
      return world.oracle.seesPoint(viewer, one) ? caseAnswer(world, viewer, one) : refused("NOT_FOUND");
    },
  };
};

const DIMENSIONS: Readonly<Record<string, (one: IncidentRecord) => string>> = {
  CLASS: ({ classCode }) => classCode,
  MAJOR: ({ classCode }) => classCode.slice(0, 2),
  STATE: ({ state }) => state,
  SEVERITY: ({ severity }) => severity,
  SOURCE: ({ source }) => source,
};

const stats: OperationMaker = (world, prng) => {
  const filter = randomFilter(world, prng);
  const dimension = prng.pick(Object.keys(DIMENSIONS));
  const args = `${filterText(filter)}, by: [${dimension}]`;
  const form = prng.int(0, 2);
  return {
    name: `stats(${args})`,
    async run(api, viewer) {
      type Stats = { total: number; groups: { key: string[]; count: number; open: number; late: number }[] };
      const answer = await askField<Stats>(
        api,
        viewer,
        form,
        "stats",
        args,
        "{ total groups { key count open late } }",
      );
      if (isRefused(answer)) return answer;
      const groups = answer.groups.map(({ key, count, open, late }) => [key[0]?.toLowerCase(), count, open, late]);
      return { total: answer.total, groups: groups.toSorted() };
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", filter.inside, (asker) => {
        const { oracle } = world;
        const found = oracle.incidents(asker, filter);
        const keyOf = DIMENSIONS[dimension] ?? (() => "");
        const groups = [...new Set(found.map(keyOf))].map((key) => {
          const members = found.filter((one) => keyOf(one) === key);
          return [key, members.length, members.filter(oracle.isOpen).length, members.filter(oracle.isLate).length];
        });
        return { total: found.length, groups: groups.toSorted() };
      }),
  };
};

const heat: OperationMaker = (world, prng) => {
  const filter = randomFilter(world, prng);
  const args = `${filterText(filter)}, cellM: ${prng.pick([100, 250, 1000])}`;
  const form = prng.int(0, 2);
  return {
    name: `heat(${args})`,
    async run(api, viewer) {
      type Heat = { cells: number[]; suspiciousLeftOut: number };
      const answer = await askField<Heat>(api, viewer, form, "heat", args, "{ cells suspiciousLeftOut }");
      if (isRefused(answer)) return answer;
      const counts = answer.cells.filter((_, i) => i % 4 === 2);
      return { drawn: counts.reduce((sum, count) => sum + count, 0), leftOut: answer.suspiciousLeftOut };
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "incident", filter.inside, (asker) => {
        const found = world.oracle.incidents(asker, filter);
        const drawn = found.filter(({ suspicious }) => !suspicious).length;
        return { drawn, leftOut: found.length - drawn };
      }),
  };
};

export const CASE_OPERATIONS: readonly OperationMaker[] = [list, list, columns, columns, single, single, stats, heat];

import { decodeColumns } from "../../../data/columns/format.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import type { IncidentRecord } from "../../../data/model/incident.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import { groupBy } from "../../helpers/group-by.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { insideAnswer, type OperationMaker, refused, type World } from "./operation.ts";

/** The policy county lies at 8 hours east the whole year. */
const ZONE_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** Everything in the policy county, cases outside its areas too. */
const BBOX = "112.9,39.9,113.1,40.1";
const LENGTHS = { town: 9, community: 12, grid: 15, micro: 18 } as const;

/** Counts over one route: `key … count` of each row, or what it is refused with. */
const counts =
  (
    route: string,
    question: (inside: string, prng: Parameters<OperationMaker>[1]) => readonly [query: string, keyOf: KeyOf],
    /** Longest code of an area to ask inside. */
    deepest: number = LENGTHS.micro,
  ): OperationMaker =>
  (world, prng) => {
    const inside = prng.chance(0.4)
      ? world.oracle.county
      : prng.pick(world.codes.filter(({ length }) => length <= deepest));
    const [query, keyOf] = question(inside, prng);
    const url = `/columns/${route}?county=${world.oracle.county}&inside=${inside}${query}`;
    return {
      name: url,
      async run(api, viewer) {
        const answer = await api.app.inject({ url, headers: viewerHeaders(viewer) });
        if (answer.statusCode !== 200) {
          const { code } = answer.json() as { code: string };
          if (code === "BAD_USER_INPUT" || code === "INTERNAL") throw new Error(`${url}: ${answer.body}`);
          return refused(code);
        }
        const { rows, columns, dictionaries } = decodeColumns(new Uint8Array(answer.rawPayload));
        const { x, y, name, day, count } = columns;
        return Array.from({ length: rows }, (_, i) => {
          const names = name ? [dictionaries["name"]?.[name[i] as number]] : [];
          const key = [...names, ...[x, y, day].flatMap((column) => (column ? [column[i]] : []))];
          return [...key, count?.[i]].join(" ");
        }).sort();
      },
      expected: (viewer) =>
        insideAnswer(world, viewer, "incident", inside, (seen) => expectedCounts(world, seen, inside, keyOf)),
    };
  };

/** What a case counts under; undefined where it does not count. */
type KeyOf = (one: IncidentRecord, world: World) => string | undefined;

function expectedCounts(world: World, viewer: Viewer, inside: string, keyOf: KeyOf): string[] {
  const cases = world.oracle.data.incidents.filter(
    (one) => world.oracle.seesIncident(viewer, one) && (one.scopeCode ?? world.oracle.county).startsWith(inside),
  );
  const keys = cases.flatMap((one) => keyOf(one, world) ?? []);
  return [...groupBy(keys, (key) => key)].map(([key, same]) => `${key} ${same.length}`).sort();
}

const trend = counts("trend", (_inside, prng) => {
  const by = prng.pick(["class", "major"] as const);
  return [
    `&by=${by}`,
    ({ classCode, openedAt }) =>
      `${by === "class" ? classCode : classCode.slice(0, 2)} ${Math.floor((Date.parse(openedAt) + ZONE_MS) / DAY_MS)}`,
  ];
});

const heat = counts("heat", (_inside, prng) => {
  const edge = prng.pick([25_000, 50_000, 200_000]);
  return [
    `&bbox=${BBOX}&cell=${edge}`,
    (one, { oracle }) =>
      one.suspicious
        ? undefined
        : oracle
            .shownAt(one)
            .map((degrees) => Math.floor(toLattice(degrees) / edge))
            .join(" "),
  ];
});

const ranking = counts(
  "ranking",
  (inside, prng) => {
    const level = prng.pick(
      (["town", "community", "grid", "micro"] as const).filter((one) => LENGTHS[one] > inside.length),
    );
    const length = LENGTHS[level];
    return [
      `&level=${level}`,
      ({ scopeCode }) => (scopeCode !== null && scopeCode.length >= length ? scopeCode.slice(0, length) : undefined),
    ];
  },
  LENGTHS.grid,
);

export const COUNT_OPERATIONS: readonly OperationMaker[] = [trend, heat, ranking];

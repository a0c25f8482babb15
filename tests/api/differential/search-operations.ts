import { reachesCounty } from "../../../data/policy/viewer.ts";
import { policyTitle } from "../../fixtures/policy-base.ts";
import { askField, guardRefusal, isRefused, type OperationMaker, refused } from "./operation.ts";

/** What a search may look for: names of areas, units and staff, and free text of cases, which is never found. */
const search: OperationMaker = ({ oracle, codes }, prng) => {
  const { data } = oracle;
  const text = prng.pick([
    () => prng.pick(data.staff).name,
    () => prng.pick(data.staff).name,
    () => prng.pick(data.organisations).name,
    () => prng.pick(codes.filter((code) => code.length > 12)),
    () => policyTitle(prng.int(1, 400)),
    () => prng.pick(data.staff).workPhone,
    () => prng.pick(data.cameras).name,
  ])();
  const form = prng.int(0, 2);
  return {
    name: `search(${text})`,
    async run(api, viewer) {
      const args = `county: "${oracle.county}", text: "${text}", first: 100`;
      type Hit = { readonly kind: string; readonly id: string; readonly name: string };
      const hits = await askField<Hit[]>(api, viewer, form, "search", args, "{ kind id name }");
      return isRefused(hits) ? hits : hits.map(({ kind, id }) => `${kind} ${id.split(":")[2]}`).toSorted();
    },
    expected(viewer) {
      const guard = guardRefusal(viewer, "map");
      if (guard || !viewer) return guard;
      if (!reachesCounty(viewer, oracle.county)) return refused("FORBIDDEN");
      const has = (...values: readonly string[]): boolean => values.some((value) => value.includes(text));
      return [
        ...data.areas.filter(({ name, code }) => has(name, code)).map(({ id }) => `AREA ${id}`),
        ...data.organisations.filter(({ name }) => has(name)).map(({ id }) => `ORGANISATION ${id}`),
        ...data.staff
          .filter(({ id, name }) => has(name) && oracle.seesPost(viewer, oracle.postOf(id)))
          .map(({ id }) => `STAFF ${id}`),
      ].toSorted();
    },
  };
};

export const SEARCH_OPERATIONS: readonly OperationMaker[] = [search];

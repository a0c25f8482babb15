import { isInside } from "../../../data/model/codes.ts";
import type { PlanBase } from "../../../data/planning/plan-base.ts";
import { mayReadIn } from "../../../data/policy/viewer.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { insideAnswer, type OperationMaker, refused } from "./operation.ts";

/** What the boundary desk opens: for who reads plans there, with buildings of one household for who draws and administers. */
export const PLAN_OPERATIONS: readonly OperationMaker[] = [
  (world, prng) => {
    const code = prng.pick(world.codes.filter((one) => one.length <= 12));
    const { data } = world.oracle;
    return {
      name: `columns/plan-base ${code}`,
      async run(api, viewer) {
        const answer = await api.app.inject({
          url: `/columns/plan-base?scope=${code}`,
          headers: viewerHeaders(viewer),
        });
        if (answer.statusCode !== 200) return refused((answer.json() as { code: string }).code);
        const { cells, compounds, buildings } = answer.json() as PlanBase;
        const counts = buildings.households.toSorted((a, b) => (a ?? 0) - (b ?? 0));
        return [cells.map((cell) => cell.code), compounds.map(({ id }) => id).sort(), counts];
      },
      expected: (viewer) =>
        insideAnswer(world, viewer, "plan", code, (asker) => {
          const codes = data.areas.map((area) => area.code).filter((one) => isInside(one, code));
          const lowest = codes.filter(
            (one) => one.length > 6 && !codes.some((other) => other !== one && isInside(other, one)),
          );
          const compounds = data.compounds.filter(({ communityCode }) => isInside(communityCode, code));
          const told = asker.role === "planner" || asker.role === "admin";
          const counts = data.buildings
            .filter(({ scopeCode }) => isInside(scopeCode, code) && mayReadIn(asker, "household", scopeCode))
            .map(({ households }) => (households === 1 && !told ? null : households));
          return [
            lowest.sort(),
            compounds.map(({ id }) => id as string).sort(),
            counts.sort((a, b) => (a ?? 0) - (b ?? 0)),
          ];
        }),
    };
  },
];

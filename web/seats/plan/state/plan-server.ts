import type { AreaKind as KindWord } from "../../../../data/model/area.ts";
import { dataError } from "../../../../data/model/errors.ts";
import type { PlanChange } from "../../../../data/planning/plan.ts";
import { isNewCell } from "../../../../data/planning/plan.ts";
import type { AreaKind, PlanChangeInput, PlanQuery } from "../../../gql/generated.ts";
import { PlanSavedDocument, SavePlanDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { request } from "../../../gql/request.ts";
import type { PlanServer } from "./saving.ts";

/** Kinds travel as the SDL writes them. */
const toWire = (kind: KindWord): AreaKind => kind.toUpperCase() as AreaKind;
const fromWire = (kind: AreaKind): KindWord => kind.toLowerCase() as KindWord;

/** Changes of a plan as the server told them. */
export const changesOf = ({ changes }: Pick<PlanQuery["plan"], "changes">): readonly PlanChange[] =>
  changes.map(({ cell, code, kind, name, geometry }) => {
    if (geometry && geometry.type !== "MultiPolygon")
      throw dataError(`The ground of ${name} is a ${geometry.type}`, { hint: "Open the plan again." });
    return {
      cell,
      areaId: isNewCell(cell) ? null : cell,
      code,
      kind: fromWire(kind),
      name,
      geometry: geometry?.coordinates ?? null,
    };
  });

const inputOf = ({ cell, code, kind, name, geometry }: PlanChange): PlanChangeInput => ({
  cell,
  code,
  kind: toWire(kind),
  name,
  geometry: geometry && { type: "MultiPolygon", coordinates: geometry },
});

/** Saves and reads a plan of the server. @param plan what the page has of it, with its global id */
export const planServer = ({ id, revision, ...plan }: PlanQuery["plan"]): PlanServer => ({
  revision,
  changes: changesOf(plan),
  read: async () => {
    const { plan: saved } = await request(PlanSavedDocument, { id });
    return { revision: saved.revision, changes: changesOf(saved), savedBy: saved.savedBy };
  },
  save: async (changes, restored, on) => {
    const { savePlan } = await mutate(SavePlanDocument, {
      input: { id, revision: on, changes: changes.map(inputOf), restored: [...restored], key: crypto.randomUUID() },
    });
    return savePlan.revision;
  },
});

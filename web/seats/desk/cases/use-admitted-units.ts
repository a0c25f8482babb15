import { CaseOwnershipDocument, type CaseRowFragment } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";

/** A unit with what speaks for it. */
export interface SuggestedUnit {
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

/** Units that the admission list names for a case, each with the item that does. */
export function useAdmittedUnits(county: string, row: CaseRowFragment): readonly SuggestedUnit[] {
  const [lon, lat] = row.point;
  const { data } = useQuery(
    CaseOwnershipDocument,
    lon === undefined || lat === undefined ? undefined : { county, lon, lat, class: row.class.code, acts: false },
  );
  const units = new Map<string, SuggestedUnit>();
  for (const { organisation, item } of data?.ownership.admitted ?? [])
    if (organisation && !units.has(organisation.id)) units.set(organisation.id, { ...organisation, why: item });
  return [...units.values()];
}

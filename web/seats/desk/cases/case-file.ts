import type { CaseFileQuery } from "../../../gql/generated.ts";

/** A case with all that its page shows. */
export type CaseFile = NonNullable<CaseFileQuery["incidentByRef"]>;

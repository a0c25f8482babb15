import type { PhotoRow } from "../../../db/repositories/photo-repository.ts";

/** Where a picture is fetched. */
export const photoPath = ({ county, id }: Pick<PhotoRow, "county" | "id">): string => `/photos/${county}/${id}`;

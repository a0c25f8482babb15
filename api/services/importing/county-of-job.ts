import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import type { Database } from "../../../db/driver.ts";
import { countyOutline } from "../../../db/repositories/county-repository.ts";
import type { ImportJob } from "./import-job.ts";

/** The county's outline as it is known so far, to judge the reference system of its files by; undefined before its areas. */
export const outlineOf = (database: Database, { county }: ImportJob): Promise<MultiPolygonRings | undefined> =>
  database.transaction({ kind: "county", county }, (tx) => countyOutline(tx, county));

import { type CountyProcess, countyProcessSchema } from "../process.ts";

/** For a county that brings none of its own. */
export const DEFAULT_PROCESS: CountyProcess = countyProcessSchema.parse({});

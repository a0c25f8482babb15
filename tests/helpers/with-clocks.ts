import type { CountyDataset } from "../../data/model/dataset.ts";
import { caseClockRows } from "../../db/load/clock-rows.ts";

/** The dataset with the due times that its logs give when it is loaded: clocks have tests of their own. */
export function withClocks(data: CountyDataset): CountyDataset {
  const clocks = caseClockRows(data);
  return { ...data, incidents: data.incidents.map((one) => ({ ...one, dueAt: clocks.get(one.id)?.dueAt ?? null })) };
}

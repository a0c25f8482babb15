import { toGlobalId } from "../../../../data/model/ids.ts";
import type { ImportJobRow } from "../../../../db/repositories/import-job-repository.ts";

/** Where the lines that an import left out are fetched. */
export const rejectedPath = ({ county, id, rejected }: ImportJobRow): string | null =>
  rejected ? `/imports/rejected?job=${toGlobalId("ImportJob", county, id)}` : null;

/** How far a job is, as the stream of progress tells it: no values of the files. */
export interface JobProgress {
  readonly id: string;
  readonly state: string;
  readonly phase: string | null;
  readonly rows: number;
  readonly bytes: number | null;
  readonly totalBytes: number | null;
  readonly dryRun: boolean;
}

export const jobProgress = ({
  county,
  id,
  state,
  phase,
  rows,
  bytes,
  totalBytes,
  dryRun,
}: ImportJobRow): JobProgress => ({
  id: toGlobalId("ImportJob", county, id),
  state: state.toUpperCase(),
  phase,
  rows,
  bytes,
  totalBytes,
  dryRun,
});

import type { ImportJobRow } from "../../../../db/repositories/import-job-repository.ts";

/** Told of each change of a job of the county that it listens to. */
export type JobListener = (job: ImportJobRow) => void;

/** Who listens to the imports of which county. */
export class JobEvents {
  readonly #listeners = new Map<string, Set<JobListener>>();

  /** @returns ends it */
  on(county: string, listener: JobListener): () => void {
    const those = this.#listeners.get(county) ?? new Set();
    this.#listeners.set(county, those);
    those.add(listener);
    return () => {
      those.delete(listener);
      if (those.size === 0 && this.#listeners.get(county) === those) this.#listeners.delete(county);
    };
  }

  tell(job: ImportJobRow): void {
    for (const listener of this.#listeners.get(job.county) ?? []) listener(job);
  }
}

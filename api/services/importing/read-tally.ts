import { LAYER_REASONS, type RawFeature } from "../../../data/importers/raw-layer.ts";
import type { ImportLog } from "../../../data/importers/report.ts";
import type { ImportJob } from "./import-job.ts";

const PROGRESS_EVERY = 20_000;

/** Counts what the layers of a job hand out, and says so every so often. */
export class ReadTally {
  #features = 0;

  constructor(readonly job: ImportJob) {}

  async *count(features: AsyncIterable<RawFeature>): AsyncGenerator<RawFeature> {
    for await (const feature of features) {
      if (++this.#features % PROGRESS_EVERY === 0)
        this.job.onProgress({ phase: "read", rows: this.#features, message: `${this.#features} features read` });
      yield feature;
    }
  }

  /** Everything that stood in the files, also what could not be read. */
  read(log: ImportLog): number {
    return LAYER_REASONS.reduce((sum, reason) => sum + log.skips(reason), this.#features);
  }
}

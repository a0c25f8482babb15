import { randomUUID } from "node:crypto";
import type { ImportProgress } from "../../../../data/importers/import-progress.ts";
import { isImportKind } from "../../../../data/importers/registry.ts";
import type { ImportReport } from "../../../../data/importers/report.ts";
import { AppError } from "../../../../data/model/errors.ts";
import type { Database, Transaction } from "../../../../db/driver.ts";
import type { ImportContext } from "../../../../db/import/import-transaction.ts";
import {
  countiesOfUnfinishedJobs,
  endForsakenJobs,
  type ImportFailure,
  type ImportJobRow,
  importJobById,
  insertImportJob,
  writeImportJob,
} from "../../../../db/repositories/import-job-repository.ts";
import { type ErrorLog, publicError } from "../../../errors.ts";
import { RejectedRows, writeRejected } from "../rejected-rows.ts";
import { JobEvents } from "./job-events.ts";
import type { RejectedFiles } from "./rejected-files.ts";
import type { Uploads } from "./uploads.ts";

/** How often a running import tells how far it is, ms. */
const TELL_EVERY_MS = 250;
/** How often that is written down where it can be, ms. */
const WRITE_EVERY_MS = 5_000;
/** After so long without a word a job of another process is taken for lost, ms. */
const SILENT_MS = 30_000;
/** How often the desk looks for lost jobs and old uploads, ms. */
const TIDY_EVERY_MS = 20_000;

/** What a restart leaves of an import: nothing, or whole parts of a large one, which a new start passes over. */
export const INTERRUPTED: ImportFailure = {
  code: "INTERRUPTED",
  message:
    "服务重启，导入中断；写入的只有完整的批次。The server was restarted while this import ran; only whole parts of it were written.",
  at: null,
  hint: "The files are still there for a day: start it again, and what is there already is passed over.",
};

/** Thrown into a running import to end it; its transaction is rolled back. */
class ImportCancelled extends AppError {
  constructor() {
    super("USER", "the import was cancelled", { code: "CONFLICT" });
  }
}

/** What a running import tells its desk. */
export type RunHooks = Required<Pick<ImportContext, "onProgress" | "onBatch" | "onSkip">>;

/** Does the import of a job: reads its files, writes or tries. */
export type RunJob = (hooks: RunHooks) => Promise<ImportReport>;

export interface ImportDeskOptions {
  readonly database: Database;
  readonly uploads: Uploads;
  readonly rejected: RejectedFiles;
  readonly now: () => number;
  readonly log: ErrorLog;
}

interface Held {
  job: ImportJobRow;
  /** Paths of its files. */
  readonly files: readonly string[];
  readonly run: RunJob;
  cancelled: boolean;
}

/**
 * Runs imports that were asked for in the browser, one of a county at a time in the order in which they came. Their state
 * stands in `import_job`; how far one is, this process knows better: `current`.
 */
export class ImportDesk {
  readonly events = new JobEvents();
  readonly #options: ImportDeskOptions;
  readonly #process = randomUUID();
  readonly #held = new Map<string, Held>();
  /** End of the last job of each county. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: ImportDeskOptions) {
    this.#options = options;
  }

  get uploads(): Uploads {
    return this.#options.uploads;
  }
  get rejected(): RejectedFiles {
    return this.#options.rejected;
  }

  /** Writes a job down and queues it. @returns the job of its key, which may be there from an earlier try */
  async submit(job: ImportJobRow, files: readonly string[], run: RunJob): Promise<ImportJobRow> {
    const { database } = this.#options;
    const scope = { kind: "county", county: job.county } as const;
    const written = await database.transaction(scope, (tx) => insertImportJob(tx, job, this.#process));
    if (written.id !== job.id) return this.current(written);
    const held: Held = { job: written, files, run, cancelled: false };
    this.#held.set(job.id, held);
    const before = this.#queues.get(job.county) ?? Promise.resolve();
    this.#queues.set(
      job.county,
      before.then(() => this.#serve(held)),
    );
    this.events.tell(held.job);
    return held.job;
  }

  /** A job as it is this moment: as written, or as this process knows it. */
  current(job: ImportJobRow): ImportJobRow {
    return this.#held.get(job.id)?.job ?? job;
  }

  /** A job that this process holds; undefined when it is at its end or another's. */
  holds(county: string, id: string): ImportJobRow | undefined {
    const job = this.#held.get(id)?.job;
    return job?.county === county ? job : undefined;
  }

  /** Jobs of a county that wait or run here. */
  running(county: string): ImportJobRow[] {
    return [...this.#held.values()].map(({ job }) => job).filter((job) => job.county === county);
  }

  /** Asks a job to end. It ends where it next tells how far it is; until it commits nothing is written. */
  cancel(county: string, id: string): boolean {
    const held = this.#held.get(id);
    if (!held || held.job.county !== county) return false;
    held.cancelled = true;
    return true;
  }

  /** Begins to tidy up. @returns ends that, cancels what runs, and waits for it */
  start(): () => Promise<void> {
    const { log } = this.#options;
    let tidying: Promise<void> = Promise.resolve();
    const tidy = (): void => {
      tidying = tidying
        .then(() => this.tidy())
        .catch((err: unknown) => log({ err }, "imports were not tidied up; it is tried again"));
    };
    tidy();
    const timer = setInterval(tidy, TIDY_EVERY_MS);
    timer.unref();
    return async () => {
      clearInterval(timer);
      for (const held of this.#held.values()) held.cancelled = true;
      await tidying;
      await Promise.all(this.#queues.values());
    };
  }

  /** Ends jobs whose process is gone, deletes uploads and files of a day ago. */
  async tidy(): Promise<void> {
    const { database, uploads, rejected, now } = this.#options;
    const at = new Date(now()).toISOString();
    // The embedded database has one process: whatever another one left is left.
    const silentSince = new Date(now() - (database.form === "embedded" ? 0 : SILENT_MS)).toISOString();
    const counties = await database.transaction(
      { kind: "reviewed", name: "unfinished-imports" },
      countiesOfUnfinishedJobs,
    );
    for (const county of counties)
      await database.transaction({ kind: "county", county }, (tx) =>
        endForsakenJobs(tx, county, this.#process, silentSince, at, INTERRUPTED),
      );
    const needed = new Set([...this.#held.values()].map(({ job }) => `${job.county}/${job.upload}`));
    await uploads.sweep(now(), (county, upload) => needed.has(`${county}/${upload}`));
    await rejected.sweep(now());
  }

  async #serve(held: Held): Promise<void> {
    try {
      if (held.cancelled) await this.#end(held, { state: "cancelled" });
      else await this.#run(held);
    } catch (err) {
      this.#options.log({ err }, "the end of an import could not be written down");
    } finally {
      this.#held.delete(held.job.id);
    }
  }

  async #run(held: Held): Promise<void> {
    await this.#change(held, { state: "running", phase: "read" });
    const { id, county } = held.job;
    const skips = new RejectedRows();
    let batchId: ImportJobRow["batchId"] = null;
    let told = 0;
    let written = performance.now();
    let writing = false;
    const onProgress = ({ phase, rows, bytes, totalBytes }: ImportProgress): void => {
      if (held.cancelled && phase !== "finish") throw new ImportCancelled();
      held.job = { ...held.job, phase, rows, bytes: bytes ?? null, totalBytes: totalBytes ?? null };
      const now = performance.now();
      if (now - told >= TELL_EVERY_MS) {
        told = now;
        this.events.tell(held.job);
      }
      // The embedded database serves nobody else meanwhile: there this process alone says how far it is.
      if (this.#options.database.form === "embedded" || writing || now - written < WRITE_EVERY_MS) return;
      written = now;
      writing = true;
      this.#write(held)
        .catch((err: unknown) => this.#options.log({ err }, "the progress of an import was not written down"))
        .finally(() => {
          writing = false;
        });
    };
    try {
      const report = await held.run({
        onProgress,
        onBatch: (batch) => {
          batchId = batch;
        },
        onSkip: (reason, sample, cells) => skips.add(reason, sample, cells),
      });
      const rejected = skips.size > 0;
      if (rejected)
        await writeRejected(held.files, skips, await this.rejected.prepare(county, id), {
          kind: isImportKind(held.job.kind) ? held.job.kind : undefined,
        });
      await this.#end(held, { state: "done", phase: "finish", report, rejected, batchId });
      if (!held.job.dryRun) await this.uploads.drop(county, held.job.upload);
    } catch (error) {
      if (error instanceof ImportCancelled) return this.#end(held, { state: "cancelled" });
      const { code, message, at, hint } = publicError(error, this.#options.log);
      await this.#end(held, { state: "failed", error: { code, message, at: at ?? null, hint: hint ?? null } });
    }
  }

  #end(held: Held, change: Partial<ImportJobRow>): Promise<void> {
    return this.#change(held, { ...change, endedAt: new Date(this.#options.now()).toISOString() });
  }

  /** Written before it is told: who hears of an end may ask for it. */
  async #change(held: Held, change: Partial<ImportJobRow>): Promise<void> {
    held.job = { ...held.job, ...change };
    await this.#write(held);
    this.events.tell(held.job);
  }

  async #write({ job }: Held): Promise<void> {
    const { database, now } = this.#options;
    const at = new Date(now()).toISOString();
    await database.transaction({ kind: "county", county: job.county }, (tx) => writeImportJob(tx, job, at));
  }
}

/** Reads in one county under whatever scope the asker has. */
type Reader = (work: (tx: Transaction) => Promise<ImportJobRow | undefined>) => Promise<ImportJobRow | undefined>;

/** A job as it is now: this process's own first, which an embedded database could not tell meanwhile. */
export const findJob = async (
  desk: ImportDesk,
  county: string,
  id: string,
  read: Reader,
): Promise<ImportJobRow | undefined> => desk.holds(county, id) ?? (await read((tx) => importJobById(tx, county, id)));

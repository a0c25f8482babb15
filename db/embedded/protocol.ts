import type { DatabaseErrorFields } from "../database-errors.ts";

/** What the worker is started with. */
export interface WorkerOptions {
  /** Folder of the data; undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  /** Where what is made once per version is kept: snapshots, the slim PostGIS. */
  readonly cacheDir: string;
  /** Flush commits to disk; false only for throw-away databases of tests. */
  readonly durable: boolean;
}

/** A request to the worker; each is answered once, in order. */
export type WorkerRequest =
  /**
   * Begins a transaction. Its answer need not be waited for: where it fails, all that follows up to `end` is refused with the
   * same error, and nothing runs outside the scope that was asked for.
   */
  | { readonly id: number; readonly op: "begin"; readonly sqls: readonly string[] }
  | { readonly id: number; readonly op: "end"; readonly sql: "COMMIT" | "ROLLBACK" }
  /** One parameterised statement; the first column of the first row comes back as text or bytes. */
  | {
      readonly id: number;
      readonly op: "value" | "valueBytes" | "execute";
      readonly sql: string;
      readonly params: readonly (string | null)[];
      /** Role that it runs as, where its plan is to be kept. */
      readonly keptFor?: string | undefined;
    }
  | { readonly id: number; readonly op: "copy"; readonly sql: string; readonly data: ArrayBuffer }
  /** Rows of a SELECT in COPY's text format, as bytes. */
  | { readonly id: number; readonly op: "copyOut"; readonly sql: string }
  /** Several statements in one text or one with parameters; rows come back (migrations only). */
  | {
      readonly id: number;
      readonly op: "admin";
      readonly sql: string;
      readonly params: readonly (string | null)[] | undefined;
    }
  | { readonly id: number; readonly op: "listen" | "unlisten"; readonly channel: string }
  /** Flushes everything and copies the data folder, so that a new one can start from it. */
  | { readonly id: number; readonly op: "snapshot"; readonly key: string }
  | { readonly id: number; readonly op: "close" };

/** A request without its number: what the driver's methods build. */
export type WorkerCall = WorkerRequest extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

export type WorkerResponse =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: DatabaseErrorFields }
  | { readonly notify: string; readonly payload: string };

import type { Homes } from "../../data/columns/heat-field.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { StoreOptions } from "../../data/columns/store.ts";
import type { Filters } from "../app/view-state.ts";
import type { PlaneQuestion } from "./types.ts";

/** Questions under one set of filters, sent together and answered together. */
export interface Ask {
  /** Number of this round. */
  readonly id: number;
  readonly filterRevision: number;
  readonly filters: Filters;
  readonly area: string;
  readonly timezone: string;
  /** Each under the key that its answer is kept by. */
  readonly questions: readonly (readonly [key: string, question: PlaneQuestion])[];
}

/** From the page to its worker. A worker serves one county and one viewer: another one gets a worker of its own. */
export type ToWorker =
  | { readonly kind: "open"; readonly county: string }
  /** Asks the server whether what is here is still what it has. */
  | { readonly kind: "refresh" }
  /** Numbers of cases that live changes named: what the viewer may still see of them is read and written in place. */
  | { readonly kind: "changed"; readonly refs: readonly number[] }
  /** The instant that lateness is judged at has moved on, epoch seconds. */
  | { readonly kind: "asOf"; readonly asOf: number }
  | { readonly kind: "homes"; readonly homes: Homes | undefined }
  | { readonly kind: "ask"; readonly ask: Ask };

/** How far loading has come. */
export interface Progress {
  readonly status: "loading" | "ready" | "error";
  /** Cases that the server holds for this viewer, and those that are here. */
  readonly total: number;
  readonly loaded: number;
  /** Epoch seconds; undefined = all there are. */
  readonly loadedFrom: number | undefined;
  readonly more: boolean;
  readonly dataVersion: string;
}

/** A change of the columns; main thread and worker make it by the same code, so that row numbers agree. */
export type ColumnsChange =
  /** A store anew: what was there is dropped with this message. */
  | { readonly kind: "store"; readonly options: StoreOptions }
  | { readonly kind: "slab"; readonly slab: IncidentColumns }
  | { readonly kind: "patch"; readonly upserts: IncidentColumns; readonly removes: readonly number[] };

/** From the worker to the page. */
export type FromWorker =
  | {
      readonly kind: "columns";
      /** Revision that these changes make; grows by one with each message. */
      readonly revision: number;
      readonly asOf: number;
      readonly changes: readonly ColumnsChange[];
    }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** A request failed; status 0 = the server could not be reached. What is here stays. */
  | { readonly kind: "failed"; readonly status: number; readonly message: string }
  | {
      readonly kind: "answers";
      readonly id: number;
      readonly columnsRevision: number;
      readonly asOf: number;
      readonly answers: readonly (readonly [key: string, value: unknown])[];
      /** The last message of the round. */
      readonly last: boolean;
    };

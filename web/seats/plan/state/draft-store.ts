import type { PlanChange } from "../../../../data/planning/plan.ts";

/** What this browser keeps of a plan. */
export interface Draft {
  /** `<viewer> <plan>`; a plan that the server does not have is `draft:<area>`. */
  readonly key: string;
  readonly changes: readonly PlanChange[];
  /** What the server had at the revision that it was drawn on: what others saved since is told from it. */
  readonly known: readonly PlanChange[];
  /** Revision of the server's plan that it was drawn on; 0 for one that the server does not have. */
  readonly revision: number;
  /** Whether the server has it. */
  readonly sent: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

const DATABASE = "jingwei-plans";
const STORE = "drafts";

let opened: Promise<IDBDatabase> | undefined;

const settle = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open(): Promise<IDBDatabase> {
  opened ??= (() => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    return settle(request);
  })();
  return opened;
}

/** Keeps a draft. @throws DOMException where the browser keeps nothing (private windows, a full disk) */
export async function keepDraft(draft: Draft): Promise<void> {
  const database = await open();
  await settle(database.transaction(STORE, "readwrite").objectStore(STORE).put(draft));
}

/** The draft that was kept; undefined without one, and where the browser keeps nothing. */
export async function keptDraft(key: string): Promise<Draft | undefined> {
  try {
    const database = await open();
    return (await settle(database.transaction(STORE).objectStore(STORE).get(key))) as Draft | undefined;
  } catch {
    return undefined;
  }
}

export async function forgetDraft(key: string): Promise<void> {
  const database = await open();
  await settle(database.transaction(STORE, "readwrite").objectStore(STORE).delete(key));
}

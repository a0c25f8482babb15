import type { ChangeKind } from "../../data/feed/event.ts";
import type { Transaction } from "../driver.ts";
import type { Journal } from "./import-journal.ts";
import { hangingOnCases, undoCases } from "./incident-journal.ts";
import type { Hanging } from "./undo-hangs.ts";

/** What an import writes outside the journal of rows, and how it is taken back. */
export interface UndoPart {
  /** What came later and hangs on what this part would take away. */
  hanging(tx: Transaction, journal: Journal): Promise<readonly Hanging[]>;
  /** Takes it away, with what is derived from it. @returns how many rows of the kind went */
  remove(tx: Transaction, journal: Journal): Promise<number>;
  /** Kind of the BULK event. */
  readonly changeKind: ChangeKind;
}

/** Parts by the import's kind (`import_batch.kind`); kinds without one are undone by their journal alone. */
export const UNDO_PARTS: Readonly<Record<string, UndoPart>> = {
  // Cases go back to the areas that they lay in.
  edition: { hanging: async () => [], remove: async () => 0, changeKind: "incident" },
  incidents: { hanging: hangingOnCases, remove: undoCases, changeKind: "incident" },
};

import type { CutChange } from "../../data/feed/cut-change.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import type { ChangeModel } from "../mappers.ts";
import type { Sealer } from "../seal/sealer.ts";
import { versionName } from "../services/live-version.ts";
import { formatCursor } from "./cursor.ts";
import type { FeedPosition } from "./event-bus.ts";

/** A change as viewers are told of it, and the place behind it. One object for all who are told the same. */
export interface ToldChange {
  readonly position: FeedPosition;
  /** Live version of the event; on RESET that of the data it names. */
  readonly liveVersion: number;
  readonly model: ChangeModel;
}

/** Changes that are remembered so that others who are told the same share them: some seconds of a busy county. */
const REMEMBERED = 4_096;
const NOTHING = { id: null, ref: null, version: null, snapshotVersion: null } as const;

/**
 * Makes what the viewers of one county are told, once for all of them: two that are told the same of an event get the same
 * object, so that it is executed and encoded once.
 */
export class Teller {
  readonly #county: string;
  readonly #sealer: Sealer;
  readonly #told = new Map<string, ToldChange>();

  constructor(sealer: Sealer, county: string) {
    this.#sealer = sealer;
    this.#county = county;
  }

  /** @param numbered whether the viewer may know live versions as numbers (`toldLiveVersion`) */
  tell(change: CutChange, position: FeedPosition, liveVersion: number, numbered: boolean): ToldChange {
    const key = `${position.epoch}.${position.seq} ${change.op} ${change.kind} ${numbered}`;
    const known = this.#told.get(key);
    if (known) return known;
    const county = this.#county;
    const told: ToldChange = {
      position,
      liveVersion,
      model: {
        ...NOTHING,
        ...(change.op === "BULK"
          ? change
          : {
              ...change,
              id: toGlobalId(change.kind === "plan" ? "Plan" : "Incident", county, change.id),
            }),
        county,
        liveVersion: this.version(String(liveVersion), numbered),
        cursor: formatCursor(this.#sealer, county, position),
      },
    };
    this.#told.set(key, told);
    if (this.#told.size > REMEMBERED) {
      const [oldest] = this.#told.keys();
      if (oldest !== undefined) this.#told.delete(oldest);
    }
    return told;
  }

  /** What came before the position is unknown to the viewer, who reads everything anew at the data version or later. */
  reset(position: FeedPosition, contentVersion: string, liveVersion: string, numbered: boolean): ToldChange {
    const live = this.version(liveVersion, numbered);
    return {
      position,
      liveVersion: Number(liveVersion),
      model: {
        ...NOTHING,
        op: "RESET",
        kind: "incident",
        county: this.#county,
        liveVersion: live,
        snapshotVersion: `${contentVersion}.${live}`,
        cursor: formatCursor(this.#sealer, this.#county, position),
      },
    };
  }

  version(liveVersion: string, numbered: boolean): string {
    return numbered ? liveVersion : versionName({ sealer: this.#sealer }, this.#county, liveVersion);
  }
}

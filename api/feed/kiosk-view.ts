import { pointsFrom } from "../../data/columns/cells.ts";
import type { ChangeEvent } from "../../data/feed/event.ts";
import { uuidV7Time } from "../../data/model/ids.ts";
import type { CountyModel } from "../mappers.ts";

/**
 * From when on a kiosk gets points, while its subscription lasts: days pass, and a county that stood still comes to life with
 * its first new case.
 */
export class KioskView {
  #county: CountyModel | undefined;
  #newestMs = 0;
  readonly #pointDays: number | null;
  readonly #now: () => number;

  /**
   * @param pointDays of the cut; null = no limit
   * @param now the server's clock, epoch ms
   */
  constructor(pointDays: number | null, now: () => number) {
    this.#pointDays = pointDays;
    this.#now = now;
  }

  /** Takes the county as it is now. */
  reload(county: CountyModel): void {
    this.#county = county;
  }

  saw(event: ChangeEvent): void {
    if (this.#pointDays !== null && event.op !== "BULK" && event.kind !== "plan" && event.kind !== "duty")
      this.#newestMs = Math.max(this.#newestMs, uuidV7Time(event.entity.id));
  }

  /** Epoch seconds; undefined for viewers without such a limit. Infinity before the county is known: nothing is a point. */
  pointsFrom(): number | undefined {
    if (this.#pointDays === null) return undefined;
    if (!this.#county) return Number.POSITIVE_INFINITY;
    const { historic, asOf, timezone } = this.#county;
    const now = this.#now();
    const asOfMs = historic ? Math.min(Math.max(Date.parse(asOf), this.#newestMs), now) : now;
    return pointsFrom(Math.floor(asOfMs / 1000), this.#pointDays, timezone);
  }
}

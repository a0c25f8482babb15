import { LocateIndex } from "../../data/geo/locate-index.ts";
import { type AreaLevel, withoutFill } from "../../data/model/codes.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { readLowestAreas } from "./lowest-areas.ts";

/** A current area as rows of a file refer to it. */
export interface FoundArea {
  readonly id: string;
  readonly code: string;
  readonly level: AreaLevel;
  readonly name: string;
  readonly label: LonLat;
}

interface AreaRow extends FoundArea {
  readonly sourceRef: string | null;
}

/** Finds the area that a row of a file means: by our code, by the code of the source, by its name, or by where it stands. */
export class AreaFinder {
  readonly #byCode = new Map<string, FoundArea>();
  readonly #bySource = new Map<string, FoundArea>();
  readonly #byName = new Map<string, FoundArea | undefined>();
  readonly #index: LocateIndex;

  private constructor(rows: readonly AreaRow[], index: LocateIndex) {
    this.#index = index;
    for (const { sourceRef, ...area } of rows) {
      this.#byCode.set(area.code, area);
      if (sourceRef !== null) this.#bySource.set(sourceRef, area);
      // A name that two areas share says nothing.
      this.#byName.set(area.name, this.#byName.has(area.name) ? undefined : area);
    }
  }

  /** @param nowMs the clock, epoch ms: areas of today */
  static async read(tx: Transaction, county: string, nowMs: number): Promise<AreaFinder> {
    const rows = await tx.rows<AreaRow>(
      `SELECT area_id AS id, code, level, name, source_ref AS "sourceRef",
              json_build_array(ST_X(label), ST_Y(label)) AS label
         FROM area_version WHERE county = $1 AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz ORDER BY code`,
      [county, new Date(nowMs).toISOString()],
    );
    return new AreaFinder(rows, new LocateIndex(await readLowestAreas(tx, county, nowMs)));
  }

  named(word: string): FoundArea | undefined {
    return this.#byCode.get(withoutFill(word)) ?? this.#bySource.get(word) ?? this.#byName.get(word);
  }

  /** The deepest area that holds a point. */
  at(point: LonLat): FoundArea | undefined {
    const { owner } = this.#index.locate(...point);
    const code = this.#index.codes[owner];
    return code === undefined ? undefined : this.#byCode.get(code);
  }
}

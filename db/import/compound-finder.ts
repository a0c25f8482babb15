import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";

interface CompoundRow {
  readonly id: string;
  readonly name: string;
  readonly sourceRef: string | null;
  readonly geometry: MultiPolygonRings | null;
}

/** Finds the compound that something belongs to: by the code or name it gives, or by where it stands. */
export class CompoundFinder {
  readonly #byWord = new Map<string, string | undefined>();
  readonly #index: LocateIndex;

  private constructor(rows: readonly CompoundRow[]) {
    // A name that two compounds share says nothing; a code is always one compound's.
    for (const { id, name } of rows) this.#byWord.set(name, this.#byWord.has(name) ? undefined : id);
    for (const { id, sourceRef } of rows) if (sourceRef !== null) this.#byWord.set(sourceRef, id);
    this.#index = new LocateIndex(
      rows.flatMap(({ id, geometry }) => (geometry === null ? [] : [{ code: id, geometry }])),
    );
  }

  static async read(tx: Transaction, county: string): Promise<CompoundFinder> {
    return new CompoundFinder(
      await tx.rows<CompoundRow>(
        `SELECT id, name, source_ref AS "sourceRef",
                CASE WHEN drawn THEN ST_AsGeoJSON(geom, 7)::json -> 'coordinates' END AS geometry
           FROM compound WHERE county = $1 ORDER BY id`,
        [county],
      ),
    );
  }

  /** The compound of a code or name; undefined for none and for a name that several have. */
  named(word: string | null): string | undefined {
    return word === null ? undefined : this.#byWord.get(word);
  }

  /** The compound whose outline holds a point. */
  at(point: LonLat): string | undefined {
    const { owner } = this.#index.locate(...point);
    return owner < 0 ? undefined : this.#index.codes[owner];
  }
}

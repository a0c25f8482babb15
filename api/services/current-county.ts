import { dataVersion } from "../../data/model/data-version.ts";
import type { Database } from "../../db/driver.ts";
import { type CountyRow, DATA_VERSION_SQL, findCounty } from "../../db/repositories/county-repository.ts";
import type { RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { asOfCounty } from "./as-of.ts";

/** A profile may be corrected without a load: it is read anew after this time at the latest. */
const PROFILE_MS = 30_000;

interface Known {
  readonly row: CountyRow;
  readonly readAt: number;
}

interface Reading {
  running: Promise<CountyRow | undefined>;
  /** The reading after it, for those who came while it ran: it might have begun before what they know of. */
  next: Promise<CountyRow | undefined> | undefined;
}

/**
 * Counties at the versions that the database has now. A map asks for a dozen tiles at once and each must know: those who
 * ask while somebody reads share the next reading, and a profile whose versions are the same is not read again.
 */
class CurrentCounties {
  readonly #database: Database;
  readonly #known = new Map<string, Known>();
  readonly #readings = new Map<string, Reading>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The county as of the request's instant; undefined when there is none. */
  async find(context: RequestContext, county: string): Promise<CountyModel | undefined> {
    const row = await this.#current(county);
    return row && asOfCounty(row, context.nowMs);
  }

  #current(county: string): Promise<CountyRow | undefined> {
    const reading = this.#readings.get(county);
    if (reading) {
      reading.next ??= reading.running.then(
        () => this.#current(county),
        () => this.#current(county),
      );
      return reading.next;
    }
    const running = this.#read(county).finally(() => {
      if (this.#readings.get(county) === started) this.#readings.delete(county);
    });
    const started: Reading = { running, next: undefined };
    this.#readings.set(county, started);
    return running;
  }

  async #read(county: string): Promise<CountyRow | undefined> {
    const scope = { kind: "county", county } as const;
    const known = this.#known.get(county);
    if (known && performance.now() - known.readAt < PROFILE_MS) {
      const version = await this.#database.readText(scope, DATA_VERSION_SQL, [county]);
      if (version === dataVersion(known.row)) return known.row;
      if (version === undefined) return undefined;
    }
    const row = await this.#database.transaction(scope, (tx) => findCounty(tx, county));
    if (row) this.#known.set(county, { row, readAt: performance.now() });
    return row;
  }
}

const byDatabase = new WeakMap<Database, CurrentCounties>();

/** A county at the versions that the database has now, for answers that are many and short. */
export function currentCounty(context: RequestContext, county: string): Promise<CountyModel | undefined> {
  const { database } = context;
  const counties = byDatabase.get(database) ?? new CurrentCounties(database);
  byDatabase.set(database, counties);
  return counties.find(context, county);
}

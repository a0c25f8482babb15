import { ByteBudgetCache } from "../tiles/tile-cache.ts";

/** Memory for answers, bytes over all counties and viewers. */
const BUDGET_BYTES = 32 * 1024 * 1024;

/** An answer with the version of the data that it is exact for. */
export interface Versioned {
  readonly version: string;
  readonly text: string;
  /** When it holds at that version, epoch ms: `[from, until)`; absent = always. */
  readonly lasts?: { readonly from: number; readonly until: number };
}

interface Flight {
  /** Place in the order of arrivals and starts. */
  readonly started: number;
  readonly answer: Promise<Versioned | undefined>;
}

interface Kept extends Versioned {
  /** Place of its start in the same order. */
  readonly started: number;
}

const holdsAt = ({ lasts }: Versioned, nowMs: number): boolean =>
  !lasts || (nowMs >= lasts.from && nowMs < lasts.until);

/**
 * Answers shared by whoever may see the same and asks the same, in two ways: what was answered before is given again while
 * the data's version is still the same, and equal questions at one time are answered once.
 *
 * A question is never answered with what was read before it came, unless the version that was read after it came is
 * still that of the answer: so whoever has written something finds it. Failures are kept for nobody: each who waits for one
 * tries again.
 */
export class AnswerCache {
  readonly #kept = new ByteBudgetCache<Kept>(BUDGET_BYTES);
  readonly #flights = new Map<string, Flight>();
  #order = 0;

  /**
   * @param key the question and everything that tells viewers apart who see different things
   * @param nowMs instant that the question is about, where the key does not name it
   * @param readVersion reads the version now
   * @param make answers the question from the database, with the version of the same snapshot; undefined = no answer
   */
  async answer(
    key: string,
    nowMs: number,
    readVersion: () => Promise<string | undefined>,
    make: () => Promise<Versioned | undefined>,
  ): Promise<Versioned | undefined> {
    const arrived = ++this.#order;
    const earlier = this.#kept.get(key) ?? this.#flights.get(key)?.answer;
    if (earlier) {
      const [found, version] = await Promise.all([
        Promise.resolve(earlier).catch(() => undefined),
        readVersion().catch(() => undefined),
      ]);
      if (found && found.version === version && holdsAt(found, nowMs)) return found;
    }
    // Somebody else who came with the same question may have begun meanwhile, and even be done.
    const made = this.#kept.get(key);
    if (made && made.started > arrived && holdsAt(made, nowMs)) return made;
    const flying = this.#flights.get(key);
    if (flying && flying.started > arrived) {
      const found = await flying.answer.catch(() => undefined);
      if (found && holdsAt(found, nowMs)) return found;
    }
    return this.#make(key, make);
  }

  async #make(key: string, make: () => Promise<Versioned | undefined>): Promise<Versioned | undefined> {
    const flight: Flight = { started: ++this.#order, answer: make() };
    this.#flights.set(key, flight);
    try {
      const made = await flight.answer;
      if (made) this.#kept.set(key, { ...made, started: flight.started }, 2 * (made.text.length + key.length));
      return made;
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }
}

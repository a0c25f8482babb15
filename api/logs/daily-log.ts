import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { maskFreeText } from "../../data/policy/free-text.ts";

/** 网络安全法 article 21: logs are kept for no less than six months. */
export const KEPT_DAYS = 200;
/** Most that one day writes, bytes: a fault that repeats itself must not fill the disk. */
const MOST_A_DAY = 32 * 2 ** 20;
/** Longer lines are cut: nobody reads them, and masking takes its time. */
const LONGEST_LINE = 8_000;
const DAY_MS = 86_400_000;
const NAME = /^jingwei-(\d{4}-\d{2}-\d{2})\.log$/;

/** Folder of the logs below the data folder. */
export const logFolder = (dir: string): string => join(resolve(dir), "logs");

/**
 * Writes lines into one file a day and deletes those that are older than they must be. A log that cannot be written stops
 * nothing: it says so once on standard error, and goes on trying.
 */
export class DailyLog {
  readonly #dir: string;
  readonly #now: () => number;
  readonly #tell: (line: string) => void;
  readonly #mostADay: number;
  #day = "";
  #bytes = 0;
  #full = false;
  #failing = false;

  /**
   * @param dir data folder
   * @param now the server's clock, epoch ms
   * @param tell where every line goes as well, e.g. standard error
   * @param mostADay bytes of one day
   */
  constructor(dir: string, now: () => number, tell: (line: string) => void, mostADay = MOST_A_DAY) {
    this.#mostADay = mostADay;
    this.#dir = logFolder(dir);
    this.#now = now;
    this.#tell = tell;
  }

  /** Takes one line, with its end. */
  write(line: string): void {
    const short = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…\n` : line;
    const clean = maskFreeText(short).text;
    this.#tell(clean);
    try {
      this.#turn();
      if (this.#full) return;
      const size = Buffer.byteLength(clean);
      this.#full = this.#bytes + size > this.#mostADay;
      const text = this.#full ? `${JSON.stringify({ msg: "this day's log is full; the rest is left out" })}\n` : clean;
      appendFileSync(this.#file(), text, { mode: 0o600 });
      this.#bytes += size;
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#tell(`the log cannot be written: ${(error as Error).message}\n`);
      this.#failing = true;
    }
  }

  #file(): string {
    return join(this.#dir, `jingwei-${this.#day}.log`);
  }

  /** A new day has a new file; old ones go then. */
  #turn(): void {
    const now = this.#now();
    const day = new Date(now).toISOString().slice(0, 10);
    if (day === this.#day) return;
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    this.#day = day;
    this.#bytes = statSync(this.#file(), { throwIfNoEntry: false })?.size ?? 0;
    this.#full = this.#bytes >= this.#mostADay;
    const oldest = new Date(now - KEPT_DAYS * DAY_MS).toISOString().slice(0, 10);
    for (const name of readdirSync(this.#dir)) {
      const date = NAME.exec(name)?.[1];
      if (date !== undefined && date < oldest) rmSync(join(this.#dir, name), { force: true });
    }
  }
}

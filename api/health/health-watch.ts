import type { Database } from "../../db/driver.ts";
import type { ErrorLog } from "../errors.ts";
import { checkDatabase } from "./database-checks.ts";
import { checkBackup, checkCertificate } from "./file-checks.ts";
import type { HealthContext, HealthFinding } from "./finding.ts";
import { MACHINE_CHECKS } from "./machine-checks.ts";
import { checkFeed, checkHotColumns, type HotHealth } from "./server-checks.ts";

/** How often all is looked at, ms: what is scraped and shown costs no question of its own. */
const EVERY_MS = 60_000;
/** A look that is younger is shown again, ms. */
const FRESH_MS = 5_000;
/** How long the database may take before it counts as not answering, ms. */
const PATIENCE_MS = 10_000;

/** All findings of one moment. */
export interface HealthReport {
  /** Epoch ms by the server's clock. */
  readonly at: number;
  readonly findings: readonly HealthFinding[];
}

export interface HealthSources {
  readonly database: Database;
  readonly feed: { readonly age: number | undefined };
  /** Cases in memory; absent where none are held. */
  readonly hot: HotHealth | undefined;
  readonly context: Omit<HealthContext, "nowMs">;
  readonly now: () => number;
  readonly log: ErrorLog;
}

const UNANSWERED = { id: "database", level: "fault", name: { zh: "数据库", en: "database" } } as const;

/** Looks after the server's health while it runs: for `/admin/health` and `/metrics`. */
export class HealthWatch {
  /** The last look; undefined before the first. */
  last: HealthReport | undefined;
  readonly #sources: HealthSources;
  #looking: Promise<HealthReport> | undefined;

  constructor(sources: HealthSources) {
    this.#sources = sources;
  }

  /** The state of now, give or take some seconds. */
  look(): Promise<HealthReport> {
    if (this.last && Math.abs(this.#sources.now() - this.last.at) < FRESH_MS) return Promise.resolve(this.last);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Looks at once and then once a minute. @returns ends that */
  start(): () => Promise<void> {
    const { log } = this.#sources;
    const look = (): void => {
      this.look().catch((err: unknown) => log({ err }, "the server's health could not be looked at"));
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await this.#looking?.catch(() => undefined);
    };
  }

  async #look(): Promise<HealthReport> {
    const { feed, hot, now } = this.#sources;
    const at = now();
    const context = { ...this.#sources.context, nowMs: at };
    const findings: HealthFinding[] = [];
    for (const check of [...MACHINE_CHECKS, checkCertificate, checkBackup]) findings.push(...(await check(context)));
    findings.push(...(await this.#database()), checkFeed(feed));
    if (hot) findings.push(checkHotColumns(hot, at));
    this.last = { at, findings };
    return this.last;
  }

  async #database(): Promise<readonly HealthFinding[]> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
    });
    try {
      return await Promise.race([checkDatabase(this.#sources.database, this.#sources.now), silence]);
    } catch (error) {
      // The first line only: a driver's message may go on with details of the server.
      const [line = "no answer"] = String(error instanceof Error ? error.message : error).split("\n");
      return [
        {
          ...UNANSWERED,
          detail: { zh: `没有回答：${line}`, en: line },
          advice: {
            zh: "看数据库服务是否在运行、网络和 DATABASE_URL 是否正确；恢复后会自己接上，已确认的数据不会丢。",
            en: "See that the database server runs and that network and DATABASE_URL are right; it goes on by itself, and nothing acknowledged is lost.",
          },
        },
      ];
    } finally {
      clearTimeout(timer);
    }
  }
}

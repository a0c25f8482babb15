import { AppError, userError } from "../../data/model/errors.ts";
import type { LoadedTable } from "../../db/backup/load-backup.ts";
import { moveLive } from "../../db/backup/move-live.ts";
import { checkMoveTarget, type MoveTargetFacts } from "../../db/backup/move-target.ts";
import type { Database } from "../../db/driver.ts";
import { EmbeddedDatabase } from "../../db/driver-embedded.ts";
import { PRODUCT_VERSION } from "../backup/product.ts";
import type { Config } from "../config.ts";
import { noteMoved, withoutPassword } from "./moved-mark.ts";

/** How far a move is. */
export interface MoveProgress {
  readonly phase: "none" | "running" | "failed" | "done";
  /** The server without its password; null before a move. */
  readonly target: string | null;
  /** Tables so far; after the end those that both places hold with equal hashes. */
  readonly tables: readonly LoadedTable[];
  /** Lines of progress so far. */
  readonly counted: number;
  readonly error: string | null;
  readonly hint: string | null;
  /** What to set before the next start; null before the end. */
  readonly settings: readonly string[] | null;
}

const NONE: MoveProgress = {
  ...{ phase: "none", target: null, tables: [], counted: 0, error: null, hint: null, settings: null },
};

/** @throws USER for what is no address of a PostgreSQL server with a database */
function requireServerUrl(url: string): string {
  const trimmed = url.trim();
  let path = "";
  try {
    path = /^postgres(ql)?:\/\//.test(trimmed) ? new URL(trimmed).pathname : "";
  } catch {
    // Told below like every other text.
  }
  if (path.length > 1) return trimmed;
  throw userError("这不是数据库地址 this is no address of a PostgreSQL database", {
    at: "url",
    hint: "postgres://login:password@host:5432/database",
  });
}

/** Moves a running server's data from the embedded database to a server, once: for `/admin/move`. */
export class MoveDesk {
  #progress: MoveProgress = NONE;
  #running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly config: Pick<Config, "dir">,
    private readonly now: () => number,
  ) {}

  get progress(): MoveProgress {
    return this.#progress;
  }

  /** The dry run: whether the server would take the data. Nothing is changed on either side. */
  async check(url: string): Promise<MoveTargetFacts & { readonly target: string }> {
    const to = requireServerUrl(url);
    this.#requireEmbedded();
    return { target: withoutPassword(to), ...(await named(() => checkMoveTarget(to))) };
  }

  /** Begins the move; `progress` tells how far it is. @throws CONFLICT while one runs, or after one */
  async start(url: string): Promise<MoveProgress> {
    const to = requireServerUrl(url);
    const database = this.#requireEmbedded();
    if (this.#running || this.#progress.phase === "done")
      throw userError("已经在搬或搬过了 the data is being moved already, or was", { code: "CONFLICT", at: "url" });
    this.#progress = { ...NONE, phase: "running", target: withoutPassword(to) };
    this.#running = this.#move(database, to).finally(() => {
      this.#running = undefined;
    });
    return this.#progress;
  }

  /** Resolves when no move runs. */
  async settled(): Promise<void> {
    await this.#running;
  }

  #requireEmbedded(): EmbeddedDatabase {
    if (this.database instanceof EmbeddedDatabase) return this.database;
    throw userError("数据已在服务器上 the data lies on a server already", { code: "CONFLICT", at: "url" });
  }

  async #move(database: EmbeddedDatabase, url: string): Promise<void> {
    try {
      await named(() => checkMoveTarget(url));
      const tables = await named(() =>
        moveLive(database, {
          to: { dir: this.config.dir, url },
          product: PRODUCT_VERSION,
          now: this.now(),
          onTable: () => {
            this.#progress = { ...this.#progress, counted: this.#progress.counted + 1 };
          },
        }),
      );
      noteMoved(this.config.dir, url, this.now());
      const settings = [`DATABASE_URL=${withoutPassword(url)}`, `JINGWEI_DIR=${this.config.dir}`];
      this.#progress = { ...this.#progress, phase: "done", tables, settings };
    } catch (error) {
      const { message, hint } = error as AppError;
      this.#progress = { ...this.#progress, phase: "failed", error: message, hint: hint ?? null };
    }
  }
}

/** What the network or the server refuses, in words and without the driver's details. */
async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Without its cause, which is not the own database's.
    if (error instanceof AppError && error.kind !== "BUG")
      throw userError(error.message, { code: error.code, at: "url", ...(error.hint ? { hint: error.hint } : {}) });
    const [line = "no answer"] = String(error instanceof Error ? error.message : error).split("\n");
    throw userError(`连不上或不能用 the server cannot be used: ${line}`, {
      at: "url",
      hint: "核对主机、端口、登录名、密码、库名，以及 pg_hba.conf 是否放行这台机器。Check host, port, login, password and database, and that the server lets this machine in (pg_hba.conf).",
      cause: error,
    });
  }
}

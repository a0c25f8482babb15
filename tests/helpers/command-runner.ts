import type { CommandIo } from "../../api/cli/command.ts";
import { main } from "../../api/cli/main.ts";
import type { ImportReport } from "../../data/importers/report.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { Database } from "../../db/driver.ts";
import { loadReference } from "../../db/load/load-reference.ts";

export interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Command lines within the test's process, on a database that stays open behind each command's close. */
export interface CommandRunner {
  /** The clock of the commands, ISO 8601. */
  now: string;
  run(...argv: readonly string[]): Promise<CommandEnd>;
  /** `import … --json`, which must succeed. */
  report(...argv: readonly string[]): Promise<ImportReport>;
  /** Reads as one county; `$1` is its code. */
  rows<Row>(county: string, sql: string): Promise<Row[]>;
}

/** Runs commands on a migrated database, as `openStore` leaves it. */
export async function commandRunner(database: Database): Promise<CommandRunner> {
  await loadReference(database, CLASS_CODES);
  const kept = new Proxy(database, {
    get(target, name) {
      if (name === "close") return async () => undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const runner: CommandRunner = {
    now: "2026-01-15T00:00:00Z",
    async run(...argv) {
      const text = { out: "", err: "" };
      const io: CommandIo = {
        out: (chunk) => {
          text.out += chunk;
        },
        err: (chunk) => {
          text.err += chunk;
        },
        env: {},
        now: () => Date.parse(runner.now),
        openDatabase: async () => ({ database: kept, fresh: false, migrated: [] }),
      };
      return { code: await main(argv, io), ...text };
    },
    async report(...argv) {
      const { code, out, err } = await runner.run("import", ...argv, "--json");
      if (code !== 0) throw new Error(`import ${argv.join(" ")} ended with ${code}: ${err}`);
      return JSON.parse(out) as ImportReport;
    },
    rows: (county, sql) => database.transaction({ kind: "county", county }, (tx) => tx.rows(sql, [county])),
  };
  return runner;
}

import type { ParseArgsConfig } from "node:util";
import { AppError } from "../../data/model/errors.ts";
import type { OpenedDatabase } from "../../db/open-database.ts";

/** The world a command runs in; tests pass their own. */
export interface CommandIo {
  /** Results: one JSON document with `--json`, text for people otherwise. */
  readonly out: (text: string) => void;
  /** Progress, notes and errors. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The clock, epoch ms. */
  readonly now: () => number;
  /** Opens (and creates and migrates) the database of a folder; `DATABASE_URL` wins over the folder. */
  readonly openDatabase: (dir: string) => Promise<OpenedDatabase>;
}

/** Flags and words of one call, as `parseArgs` of node:util gives them. */
export interface CommandCall {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

export interface Command {
  /** What `--help` shows. */
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Resolves with the exit code; throws `AppError` for faults of input or data, `UsageError` for wrong usage. */
  run(call: CommandCall, io: CommandIo): Promise<number>;
}

/** Exit codes (DESIGN section 3, contract). */
export const EXIT = { done: 0, inputFault: 1, wrongUsage: 2, bug: 3 } as const;

/** Wrong words or flags on the command line: exit code 2, with the usage. */
export class UsageError extends AppError {
  constructor(message: string, hint?: string) {
    super("USER", message, hint === undefined ? {} : { hint });
    this.name = "UsageError";
  }
}

/** Options that every command that opens the database has. */
export const DATABASE_OPTIONS = { dir: { type: "string" } } as const satisfies Command["options"];

export const flag = (call: CommandCall, name: string): boolean => call.values[name] === true;

/** Value of a text flag; undefined when it is absent. */
export function textFlag(call: CommandCall, name: string): string | undefined {
  const value = call.values[name];
  return typeof value === "string" ? value : undefined;
}

/** Value of a text flag that the command cannot do without. */
export function requiredFlag(call: CommandCall, name: string): string {
  const value = textFlag(call, name);
  if (value === undefined || value === "") throw new UsageError(`--${name} is missing`);
  return value;
}

/** Folder of the embedded database: `--dir`, else `JINGWEI_DIR`, else `./.jingwei`. */
export const dataDir = (call: CommandCall, io: CommandIo): string =>
  textFlag(call, "dir") ?? io.env["JINGWEI_DIR"] ?? ".jingwei";

/** Runs work on the database, seals the audit rows that it wrote, and closes it whatever happens. */
export async function withDatabase<T>(
  call: CommandCall,
  io: CommandIo,
  work: (opened: OpenedDatabase) => Promise<T>,
): Promise<T> {
  const opened = await io.openDatabase(dataDir(call, io));
  try {
    return await work(opened);
  } finally {
    await sealWritten(opened, io);
    await opened.database.close();
  }
}

/** What cannot be sealed now is sealed by the next start or command: said, but no failure of the command. */
async function sealWritten({ database }: OpenedDatabase, io: CommandIo): Promise<void> {
  try {
    const { sealAudit } = await import("../../db/audit/sealer.ts");
    await sealAudit(database, { nowMs: io.now() });
  } catch (error) {
    io.err(`审计记录暂未封印 the audit rows of this command are not sealed yet: ${(error as Error).message}\n`);
  }
}

/** Prints a result: the one JSON document, or text. */
export function printResult(call: CommandCall, io: CommandIo, result: unknown, text: string): void {
  io.out(flag(call, "json") ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
}

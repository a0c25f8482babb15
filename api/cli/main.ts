import { parseArgs } from "node:util";
import { AppError } from "../../data/model/errors.ts";
import type { Command, CommandCall, CommandIo } from "./command.ts";
import { EXIT, UsageError } from "./command.ts";
import { COMMANDS, isCommandName } from "./commands/registry.ts";

/** The real world of a command: process streams, clock and environment. */
export const processIo = (): CommandIo => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  now: () => Date.now(),
  openDatabase: async (dir) =>
    (await import("./open-store.ts")).openStore(
      dir,
      process.env["DATABASE_URL"] || undefined,
      (message) => void process.stderr.write(`      ${message}\n`),
      process.env["AUDIT_KEY"] || undefined,
      process.env["DATABASE_OWNER_URL"] || undefined,
    ),
});

/**
 * Runs one command line.
 *
 * @param argv words after the program's name
 * @returns the exit code (DESIGN section 3): 0 done, 1 input or data at fault, 2 wrong usage, 3 our bug
 */
export async function main(argv: readonly string[], io: CommandIo = processIo()): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.out(overview());
    return EXIT.done;
  }
  if (!isCommandName(name)) {
    io.err(`"${name}" is not a command\n\n${overview()}`);
    return EXIT.wrongUsage;
  }
  const command = await COMMANDS[name].load();
  const json = rest.includes("--json");
  try {
    const call = parse(command, rest);
    if (call !== "help") return await command.run(call, io);
    io.out(`${command.usage}\n`);
    return EXIT.done;
  } catch (error) {
    return explain(error, command, json, io);
  }
}

function parse(command: Command, args: readonly string[]): CommandCall | "help" {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...command.options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
      strict: true,
    });
    if (values["help"] === true) return "help";
    return { values: values as CommandCall["values"], positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Says what went wrong and what to do; a stack only for our own bugs. */
function explain(error: unknown, command: Command, json: boolean, io: CommandIo): number {
  const known = error instanceof AppError && error.kind !== "BUG" ? error : undefined;
  if (json) {
    const { kind, code, message, at, hint } =
      error instanceof AppError
        ? error
        : { kind: "BUG", code: "INTERNAL", message: String(error), at: undefined, hint: undefined };
    io.out(`${JSON.stringify({ error: { kind, code, message, at, hint } }, null, 2)}\n`);
  }
  if (!known) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const hint = error instanceof AppError && error.hint ? `${error.hint}\n` : "";
    io.err(`程序错误 a fault in Jingwei, please report it:\n${stack}\n${hint}`);
    return EXIT.bug;
  }
  const where = known.at ? `\n  位置 at: ${known.at}` : "";
  const hint = known.hint ? `\n  办法 what to do: ${known.hint}` : "";
  io.err(`错误 error: ${known.message}${where}${hint}\n`);
  if (!(known instanceof UsageError)) return EXIT.inputFault;
  io.err(`\n${command.usage}\n`);
  return EXIT.wrongUsage;
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`);
  return `经纬 Jingwei: one map for grassroots grid governance\n\nUsage: jingwei COMMAND [--help]\n\n${lines.join("\n")}\n`;
}

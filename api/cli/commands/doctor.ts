import type { Command } from "../command.ts";
import { DATABASE_OPTIONS, dataDir, EXIT, printResult, UsageError } from "../command.ts";
import { DOCTOR_CHECKS, type Finding } from "../doctor-checks.ts";

const USAGE = `jingwei doctor [--json] [--dir D]

Checks this machine and the database and says of every fault what to do. Exit code 1 when there is one.`;

const MARKS: Record<Finding["level"], string> = { ok: "✓", note: "•", fault: "✗" };

export const doctorCommand: Command = {
  usage: USAGE,
  options: { ...DATABASE_OPTIONS, json: { type: "boolean" } },
  async run(call, io) {
    if (call.positionals.length > 0) throw new UsageError(`unexpected words: ${call.positionals.join(" ")}`);
    const context = { dir: dataDir(call, io), url: io.env["DATABASE_URL"] || undefined, io };
    const findings: Finding[] = [];
    for (const check of DOCTOR_CHECKS) findings.push(...(await check(context)));
    const ok = findings.every((finding) => finding.level !== "fault");
    const lines = findings.map(({ level, name, detail, advice }) => {
      const line = `${MARKS[level]} ${name}: ${detail}`;
      return advice === undefined ? line : `${line}\n    办法 what to do: ${advice}`;
    });
    printResult(call, io, { ok, findings }, lines.join("\n"));
    return ok ? EXIT.done : EXIT.inputFault;
  },
};

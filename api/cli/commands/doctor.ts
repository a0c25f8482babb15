import { AppError } from "../../../data/model/errors.ts";
import { type Config, loadConfig } from "../../config.ts";
import { type HealthFinding, printed, same } from "../../health/finding.ts";
import type { Command, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, dataDir, EXIT, flag, printResult, UsageError } from "../command.ts";
import { DOCTOR_CHECKS, type Finding } from "../doctor-checks.ts";

const USAGE = `jingwei doctor [--json] [--mend] [--dir D]

Checks this machine and the database and says of every fault what to do. Exit code 1 when there is one.

  --mend  makes indexes anew that are missing; everything else is only looked at`;

const MARKS: Record<Finding["level"], string> = { ok: "✓", note: "•", fault: "✗" };

export const doctorCommand: Command = {
  usage: USAGE,
  options: { ...DATABASE_OPTIONS, json: { type: "boolean" }, mend: { type: "boolean" } },
  async run(call, io) {
    if (call.positionals.length > 0) throw new UsageError(`unexpected words: ${call.positionals.join(" ")}`);
    const dir = dataDir(call, io);
    const { config, faults } = settings(dir, io);
    const context = {
      ...{ dir, io, url: io.env["DATABASE_URL"] || undefined, nowMs: io.now(), mend: flag(call, "mend") },
      ...{ certificate: config?.tls?.cert, host: config?.host ?? "127.0.0.1", port: config?.port ?? 0 },
    };
    const findings: Finding[] = faults.map(printed);
    for (const check of DOCTOR_CHECKS) findings.push(...(await check(context)).map(printed));
    const ok = findings.every((finding) => finding.level !== "fault");
    const lines = findings.map(({ level, name, detail, advice, adviceZh }) => {
      const line = `${MARKS[level]} ${name}: ${detail}`;
      if (advice === undefined) return line;
      const zh = adviceZh === undefined || adviceZh === advice ? "" : `\n    办法: ${adviceZh}`;
      return `${line}${zh}\n    ${zh ? "" : "办法 "}what to do: ${advice}`;
    });
    printResult(call, io, { ok, findings }, lines.join("\n"));
    return ok ? EXIT.done : EXIT.inputFault;
  },
};

/** The environment as `start` would read it; what is wrong with it is the first finding. */
function settings(
  dir: string,
  { env }: CommandIo,
): { readonly config: Config | undefined; readonly faults: readonly HealthFinding[] } {
  try {
    return { config: loadConfig({ ...env, JINGWEI_DIR: dir }), faults: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const advice = same(error.hint ?? "Correct the environment variable.");
    const name = { zh: "设置", en: "settings" };
    return {
      config: undefined,
      faults: [{ id: "settings", level: "fault", name, detail: same(error.message), advice }],
    };
  }
}

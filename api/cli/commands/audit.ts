import type { AuditVerification } from "../../../db/audit/verify.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, EXIT, printResult, textFlag, UsageError, withDatabase } from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

const USAGE = `jingwei audit verify [--county CODE] [--json]

  --county  six-digit code; 000000 for the server's own chain (default: every chain)
  --dir     folder of the embedded database (default JINGWEI_DIR or ./.jingwei); the heads kept outside the database and
            the key lie in its folder audit

Recomputes every row and seal of the audit log. Exit code 0: all as it was written; 1: something was touched, and the
message names the first bad row.`;

export const auditCommand: Command = {
  usage: USAGE,
  options: { ...DATABASE_OPTIONS, county: { type: "string" }, json: { type: "boolean" } },
  async run(call, io) {
    const [action, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (action !== "verify") throw new UsageError("say what to do: verify");
    return verify(call, io);
  },
};

async function verify(call: CommandCall, io: CommandIo): Promise<number> {
  const county = textFlag(call, "county");
  if (county !== undefined) requireCountyCode(county, "--county");
  const { verifyAllAudits, verifyAudit } = await import("../../../db/audit/verify.ts");
  const chains = await withDatabase(call, io, async ({ database }) => {
    const options = { nowMs: io.now() };
    return county === undefined ? verifyAllAudits(database, options) : [await verifyAudit(database, county, options)];
  });
  const ok = chains.every((chain) => chain.ok);
  printResult(call, io, { ok, chains }, chains.map(chainText).join("\n") || "没有审计记录 the audit log is empty");
  return ok ? EXIT.done : EXIT.inputFault;
}

function chainText({ county, ok, rows, unsealed, legacy, problem, notes }: AuditVerification): string {
  const counts = [
    `${rows} 条已封印 sealed`,
    unsealed > 0 ? `${unsealed} 条待封印 waiting for their seal` : "",
    legacy > 0 ? `其中 ${legacy} 条早于签名 of them ${legacy} from before rows were signed` : "",
  ].filter(Boolean);
  const verdict = ok ? "完好 untouched" : `被改动 TAMPERED: ${problem?.message ?? ""}`;
  return [`${county}  ${verdict}  (${counts.join(", ")})`, ...notes.map((note) => `        ${note}`)].join("\n");
}

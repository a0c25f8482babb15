import { readFile } from "node:fs/promises";
import { z } from "zod";
import { dataError } from "../../../data/model/errors.ts";
import { isTimeZone } from "../../../data/model/zoned-time.ts";
import type { NewCounty } from "../../../db/import/county-admin.ts";
import { addCounty, listCounties } from "../../../db/import/county-admin.ts";
import { removeCounty } from "../../../db/load/remove-county.ts";
import { asFileError } from "../../services/importing/input-files.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, EXIT, printResult, requiredFlag, textFlag, UsageError, withDatabase } from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

const USAGE = `jingwei county add CODE --name NAME --timezone ZONE [--profile FILE] [--json]
jingwei county remove CODE [--json]
jingwei county list [--json]

  CODE        six-digit division code (GB/T 2260), e.g. 140226
  --name      name shown on every screen
  --timezone  IANA zone, e.g. Asia/Shanghai: times without offset are read in it
  --profile   JSON: {"nameEn", "gridTerm", "source", "figures": [{"key", "value", "atLeast", "source"}]}
  --dir       folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

remove deletes the county with everything in it.`;

/** What a profile file may say; unknown keys are refused, so that a typing mistake is not lost. */
const profileSchema = z.strictObject({
  nameEn: z.string().min(1).optional(),
  gridTerm: z.string().min(1).optional(),
  source: z.string().min(1).optional(),
  figures: z
    .array(z.strictObject({ key: z.string(), value: z.number(), atLeast: z.boolean().optional(), source: z.string() }))
    .optional(),
});

export const countyCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    name: { type: "string" },
    timezone: { type: "string" },
    profile: { type: "string" },
    json: { type: "boolean" },
  },
  run(call, io) {
    const [action, code, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (action === "list") {
      if (code !== undefined) throw new UsageError(`unexpected word: ${code}`);
      return list(call, io);
    }
    if (action !== "add" && action !== "remove") throw new UsageError("say what to do: add, remove or list");
    if (code === undefined) throw new UsageError("CODE is missing");
    return action === "add" ? add(code, call, io) : remove(code, call, io);
  },
};

async function add(code: string, call: CommandCall, io: CommandIo): Promise<number> {
  const name = requiredFlag(call, "name");
  const timezone = requiredFlag(call, "timezone");
  requireCountyCode(code, "CODE");
  if (!isTimeZone(timezone)) {
    throw dataError(`"${timezone}" is not a time zone`, {
      at: "--timezone",
      hint: "Use an IANA name such as Asia/Shanghai.",
    });
  }
  const profile = await readProfile(textFlag(call, "profile"));
  const county: NewCounty = { code, name, timezone, ...profile };
  await withDatabase(call, io, ({ database }) => addCounty(database, county, io.now(), "cli"));
  printResult(call, io, { county: code, name, timezone }, `已添加 added ${code} ${name} (${timezone})`);
  return EXIT.done;
}

async function remove(code: string, call: CommandCall, io: CommandIo): Promise<number> {
  requireCountyCode(code, "CODE");
  const removed = await withDatabase(call, io, ({ database }) =>
    removeCounty(database, code, new Date(io.now()).toISOString(), "cli"),
  );
  printResult(call, io, { county: code, removed }, `已删除 removed ${code}`);
  return EXIT.done;
}

async function list(call: CommandCall, io: CommandIo): Promise<number> {
  const counties = await withDatabase(call, io, ({ database }) => listCounties(database));
  const lines = counties.map((county) => {
    const demo = county.demo ? "  演示数据 synthetic" : "";
    return `${county.code}  ${county.name}  ${county.timezone}${demo}`;
  });
  printResult(
    call,
    io,
    { counties },
    lines.join("\n") || "没有县区 no county yet: jingwei county add, or jingwei demo add",
  );
  return EXIT.done;
}

async function readProfile(file: string | undefined): Promise<z.infer<typeof profileSchema>> {
  if (file === undefined) return {};
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw asFileError(error, file);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw dataError(`${file} is not JSON: ${(error as Error).message}`, { at: file });
  }
  const parsed = profileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw dataError(`${file}: ${issue?.message ?? "not a county profile"}`, {
    at: `${file} ${issue?.path.join(".") ?? ""}`.trim(),
  });
}

import { userError } from "../../../data/model/errors.ts";
import { parseGlobalId } from "../../../data/model/ids.ts";
import { COMMAND_LINE } from "../../services/identity/administrator.ts";
import { type ApiTokenModel, createToken, listTokens, revokeApiToken } from "../../services/identity/tokens.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, EXIT, printResult, requiredFlag, textFlag, UsageError, withDatabase } from "../command.ts";
import { countyCode, numberFlag, placeFlags, roleFlag } from "../identity-flags.ts";

const USAGE = `jingwei token add --county CODE --role ROLE [--area CODE] --days N --name NAME [--reason TEXT] [--json]
jingwei token list --county CODE [--json]
jingwei token revoke ID [--reason TEXT] [--json]

  --county  six-digit division code; 000000 for every county
  --role    wall, leader, dispatcher, planner, grid_worker, admin or auditor
  --area    area inside the county that the token is for (default: all of it)
  --days    how long it holds, 1 to 366
  ID        as list shows it, ApiToken:140226:…
  --dir     folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

add prints the token's text once; send it as "Authorization: Bearer …".`;

export const tokenCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    county: { type: "string" },
    area: { type: "string" },
    role: { type: "string" },
    days: { type: "string" },
    name: { type: "string" },
    reason: { type: "string" },
    json: { type: "boolean" },
  },
  run(call, io) {
    const [action, id, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (action === "revoke") {
      if (id === undefined) throw new UsageError("ID is missing");
      return revoke(id, call, io);
    }
    if (action !== "add" && action !== "list") throw new UsageError("say what to do: add, list or revoke");
    if (id !== undefined) throw new UsageError(`unexpected word: ${id}`);
    return action === "add" ? add(call, io) : list(call, io);
  },
};

async function add(call: CommandCall, io: CommandIo): Promise<number> {
  requiredFlag(call, "county");
  const { area } = placeFlags(call);
  const role = roleFlag(call);
  if (!role || area === undefined) throw new UsageError("--role is missing");
  const days = numberFlag(call, "days");
  const name = requiredFlag(call, "name");
  const input = { name, role, areaCode: area, days, reason: textFlag(call, "reason") };
  const made = await withDatabase(call, io, ({ database }) => createToken(database, COMMAND_LINE, input, io.now()));
  const { token, secret } = made;
  printResult(
    call,
    io,
    { ...token, secret },
    `${secret}\n${token.id}  ${token.role}  ${token.areaCode} ${token.areaName}  至 until ${token.expiresAt}\n令牌只显示这一次 the token is shown this once`,
  );
  return EXIT.done;
}

const state = ({ revokedAt, expiresAt }: ApiTokenModel, nowMs: number): string =>
  revokedAt !== null
    ? `已吊销 revoked ${revokedAt}`
    : Date.parse(expiresAt) <= nowMs
      ? `已过期 ended ${expiresAt}`
      : `至 until ${expiresAt}`;

async function list(call: CommandCall, io: CommandIo): Promise<number> {
  const county = countyCode(requiredFlag(call, "county"), "--county");
  const nowMs = io.now();
  const tokens = await withDatabase(call, io, ({ database }) => listTokens(database, COMMAND_LINE, county, nowMs));
  const lines = tokens.map(
    (token) =>
      `${token.id}  ${token.role}  ${token.areaCode} ${token.areaName}  ${token.name}  ${state(token, nowMs)}  ${token.usedAt ? `用于 used ${token.usedAt}` : "未用 unused"}`,
  );
  printResult(call, io, { county, tokens }, lines.join("\n") || "没有令牌 no tokens");
  return EXIT.done;
}

async function revoke(text: string, call: CommandCall, io: CommandIo): Promise<number> {
  const id = parseGlobalId(text);
  if (id?.type !== "ApiToken")
    throw userError(`"${text}" is not the id of a token`, { at: "ID", hint: "jingwei token list shows ids." });
  const token = await withDatabase(call, io, ({ database }) =>
    revokeApiToken(database, COMMAND_LINE, { ...id, reason: textFlag(call, "reason") }, io.now()),
  );
  printResult(call, io, token, `已吊销 revoked ${token.id} ${token.name}`);
  return EXIT.done;
}

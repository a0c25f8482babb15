import { type Command, UsageError } from "../command.ts";
import { CHECK_USAGE, planCheck } from "./plan-check.ts";
import { PROPOSE_OPTIONS, PROPOSE_USAGE, planPropose } from "./plan-propose.ts";

export const planCommand: Command = {
  usage: `${CHECK_USAGE}\n\n${PROPOSE_USAGE}`,
  options: {
    ...PROPOSE_OPTIONS,
    within: { type: "string" },
    crs: { type: "string" },
    map: { type: "string" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    const [action, file, ...extra] = call.positionals;
    if (action === "propose") {
      if (file !== undefined) throw new UsageError(`unexpected words: ${[file, ...extra].join(" ")}`);
      return planPropose(call, io);
    }
    if (action !== "check") throw new UsageError("say what to do: check or propose");
    if (file === undefined) throw new UsageError("FILE is missing");
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    for (const name of Object.keys(PROPOSE_OPTIONS))
      if (call.values[name] !== undefined) throw new UsageError(`--${name} belongs to plan propose`);
    return planCheck(call, io, file);
  },
};

import type { Command } from "../command.ts";
import { countyCommand } from "./county.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { importCommand } from "./import.ts";
import { startCommand } from "./start.ts";

const COMMAND_NAMES = ["start", "county", "import", "demo", "doctor"] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Every command, one file each. */
export const COMMANDS: Record<CommandName, Command> = {
  start: startCommand,
  county: countyCommand,
  import: importCommand,
  demo: demoCommand,
  doctor: doctorCommand,
};

/** Commands of the public interface (DESIGN section 3) that later parts bring. */
export const LATER_COMMANDS: readonly string[] = [
  "export",
  "plan",
  "user",
  "token",
  "audit",
  "pack",
  "backup",
  "restore",
  "move",
];

export const isCommandName = (name: string): name is CommandName => (COMMAND_NAMES as readonly string[]).includes(name);

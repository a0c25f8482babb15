import type { Command } from "../command.ts";

/** A command in the list; its code is loaded when it is called: no other one waits for a server or a database. */
interface CommandEntry {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const COMMAND_NAMES = [
  "start",
  "county",
  "import",
  "export",
  "demo",
  "doctor",
  "audit",
  "user",
  "token",
  "rollup",
  "plan",
  "basemap",
  "backup",
  "restore",
  "move",
  "pack",
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Every command, one file each. */
export const COMMANDS: Record<CommandName, CommandEntry> = {
  start: { summary: "set up and run Jingwei", load: async () => (await import("./start.ts")).startCommand },
  county: { summary: "add, remove or list counties", load: async () => (await import("./county.ts")).countyCommand },
  import: {
    summary: "read areas, grids, buildings or incidents from files",
    load: async () => (await import("./import.ts")).importCommand,
  },
  export: {
    summary: "write areas, places, staff, cameras or incidents to a file",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  demo: {
    summary: "add or remove synthetic demo counties",
    load: async () => (await import("./demo.ts")).demoCommand,
  },
  doctor: {
    summary: "check this machine and the database",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  audit: {
    summary: "prove that nobody touched the audit log",
    load: async () => (await import("./audit.ts")).auditCommand,
  },
  user: {
    summary: "add, list or revoke accounts, or issue a sign-in link",
    load: async () => (await import("./user.ts")).userCommand,
  },
  token: {
    summary: "add, list or revoke tokens for programs",
    load: async () => (await import("./token.ts")).tokenCommand,
  },
  rollup: {
    summary: "compare the counts of cases with the cases, or count them anew",
    load: async () => (await import("./rollup.ts")).rollupCommand,
  },
  plan: {
    summary: "check the boundaries of a polygon layer",
    load: async () => (await import("./plan.ts")).planCommand,
  },
  basemap: {
    summary: "set, list or remove a county's local base map",
    load: async () => (await import("./basemap.ts")).basemapCommand,
  },
  backup: {
    summary: "write everything of one moment into a file, or verify such a file",
    load: async () => (await import("./backup.ts")).backupCommand,
  },
  restore: {
    summary: "bring back a database, or one county, from a backup",
    load: async () => (await import("./restore.ts")).restoreCommand,
  },
  move: {
    summary: "move everything from the embedded database to a server, or back",
    load: async () => (await import("./move.ts")).moveCommand,
  },
  pack: {
    summary: "make an archive that runs without npm and without a network",
    load: async () => (await import("./pack.ts")).packCommand,
  },
};

export const isCommandName = (name: string): name is CommandName => (COMMAND_NAMES as readonly string[]).includes(name);

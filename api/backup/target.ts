import type { OpenOptions } from "../../db/open-database.ts";
import type { CommandIo } from "../cli/command.ts";

/** The database that a command works on: `DATABASE_URL` wins over the folder. */
export function targetOf(dir: string, io: Pick<CommandIo, "env" | "err">): OpenOptions {
  return {
    dir,
    url: io.env["DATABASE_URL"] || undefined,
    ownerUrl: io.env["DATABASE_OWNER_URL"] || undefined,
    auditKey: io.env["AUDIT_KEY"] || undefined,
    onProgress: (message) => io.err(`      ${message}\n`),
  };
}

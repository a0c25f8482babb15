import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { userError } from "../../data/model/errors.ts";

/** File of a data folder whose embedded database was moved to a server. */
const fileOf = (dir: string): string => join(dir, "moved.json");

/** An address of a server without its password, for people. */
export function withoutPassword(url: string): string {
  const { username, host, pathname } = new URL(url);
  return `postgres://${username ? `${username}@` : ""}${host}${pathname}`;
}

/** Notes that what counts lies on a server now. @param nowMs clock, epoch ms */
export function noteMoved(dir: string, url: string, nowMs: number): void {
  const mark = { to: withoutPassword(url), at: new Date(nowMs).toISOString() };
  writeFileSync(fileOf(dir), `${JSON.stringify(mark)}\n`, { mode: 0o600 });
}

/** The embedded database holds what counts again: it was moved or restored into the folder. */
export const forgetMoved = (dir: string): void => rmSync(fileOf(dir), { force: true });

/**
 * Refuses to start on the data that a move left behind: what would be written there is missing on the server, and nobody
 * would notice until the two have to be put together by hand.
 *
 * @throws CONFLICT where no server is named and the folder's data was moved to one
 */
export function requireNotMoved(dir: string, databaseUrl: string | undefined): void {
  if (databaseUrl !== undefined) return;
  let text: string;
  try {
    text = readFileSync(fileOf(dir), "utf8");
  } catch {
    return;
  }
  const { to = "?", at = "?" } = JSON.parse(text) as { to?: string; at?: string };
  throw userError(`这里的数据已于 ${at} 搬到 ${to} the data of this folder was moved to ${to} at ${at}`, {
    code: "CONFLICT",
    at: "DATABASE_URL",
    hint: `Set DATABASE_URL to that server. To go on with the old data here instead, remove ${fileOf(dir)}; what was written on the server since is not in it.`,
  });
}

import { userError } from "../../data/model/errors.ts";
import { NativeDatabase } from "../driver-native.ts";
import { checkServer } from "../open-database.ts";
import { hasCounties } from "./has-counties.ts";

/** A server that data may be moved to. */
export interface MoveTargetFacts {
  readonly postgres: string;
  readonly postgis: string;
}

/**
 * Looks whether data can be moved to a server, and changes nothing there: it answers, its versions suffice, the database is
 * empty, and the login may make what migrations make.
 *
 * @throws USER saying what is in the way
 */
export async function checkMoveTarget(url: string): Promise<MoveTargetFacts> {
  const database = new NativeDatabase({ url, poolSize: 2 });
  try {
    await checkServer(database);
    if (await hasCounties(database))
      throw userError("那个库里已有数据 that database holds data already", {
        code: "CONFLICT",
        at: "url",
        hint: "换一个空库。Give an empty one: CREATE DATABASE jingwei TEMPLATE template0 ENCODING 'UTF8'.",
      });
    const facts = await database.adminSession(async (client) => {
      const { rows } = await client.query(
        `SELECT current_setting('server_version') AS postgres, current_user AS login,
           (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis') AS postgis,
           has_database_privilege(current_user, current_database(), 'CREATE') AS creates,
           (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS roles,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
             OR EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis') AS extension`,
      );
      return rows[0] ?? {};
    });
    const missing = [
      facts["creates"] ? "" : "CREATE on the database",
      facts["roles"] ? "" : "CREATEROLE",
      facts["extension"] ? "" : "the extension postgis (CREATE EXTENSION postgis, by a superuser)",
    ].filter(Boolean);
    if (missing.length > 0)
      throw userError(`登录名权限不够 the login ${String(facts["login"])} lacks ${missing.join(", ")}`, {
        at: "url",
        hint: "Let the administrator of that server give it, or name a login that owns the database.",
      });
    return { postgres: String(facts["postgres"]), postgis: String(facts["postgis"]) };
  } finally {
    await database.close();
  }
}

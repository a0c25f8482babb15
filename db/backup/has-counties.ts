import type { Database } from "../driver.ts";

/** Whether a database of any version holds a county; false where its schema is not complete. */
export const hasCounties = (database: Database): Promise<boolean> =>
  database.adminSession(async (client) => {
    const found = await client.query(
      "SELECT to_regclass('public.county_profile') IS NOT NULL AND to_regclass('public.feed_head') IS NOT NULL AS made",
    );
    if (!found.rows[0]?.["made"]) return false;
    return (await client.query("SELECT EXISTS (SELECT FROM county_profile) AS data")).rows[0]?.["data"] === true;
  });

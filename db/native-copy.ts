import { once } from "node:events";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { requireIdentifier } from "./sql-text.ts";

/** `COPY … FROM STDIN` of a table in text format. */
export const copyStatement = (table: string, columns: readonly string[]): string =>
  `COPY ${requireIdentifier(table)} (${columns.map(requireIdentifier).join(", ")}) FROM STDIN`;

/** Sends pieces of COPY's text format at the pace that the server takes them. */
export async function sendCopy(
  client: pg.PoolClient,
  sql: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const stream = client.query(copyFrom(sql));
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve);
    stream.once("error", reject);
  });
  // A refusal of the server can come while we wait for more room: both are waited for together.
  ended.catch(() => undefined);
  try {
    for await (const piece of pieces) {
      if (!stream.write(piece)) await Promise.race([once(stream, "drain"), ended]);
    }
  } catch (error) {
    // The source of the rows failed: end the COPY as failed, or the connection stays inside it.
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    await ended.catch(() => undefined);
    throw error;
  }
  stream.end();
  await ended;
}

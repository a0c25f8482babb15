import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { userError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { checkBbox } from "../services/require.ts";

export const COLUMNS_TYPE = "application/vnd.jingwei.columns";

/** An instant of a query, as ISO 8601 in UTC. */
export const instantParameter = z
  .string()
  .refine((text) => /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "is not an instant: ISO 8601 with offset (write + as %2B)",
  })
  .transform((text) => new Date(text).toISOString());

/** The county of a query. */
export const countyParameter = z.string({ error: "is missing: a six-digit county code" });

/** A box of a query: west,south,east,north in degrees. */
export const bboxParameter = z
  .string({ error: "is missing: west,south,east,north in degrees" })
  .transform((text) => text.split(",").map(Number))
  .pipe(z.tuple([z.number(), z.number(), z.number(), z.number()], { error: "is not west,south,east,north in degrees" }))
  .transform(([west, south, east, north]) => checkBbox({ west, south, east, north }, "bbox") as Bbox);

/** Checks the parameters of a query. @throws BAD_USER_INPUT that names the one at fault; unknown ones are refused too */
export function parseParameters<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === "unrecognized_keys")
    throw userError(`unknown parameter ${issue.keys.join(", ")}`, { at: issue.keys[0] ?? "query" });
  const name = String(issue?.path[0] ?? "query");
  throw userError(`${name} ${issue?.message ?? "is wrong"}`, { at: name });
}

/** Has the client the answer with this ETag already? */
export const isKnown = (request: FastifyRequest, etag: string): boolean =>
  request.headers["if-none-match"]?.split(",").some((one) => one.trim() === etag) ?? false;

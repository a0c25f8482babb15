import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { notFound } from "../../data/model/errors.ts";
import { parseGlobalId } from "../../data/model/ids.ts";
import { type ContextOf, inCounty } from "../context.ts";
import { MAX_ANSWER_MS } from "../hardening/route-limits.ts";
import { findJob, type ImportDesk } from "../services/importing/jobs/import-desk.ts";
import { jobProgress } from "../services/importing/jobs/job-facts.ts";
import { requireImporter } from "../services/importing/jobs/permission.ts";
import { countyParameter, parseParameters } from "./parameters.ts";

const upload = z.string({ error: "is missing: a UUID of the sender" });
const bytes = z.coerce.number({ error: "is not a number of bytes" }).int("is not a whole number").min(0, "is negative");
const SEND = z.strictObject({
  county: countyParameter,
  upload,
  name: z.string({ error: "is missing: the file's own name" }),
  offset: bytes.default(0),
  total: bytes.optional(),
});
const LIST = z.strictObject({ county: countyParameter, upload });
const REMOVE = LIST.extend({ name: z.string({ error: "is missing: the file's name" }) });
const REJECTED = z.strictObject({ job: z.string({ error: "is missing: the global id of an import" }) });
const PROGRESS = z.strictObject({ county: countyParameter });

/** A stream of progress ends after so long and is opened again: then it is asked anew who listens. ms */
const STREAM_MS = 100_000;
/** How often a silent stream says that it lives, ms. */
const BEAT_MS = 10_000;

/**
 * For administrators of the county:
 * - `POST /imports/files?county&upload&name[&offset&total]`, the file or a part of it as the body, 201;
 * - `GET /imports/files?county&upload`: names and sizes, never content; `DELETE …&name`: takes one out;
 * - `GET /imports/progress?county`: imports of the county as they go on, as server-sent events;
 * - `GET /imports/rejected?job`: lines that an import left out, as CSV.
 */
export async function importRoutes(app: FastifyInstance, contextOf: ContextOf, desk: ImportDesk): Promise<void> {
  const channel = { channel: "imports" } as const;
  // In a scope of its own: no other route takes files as they are.
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Not read into memory: the size is counted as it comes (`Uploads.receive`), whatever a header says.
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    scope.post("/imports/files", { config: { ...channel, answerMs: MAX_ANSWER_MS } }, async (request, reply) => {
      const part = parseParameters(SEND, request.query);
      await requireImporter(await contextOf(request), part.county);
      const file = await desk.uploads.receive(
        { ...part, total: part.total },
        (request.body as Readable | null) ?? request.raw,
      );
      return reply.code(201).header("cache-control", "no-store").send(file);
    });
  });

  app.get("/imports/files", { config: channel }, async (request, reply) => {
    const { county, upload } = parseParameters(LIST, request.query);
    await requireImporter(await contextOf(request), county);
    return reply.header("cache-control", "no-store").send({ files: await desk.uploads.list(county, upload) });
  });

  app.delete("/imports/files", { config: channel }, async (request, reply) => {
    const { county, upload, name } = parseParameters(REMOVE, request.query);
    await requireImporter(await contextOf(request), county);
    await desk.uploads.remove(county, upload, name);
    return reply.code(204).send();
  });

  app.get("/imports/rejected", { config: channel }, async (request, reply) => {
    const { job: text } = parseParameters(REJECTED, request.query);
    const id = parseGlobalId(text);
    const nothing = () => notFound("there are no lines to fetch", { at: "job", hint: "They are kept for a day." });
    if (id?.type !== "ImportJob") throw nothing();
    const context = await contextOf(request);
    await requireImporter(context, id.county, "job");
    const job = await findJob(desk, id.county, id.id, (work) => inCounty(context, id.county, work));
    if (!job?.rejected || !(await desk.rejected.has(job.county, job.id))) throw nothing();
    return reply
      .headers({
        "cache-control": "private, no-store",
        "content-disposition": `attachment; filename="rejected-${job.kind}-${job.county}.csv"`,
      })
      .type("text/csv; charset=utf-8")
      .send(createReadStream(desk.rejected.path(job.county, job.id)));
  });

  const streams = new Set<ServerResponse>();
  // A server that stops waits for what it still answers: these would be answered for minutes.
  app.addHook("preClose", async () => {
    for (const stream of streams) stream.end();
  });
  app.get("/imports/progress", { config: channel, compress: false }, async (request, reply) => {
    const { county } = parseParameters(PROGRESS, request.query);
    await requireImporter(await contextOf(request), county);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    const tell = (job: Parameters<typeof jobProgress>[0]): void => {
      raw.write(`data: ${JSON.stringify(jobProgress(job))}\n\n`);
    };
    streams.add(raw);
    raw.write("retry: 1000\n\n");
    const off = desk.events.on(county, tell);
    for (const job of desk.running(county)) tell(job);
    const beat = setInterval(() => raw.write(": beat\n\n"), BEAT_MS);
    const end = setTimeout(() => raw.end(), STREAM_MS);
    raw.once("close", () => {
      streams.delete(raw);
      off();
      clearInterval(beat);
      clearTimeout(end);
    });
  });
}

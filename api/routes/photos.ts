import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { toGlobalId } from "../../data/model/ids.ts";
import { MAX_PHOTO_BYTES, PHOTO_TYPES } from "../../data/photo/limits.ts";
import type { ContextOf } from "../context.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";
import { addPhoto } from "../services/photo/add-photo.ts";
import { photoPath } from "../services/photo/photo-path.ts";
import { readPhoto } from "../services/photo/read-photo.ts";
import { isKnown, parseParameters } from "./parameters.ts";

const ADD = z.strictObject({
  incident: z.string({ error: "is missing: the global id of a case" }),
  key: z.string({ error: "is missing: a random UUID, the same when the photo is sent again" }),
});

const PLACE = z.strictObject({ county: z.string(), id: z.string() });
const READ = z.strictObject({ reason: z.string().optional() });

/**
 * - `POST /photos?incident&key`, the file as the body: adds a picture to a case, answers 201 with its id, path and size.
 * - `GET /photos/{county}/{id}`: the file, for who may see it; `?reason=` opens one of a sensitive case.
 */
export async function photoRoutes(app: FastifyInstance, contextOf: ContextOf): Promise<void> {
  // In a scope of its own: no other route takes pictures.
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...PHOTO_TYPES], { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/photos", { config: { channel: "photos" }, bodyLimit: MAX_PHOTO_BYTES }, async (request, reply) => {
      const { incident, key } = parseParameters(ADD, request.query);
      if (!Buffer.isBuffer(request.body))
        throw new RefusedRequest(415, "there is no photo in this request", `Send it as ${PHOTO_TYPES.join(" or ")}.`, {
          at: "body",
        });
      const photo = await addPhoto(await contextOf(request), incident, key, new Uint8Array(request.body));
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({
          id: toGlobalId("IncidentPhoto", photo.county, photo.id),
          url: photoPath(photo),
          width: photo.width,
          height: photo.height,
          at: photo.createdAt,
          sealed: photo.sensitive,
        });
    });
    scope.get("/photos/:county/:id", { config: { channel: "photos" } }, async (request, reply) => {
      const { county, id } = parseParameters(PLACE, request.params);
      const { reason } = parseParameters(READ, request.query);
      const { type, bytes, sealed } = await readPhoto(await contextOf(request), county, id, reason);
      const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const etag = `"${createHash("sha256").update(file).digest("base64url").slice(0, 22)}"`;
      reply.headers({
        // Asked again each time: who may see it today may not tomorrow.
        "cache-control": sealed ? "private, no-store" : "private, no-cache",
        vary: "cookie, authorization",
        "content-disposition": "inline",
      });
      if (!sealed) {
        reply.header("etag", etag);
        if (isKnown(request, etag)) return reply.code(304).send();
      }
      return reply.type(type).send(file);
    });
  });
}

import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppError } from "../../../data/model/errors.ts";
import { HTTP_STATUS } from "../../errors.ts";

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Does a person's browser ask, rather than a program? */
export const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/.test(request.headers.accept ?? "");

/** Says a refusal on a page of its own, for addresses that people open and not programs. */
export function sendRefusalPage(
  reply: FastifyReply,
  error: AppError,
  status: number = HTTP_STATUS[error.code],
): FastifyReply {
  const hint = error.hint ? `<p>${escapeHtml(error.hint)}</p>` : "";
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(
      `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>经纬 Jingwei</title><h1>${escapeHtml(error.message)}</h1>${hint}<p><a href="/">返回 back</a></p></html>\n`,
    );
}

import { csrfHeaders, reportUnauthenticated } from "../../../app/csrf.ts";
import { RequestError } from "../../../gql/request.ts";

/**
 * Sends a picture of a case; with the same key again it is the same picture.
 *
 * @param incident global id
 * @throws RequestError, `offline` when the server could not be reached
 */
export async function sendPhoto(incident: string, key: string, photo: Blob): Promise<void> {
  const query = new URLSearchParams({ incident, key });
  const response = await fetch(`/photos?${query}`, {
    method: "POST",
    headers: { "content-type": photo.type, ...csrfHeaders() },
    body: photo,
  }).catch((cause: unknown) => {
    throw new RequestError(String(cause), undefined, true);
  });
  if (response.ok) return;
  if (response.status === 401) reportUnauthenticated();
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string; code?: string };
  // What answers 5xx is a proxy without a server behind it, or a server on its way down: it comes again.
  throw new RequestError(
    problem.detail ?? String(response.status),
    problem.hint,
    response.status >= 500 || response.status === 429,
    problem.code,
  );
}

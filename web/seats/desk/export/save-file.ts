import { reportUnauthenticated } from "../../../app/csrf.ts";
import { RequestError } from "../../../gql/request.ts";

const NAME = /filename="([^"]+)"/;

/**
 * Fetches a file and offers it for saving under the name that the server gives it.
 *
 * @param onBytes told how many bytes have come
 * @throws RequestError; AbortError when it was given up
 */
export async function saveFile(
  address: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetch(address, { signal });
  if (!response.ok) {
    if (response.status === 401) reportUnauthenticated();
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string; code?: string };
    throw new RequestError(
      problem.detail ?? String(response.status),
      problem.hint,
      response.status >= 500,
      problem.code,
    );
  }
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    parts.push(next.value);
    bytes += next.value.length;
    onBytes(bytes);
  }
  const name = NAME.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "jingwei-export";
  const url = URL.createObjectURL(new Blob(parts, { type: response.headers.get("content-type") ?? "" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then; held longer it would stay in memory with the page.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return name;
}

import { csrfHeaders, reportUnauthenticated } from "../../../app/csrf.ts";
import { RequestError } from "../../../gql/request.ts";

/** A file is sent in parts of this size: a lost connection costs one of them. */
const PART_BYTES = 4 * 1024 * 1024;
/** Waits before a part is tried again, ms. */
const WAITS_MS = [500, 2000, 5000] as const;

/** A file of an upload as the server has it. */
export interface SentFile {
  readonly name: string;
  readonly size: number;
  readonly complete: boolean;
}

const place = (county: string, upload: string, more: Record<string, string> = {}): string =>
  `/imports/files?${new URLSearchParams({ county, upload, ...more })}`;

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { ...init, headers: { ...csrfHeaders(), ...init.headers } }).catch(
    (cause: unknown) => {
      throw new RequestError(String(cause), undefined, true);
    },
  );
  if (response.ok) return response;
  if (response.status === 401) reportUnauthenticated();
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string; code?: string };
  throw new RequestError(
    problem.detail ?? String(response.status),
    problem.hint,
    response.status >= 500 || response.status === 429,
    problem.code,
  );
}

/** Files of an upload that are at the server. */
export async function listFiles(county: string, upload: string): Promise<readonly SentFile[]> {
  const { files } = (await (await ask(place(county, upload))).json()) as { files: SentFile[] };
  return files;
}

export async function removeFile(county: string, upload: string, name: string): Promise<void> {
  await ask(place(county, upload, { name }), { method: "DELETE" });
}

/**
 * Sends a file, part by part; goes on where an earlier try ended.
 *
 * @param onSent told the bytes that are there
 * @throws RequestError, `offline` where the server could not be reached several times
 */
export async function sendFile(
  county: string,
  upload: string,
  file: File,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const held = (await listFiles(county, upload)).find(({ name }) => name === file.name.normalize("NFC").trim());
  let offset = held && !held.complete && held.size < file.size ? held.size : 0;
  let failures = 0;
  do {
    onSent(offset);
    const part = file.slice(offset, offset + PART_BYTES);
    const more = { name: file.name, offset: String(offset), total: String(file.size) };
    try {
      await ask(place(county, upload, more), {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: part,
        signal,
      });
      offset += part.size;
      failures = 0;
    } catch (error) {
      const wait = WAITS_MS[failures++];
      if (signal.aborted || !(error instanceof RequestError) || !error.offline || wait === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  } while (offset < file.size);
  onSent(file.size);
}

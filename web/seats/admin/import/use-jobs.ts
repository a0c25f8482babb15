import { useCallback, useEffect, useState } from "react";
import { ImportJobDocument, type ImportJobPartsFragment } from "../../../gql/generated.ts";
import { request } from "../../../gql/request.ts";

/** How far an import is, as the server's stream tells it. */
export interface Progress {
  readonly id: string;
  readonly state: ImportJobPartsFragment["state"];
  readonly phase: string | null;
  readonly rows: number;
  readonly bytes: number | null;
  readonly totalBytes: number | null;
}

/** Wait before a stream that the server refused is opened again, ms. */
const REOPEN_MS = 3000;

/**
 * Hears how far the imports of a county are, as long as something listens; a lost stream is opened again, and says then
 * what still runs.
 *
 * @param on false = nothing to hear
 */
export function useProgress(
  county: string,
  on: boolean,
  tell: (progress: Progress) => void,
  /** The stream was opened, also after it was lost: what ended meanwhile is not told again. */
  opened: () => void,
): boolean {
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    if (!on) return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource(`/imports/progress?${new URLSearchParams({ county })}`);
      source.onopen = () => {
        setConnected(true);
        opened();
      };
      source.onmessage = ({ data }) => tell(JSON.parse(String(data)) as Progress);
      source.onerror = () => {
        setConnected(false);
        if (source?.readyState !== EventSource.CLOSED) return;
        clearTimeout(timer);
        timer = setTimeout(open, REOPEN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [county, on, tell, opened]);
  return connected;
}

const RUNS: readonly string[] = ["QUEUED", "RUNNING"];
export const runs = (job: Pick<Progress, "state"> | undefined): boolean =>
  job !== undefined && RUNS.includes(job.state);

export interface FollowedJob {
  readonly job: ImportJobPartsFragment | undefined;
  /** False while the stream of progress is away. */
  readonly connected: boolean;
  readonly error: Error | undefined;
  /** True when the server knows no such job any more. */
  readonly gone: boolean;
  readonly refresh: () => void;
}

/** Follows a job to its end. @param id global id; empty = none */
export function useJob(county: string, id: string): FollowedJob {
  const [job, setJob] = useState<ImportJobPartsFragment>();
  const [gone, setGone] = useState(false);
  const [error, setError] = useState<Error>();
  const refresh = useCallback(() => {
    if (id === "") return;
    request(ImportJobDocument, { id }).then(
      ({ importJob }) => {
        setError(undefined);
        setGone(!importJob);
        if (importJob) setJob(importJob);
      },
      (cause: Error) => setError(cause),
    );
  }, [id]);
  useEffect(() => {
    setJob(undefined);
    setGone(false);
    setError(undefined);
    refresh();
  }, [refresh]);
  const tell = useCallback(
    (progress: Progress) => {
      if (progress.id !== id) return;
      // The end has a report, which the stream does not carry.
      if (runs(progress)) setJob((old) => (old ? { ...old, ...progress } : old));
      else refresh();
    },
    [id, refresh],
  );
  const known = job?.id === id ? job : undefined;
  const connected = useProgress(county, id !== "" && !gone && (known === undefined || runs(known)), tell, refresh);
  return { job: known, connected, error, gone, refresh };
}

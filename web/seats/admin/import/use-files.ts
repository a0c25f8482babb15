import { useCallback, useEffect, useRef, useState } from "react";
import { listFiles, removeFile, type SentFile, sendFile } from "./send-file.ts";

/** A file of the upload: at the server, or on its way. */
export interface ShownFile {
  readonly name: string;
  readonly size: number;
  /** Bytes at the server. */
  readonly sent: number;
  readonly complete: boolean;
  readonly sending: boolean;
  readonly error: Error | undefined;
}

export interface Files {
  readonly files: readonly ShownFile[];
  readonly loaded: boolean;
  readonly error: Error | undefined;
  readonly busy: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (name: string) => void;
}

const shown = ({ name, size, complete }: SentFile): ShownFile => ({
  ...{ name, size, complete },
  sent: size,
  sending: false,
  error: undefined,
});

/**
 * Files of an upload: those at the server, and those that this page sends, one after the other.
 *
 * @param onChange told when some come or go by hand
 */
export function useFiles(county: string, upload: string, onChange: () => void): Files {
  const [files, setFiles] = useState<readonly ShownFile[]>([]);
  const [loaded, setLoaded] = useState(false);
  const [error, setError] = useState<Error>();
  const queue = useRef<Promise<void>>(Promise.resolve());
  const abort = useRef(new AbortController());
  const put = useCallback((name: string, change: Partial<ShownFile>) => {
    setFiles((old) => old.map((file) => (file.name === name ? { ...file, ...change } : file)));
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    abort.current = stop;
    setFiles([]);
    setLoaded(false);
    listFiles(county, upload)
      .then((found) => {
        if (stop.signal.aborted) return;
        // What was dropped before the answer came stays.
        setFiles((old) => [...found.filter(({ name }) => !old.some((one) => one.name === name)).map(shown), ...old]);
        setLoaded(true);
      })
      .catch((cause: Error) => !stop.signal.aborted && setError(cause));
    return () => stop.abort();
  }, [county, upload]);
  const add = useCallback(
    (given: readonly File[]) => {
      const { signal } = abort.current;
      onChange();
      const named = given.map((file) => ({ file, name: file.name.normalize("NFC").trim() }));
      setFiles((old) => [
        ...old.filter(({ name }) => !named.some((one) => one.name === name)),
        ...named.map(({ file, name }) => ({
          ...{ name, size: file.size, sent: 0, complete: false, sending: true },
          error: undefined,
        })),
      ]);
      for (const { file, name } of named)
        queue.current = queue.current.then(async () => {
          if (signal.aborted) return;
          try {
            await sendFile(county, upload, file, (sent) => put(name, { sent }), signal);
            put(name, { complete: true, sending: false, sent: file.size });
          } catch (cause) {
            if (!signal.aborted) put(name, { sending: false, error: cause as Error });
          }
        });
    },
    [county, upload, put, onChange],
  );
  const remove = useCallback(
    (name: string) => {
      onChange();
      const gone = () => setFiles((old) => old.filter((file) => file.name !== name));
      // What never came to the server is gone already.
      removeFile(county, upload, name).then(gone, (cause: Error & { code?: string }) =>
        cause.code === "NOT_FOUND" ? gone() : put(name, { error: cause }),
      );
    },
    [county, upload, put, onChange],
  );
  return { files, loaded, error, busy: files.some(({ sending }) => sending), add, remove };
}

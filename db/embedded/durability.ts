import { fsyncSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { flushFolder } from "./flush.ts";

/** The parts of Emscripten's file system that are used here. */
interface EmscriptenNode {
  readonly name: string;
  readonly parent: EmscriptenNode;
  readonly mode: number;
  readonly mount: { readonly opts: { readonly root: string } };
}
interface EmscriptenStream {
  readonly node: EmscriptenNode;
  /** Descriptor of the host's file; folders have none. */
  readonly nfd?: number;
}
interface EmscriptenModule {
  readonly FS: {
    readonly filesystems: { readonly NODEFS: { readonly stream_ops: Record<string, unknown> } };
    readonly ErrnoError: new (errno: number) => Error;
  };
}

/** errno EIO as WASI numbers it. */
const WASI_EIO = 29;

function hostPath(node: EmscriptenNode): string {
  const parts: string[] = [];
  let at = node;
  while (at.parent !== at) {
    parts.push(at.name);
    at = at.parent;
  }
  return join(at.mount.opts.root, ...parts.reverse());
}

/**
 * PostgreSQL asks for `fsync` through WASI's `fd_sync`, which Emscripten passes to the file system's `fsync` operation.
 * Its NODEFS has none, so the request would be answered "done" without anything being done. This adds it: files and
 * folders are flushed by the host, and a refusal reaches PostgreSQL as EIO, on which it stops rather than go on.
 */
function addFsync(module: EmscriptenModule): void {
  const operations = module.FS.filesystems.NODEFS.stream_ops;
  operations["fsync"] = (stream: EmscriptenStream): number => {
    try {
      if (stream.nfd === undefined) flushFolder(hostPath(stream.node));
      else fsyncSync(stream.nfd);
      return 0;
    } catch {
      throw new module.FS.ErrnoError(WASI_EIO);
    }
  };
}

type InitOptions = Parameters<NodeFS["init"]>[1];

class DurableNodeFs extends NodeFS {
  override async init(pg: PGlite, options: InitOptions): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pg, options);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return {
      emscriptenOpts: {
        ...emscriptenOpts,
        preRun: [...preRun, (module: unknown) => addFsync(module as EmscriptenModule)],
      },
    };
  }
}

/** File system of the data folder: with `durable`, PostgreSQL's fsync reaches the disk. */
export function durableFileSystem(dataDir: string, durable: boolean): NodeFS {
  mkdirSync(resolve(dataDir), { recursive: true });
  return durable ? new DurableNodeFs(dataDir) : new NodeFS(dataDir);
}

/**
 * Start parameters of single-user PostgreSQL in PGlite 0.5.8 (its `defaultStartParams`), with three differences: fsync
 * stays on where it reaches the disk (`-F` switches it off), `wal_sync_method` is the one call that is passed on
 * (`fdatasync` is answered by Emscripten without being done), and times are in UTC and ISO form as on the native form.
 */
export function startParameters(durable: boolean): string[] {
  const settings = [
    "search_path=public",
    "exit_on_error=false",
    "log_checkpoints=false",
    "max_worker_processes=0",
    "max_parallel_workers=0",
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    "io_method=sync",
    "jit=off",
    "TimeZone=UTC",
    "DateStyle=ISO",
    "IntervalStyle=iso_8601",
    "extra_float_digits=1",
    ...(durable ? ["fsync=on", "wal_sync_method=fsync", "synchronous_commit=on"] : []),
  ];
  return ["--single", ...(durable ? [] : ["-F"]), "-O", "-j", ...settings.flatMap((setting) => ["-c", setting])];
}

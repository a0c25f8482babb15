import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

/** A change of a file that the disk may not have yet. */
type Change = { readonly at: number; readonly bytes: Buffer } | { readonly length: number };

class Inode {
  /** Content that a flush has put on the disk; undefined = still as in the first copy. */
  flushed: Buffer | undefined;
  pending: Change[] = [];
  constructor(
    /** Path in the first copy; undefined for a file that was made since. */
    readonly origin: string | undefined,
  ) {}
}

/** The smallest piece that a disk writes whole, bytes. */
const SECTOR = 512;

/** Makes changes in a buffer that is the caller's own. @returns it, or a longer or shorter one */
function applied(own: Buffer, changes: readonly Change[]): Buffer {
  let now = own;
  for (const change of changes) {
    const length = "length" in change ? change.length : Math.max(now.length, change.at + change.bytes.length);
    if (length !== now.length) {
      const resized = Buffer.alloc(length);
      now.copy(resized, 0, 0, Math.min(length, now.length));
      now = resized;
    }
    if (!("length" in change)) change.bytes.copy(now, change.at);
  }
  return now;
}

/**
 * Watches every change that this process makes below a folder, and every flush, and can write down at any moment what the disk
 * would hold if the power went: what was flushed, and of the rest as much as chance leaves.
 *
 * A name counts as on the disk when its folder was flushed, or the file itself (as ext4, XFS, Btrfs and NTFS do it).
 */
export class PowerLossDisk {
  /** Changes so far. */
  changes = 0;
  /** Called after each change, from within it: the moment to pull the plug. */
  onChange: (() => void) | undefined;
  readonly #root: string;
  readonly #first: string;
  readonly #live = new Map<string, Inode>();
  readonly #kept = new Map<string, Inode>();
  readonly #open = new Map<number, { readonly inode: Inode; readonly path: string; position: number }>();
  readonly #folders = new Map<number, string>();
  readonly #real = { ...fs };
  #watching = false;

  /**
   * @param root folder that is wholly on the disk now
   * @param first where a copy of it is kept
   */
  constructor(root: string, first: string) {
    this.#root = resolve(root);
    this.#first = first;
    fs.cpSync(root, first, { recursive: true });
    for (const entry of fs.readdirSync(first, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = relative(first, join(entry.parentPath, entry.name));
      const inode = new Inode(join(first, path));
      this.#live.set(path, inode);
      this.#kept.set(path, inode);
    }
  }

  #below(path: unknown): string | undefined {
    if (typeof path !== "string") return undefined;
    const inside = relative(this.#root, resolve(path));
    return inside.startsWith("..") ? undefined : inside;
  }

  #changed(): void {
    this.changes++;
    this.onChange?.();
  }

  /** Begins to watch `node:fs`, for this whole process. @returns ends it */
  watch(): () => void {
    this.#watching = true;
    const real = this.#real;
    fs.openSync = ((path: fs.PathLike, flags: fs.OpenMode = "r", mode?: fs.Mode) => {
      const inside = this.#below(path);
      const existed = inside !== undefined && this.#live.has(inside);
      const fd = real.openSync(path, flags, mode);
      if (inside !== undefined) this.#opened(fd, inside, flags, existed);
      return fd;
    }) as typeof fs.openSync;
    fs.closeSync = (fd) => {
      this.#open.delete(fd);
      this.#folders.delete(fd);
      real.closeSync(fd);
    };
    fs.writeSync = ((fd: number, data: NodeJS.ArrayBufferView, from?: number, length?: number, position?: number) => {
      const offset = from ?? 0;
      const written = real.writeSync(fd, data, offset, length ?? data.byteLength - offset, position);
      const file = this.#open.get(fd);
      if (file) {
        const at = position ?? file.position;
        if (position === undefined || position === null) file.position += written;
        const bytes = Buffer.from(Buffer.from(data.buffer, data.byteOffset + offset, written));
        file.inode.pending.push({ at, bytes });
        this.#changed();
      }
      return written;
    }) as typeof fs.writeSync;
    fs.ftruncateSync = (fd, length) => {
      real.ftruncateSync(fd, length);
      const file = this.#open.get(fd);
      if (file) {
        file.inode.pending.push({ length: length ?? 0 });
        this.#changed();
      }
    };
    fs.truncateSync = (path, length) => {
      real.truncateSync(path, length);
      const inode = this.#live.get(this.#below(path) ?? "");
      if (inode) {
        inode.pending.push({ length: length ?? 0 });
        this.#changed();
      }
    };
    fs.renameSync = (from, to) => {
      real.renameSync(from, to);
      const [source, target] = [this.#below(from), this.#below(to)];
      const inode = source === undefined ? undefined : this.#live.get(source);
      if (source === undefined || target === undefined || !inode) return;
      this.#live.delete(source);
      this.#live.set(target, inode);
      this.#changed();
    };
    fs.unlinkSync = (path) => {
      real.unlinkSync(path);
      if (this.#live.delete(this.#below(path) ?? "")) this.#changed();
    };
    fs.fsyncSync = (fd) => {
      real.fsyncSync(fd);
      const file = this.#open.get(fd);
      const folder = this.#folders.get(fd);
      if (file) this.#flushed(file.inode);
      else if (folder !== undefined) this.#flushedFolder(folder);
      if (file || folder !== undefined) this.#changed();
    };
    syncBuiltinESMExports();
    return () => {
      if (!this.#watching) return;
      this.#watching = false;
      const { openSync, closeSync, writeSync, ftruncateSync, truncateSync, renameSync, unlinkSync, fsyncSync } = real;
      Object.assign(fs, {
        openSync,
        closeSync,
        writeSync,
        ftruncateSync,
        truncateSync,
        renameSync,
        unlinkSync,
        fsyncSync,
      });
      syncBuiltinESMExports();
    };
  }

  #opened(fd: number, path: string, flags: fs.OpenMode, existed: boolean): void {
    if (this.#real.fstatSync(fd).isDirectory()) {
      this.#folders.set(fd, path);
      return;
    }
    const inode = this.#live.get(path) ?? new Inode(undefined);
    this.#live.set(path, inode);
    const truncates = typeof flags === "string" ? flags.startsWith("w") : (flags & fs.constants.O_TRUNC) !== 0;
    if (existed && truncates) inode.pending.push({ length: 0 });
    this.#open.set(fd, { inode, path, position: 0 });
  }

  #flushed(inode: Inode): void {
    inode.flushed = applied(this.#content(inode), inode.pending);
    inode.pending = [];
    for (const [path, other] of this.#kept) if (other === inode) this.#kept.delete(path);
    for (const [path, other] of this.#live) if (other === inode) this.#kept.set(path, inode);
  }

  #flushedFolder(folder: string): void {
    const inFolder = (path: string): boolean => dirname(path) === (folder === "" ? "." : folder);
    for (const path of this.#kept.keys()) if (inFolder(path) && !this.#live.has(path)) this.#kept.delete(path);
    for (const [path, inode] of this.#live) if (inFolder(path)) this.#kept.set(path, inode);
  }

  #content(inode: Inode): Buffer {
    if (inode.flushed) return inode.flushed;
    return inode.origin === undefined ? Buffer.alloc(0) : this.#real.readFileSync(inode.origin);
  }

  /**
   * Writes what the disk would hold if the power went now.
   *
   * @param target folder to make
   * @param survives of each sector that no flush has asked for: has it reached the disk by itself?
   */
  pullPlug(target: string, survives: () => boolean): void {
    const { cpSync, rmSync, mkdirSync, writeFileSync, existsSync } = this.#real;
    cpSync(this.#first, target, { recursive: true });
    for (const entry of fs.readdirSync(this.#root, { recursive: true, withFileTypes: true }))
      if (entry.isDirectory())
        mkdirSync(join(target, relative(this.#root, join(entry.parentPath, entry.name))), { recursive: true });
    for (const entry of fs.readdirSync(target, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !this.#kept.has(relative(target, path))) rmSync(path);
    }
    for (const [path, inode] of this.#kept) {
      const some = inode.pending.flatMap((change): Change[] => {
        if ("length" in change) return survives() ? [change] : [];
        const sectors: Change[] = [];
        for (let from = 0; from < change.bytes.length; from += SECTOR)
          if (survives()) sectors.push({ at: change.at + from, bytes: change.bytes.subarray(from, from + SECTOR) });
        return sectors;
      });
      const file = join(target, path);
      const unchanged = some.length === 0 && inode.flushed === undefined && inode.origin === join(this.#first, path);
      if (unchanged && existsSync(file)) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, applied(Buffer.from(this.#content(inode)), some), { mode: 0o600 });
    }
  }
}

import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { bugError, userError } from "../../data/model/errors.ts";

/** Who holds a data folder. */
interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Start of the process, in the words of the platform; a process number alone is used again. */
  readonly started: string;
  /** Marks this one lock: a process may hold one, free it and take it again. */
  readonly token: string;
}

/** When this process started, for platforms without /proc: rounded, since it is computed from the uptime. */
const fallbackStart = (): string => `~${Math.round((Date.now() - process.uptime() * 1000) / 60_000)}`;

/** Start of a process: kernel's boot and ticks since then (Linux); undefined where it cannot be read. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name (field 2) may hold spaces and brackets: fields are counted from its last bracket; the start is field 22.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return ticks ? `${boot}/${ticks}` : undefined;
  } catch {
    return undefined;
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Locks that this process holds: the same process may not open a folder twice either. */
const held = new Set<string>();

/** True when the process that wrote the lock still runs; unsure cases count as running. */
function isHeld(owner: LockOwner, own: LockOwner): boolean {
  if (owner.host !== own.host) return true;
  // Our own number: our own lock, or one from before a restart (a container's process is always number 1).
  if (owner.pid === own.pid) return held.has(owner.token);
  if (!isAlive(owner.pid)) return false;
  const start = processStart(owner.pid);
  // Where the start cannot be read, a living process with this number is taken for the owner: rather refuse than lose rows.
  return start === undefined || owner.started.startsWith("~") || start === owner.started;
}

function readOwner(file: string): LockOwner | "absent" | "unreadable" {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "absent" : "unreadable";
  }
  try {
    const owner = JSON.parse(text) as LockOwner;
    return typeof owner.pid === "number" && typeof owner.token === "string" ? owner : "unreadable";
  } catch {
    return "unreadable";
  }
}

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Writes a lock beside its place, complete and flushed, so that nobody ever reads half of one. */
function writeDraft(file: string, owner: LockOwner): string {
  const draft = `${file}.draft-${randomUUID()}`;
  const fd = openSync(draft, "wx", 0o600);
  try {
    writeSync(fd, JSON.stringify(owner));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return draft;
}

/** Puts a lock in place unless the name is taken: `link` is atomic and fails when it is. */
function place(file: string, owner: LockOwner): boolean {
  const draft = writeDraft(file, owner);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

interface Link {
  readonly file: string;
  readonly owner: LockOwner;
}

/** The lock file and the claims to succeed it, each named after the token that it succeeds; the last one counts. */
function readChain(file: string): Link[] | "absent" | { readonly unreadable: string } {
  const links: Link[] = [];
  for (let at = file; ; ) {
    const owner = readOwner(at);
    if (owner === "unreadable") return { unreadable: at };
    if (owner === "absent") return links.length > 0 ? links : "absent";
    links.push({ file: at, owner });
    at = `${file}.after-${owner.token}`;
  }
}

const tokens = (links: readonly Link[]): string => links.map((link) => link.owner.token).join(" ");

/**
 * Locks a data folder against a second process: PGlite has no lock of its own, and two processes on one folder lose
 * each other's rows without a word.
 *
 * A lock whose process has ended is taken over without a race: the claim to succeed a lock is a file named after its
 * token, so only one process can make it; it counts only if the lock is still the same after the claim was made. The
 * winner then renames its own lock over the stale one. Tokens are never used twice, so no late process can win again.
 *
 * @param file lock file; its folder is made
 * @param what what it protects, for the message
 * @returns frees the lock
 */
export function acquireDataLock(file: string, what: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const own: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid) ?? fallbackStart(),
    token: randomUUID(),
  };
  const won = (): (() => void) => {
    held.add(own.token);
    return () => release(file, own);
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (place(file, own)) return won();
    const chain = readChain(file);
    if (chain === "absent") continue;
    if ("unreadable" in chain) {
      throw userError(`The lock of ${what} cannot be read`, {
        at: chain.unreadable,
        hint: "If no other Jingwei process runs on this folder, delete this file and start again.",
      });
    }
    const last = (chain.at(-1) as Link).owner;
    if (isHeld(last, own)) {
      // Someone is just taking over: the lock will be in its name in a moment.
      if (chain.length > 1 && attempt < 50) {
        sleep(20);
        continue;
      }
      throw inUse(what, file, last, own);
    }
    const claim = `${file}.after-${last.token}`;
    if (!place(claim, own)) continue;
    const after = readChain(file);
    if (Array.isArray(after) && tokens(after) === tokens([...chain, { file: claim, owner: own }])) {
      renameSync(writeDraft(file, own), file);
      for (const link of chain.slice(1)) rmSync(link.file, { force: true });
      rmSync(claim, { force: true });
      return won();
    }
    rmSync(claim, { force: true });
  }
  throw bugError(`The lock of ${what} changes hands without end`, { at: file });
}

function inUse(what: string, file: string, owner: LockOwner, own: LockOwner): Error {
  const here = owner.host === own.host;
  return userError(`${what} is in use by process ${owner.pid}${here ? "" : ` on host ${owner.host}`}`, {
    code: "CONFLICT",
    at: file,
    hint: here
      ? `Stop process ${owner.pid} first, or use another folder. Two processes on one folder would lose data.`
      : `Stop it there first. If that host or container is gone for good, delete ${file}.`,
  });
}

function release(file: string, own: LockOwner): void {
  held.delete(own.token);
  const owner = readOwner(file);
  if (typeof owner === "object" && owner.token === own.token) rmSync(file, { force: true });
}

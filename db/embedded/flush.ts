import { closeSync, fsyncSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Flushes a folder: the names in it. Windows cannot open one; NTFS keeps names in its own journal. */
export function flushFolder(path: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes a small file so that it is there after a power loss once this returns. */
export function writeFlushed(path: string, text: string): void {
  const fd = openSync(path, "w", 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  flushFolder(dirname(path));
}

/** Removes a file so that it stays gone after a power loss once this returns. */
export function removeFlushed(path: string): void {
  rmSync(path, { force: true });
  flushFolder(dirname(path));
}

/** Files flushed at the same time: the file system's journal then writes many of them in one go. */
const PARALLEL = 16;

/** Flushes every file and folder below a folder, and the folder itself. */
export async function flushTree(root: string): Promise<void> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let path = files[next++]; path !== undefined; path = files[next++]) {
      const file = await open(path, "r+");
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  for (const entry of entries) if (entry.isDirectory()) flushFolder(join(entry.parentPath, entry.name));
  flushFolder(root);
  flushFolder(dirname(root));
}

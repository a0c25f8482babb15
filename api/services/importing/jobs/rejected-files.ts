import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** How long lines that were left out can be fetched, ms: they may name people, so not for long. */
const REJECTED_LIFE_MS = 24 * 3_600_000;

/** Files of lines that an import left out, to be corrected and sent again: `<dir>/imports/<county>/<job>.csv`. */
export class RejectedFiles {
  constructor(readonly dir: string) {}

  /** Both parts were checked: six digits and a UUID. */
  path(county: string, job: string): string {
    return join(this.dir, "imports", county, `${job}.csv`);
  }

  /** Makes room for the file of a job. */
  async prepare(county: string, job: string): Promise<string> {
    await mkdir(join(this.dir, "imports", county), { recursive: true, mode: 0o700 });
    return this.path(county, job);
  }

  async has(county: string, job: string): Promise<boolean> {
    try {
      return (await stat(this.path(county, job))).size > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  }

  /** Deletes what is older than a day. */
  async sweep(nowMs: number): Promise<void> {
    const folder = join(this.dir, "imports");
    const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    for (const name of names) {
      const path = join(folder, name);
      const found = await stat(path);
      if (found.isFile() && nowMs - found.mtimeMs > REJECTED_LIFE_MS) await rm(path, { force: true });
    }
  }
}

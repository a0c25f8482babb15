import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A TypeScript file of `tests/helpers` in a process of its own, with its lines as they come. */
export interface TestChild {
  readonly process: ChildProcess;
  readonly lines: string[];
  /** Waits for a line that begins so; fails when the process ends first. */
  line(start: string): Promise<string>;
  /** Ends it without any chance to clean up. */
  kill(): Promise<void>;
}

export function startChild(file: string, args: readonly string[]): TestChild {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const waiting: {
    readonly start: string;
    readonly resolve: (line: string) => void;
    readonly reject: (e: Error) => void;
  }[] = [];
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const wait of waiting.filter(({ start }) => line.startsWith(start))) wait.resolve(line);
  });
  let over = false;
  // Its last lines may be read after it has ended.
  const ended = once(child, "close").then(() => {
    over = true;
    for (const wait of waiting) wait.reject(new Error(`The process ended before "${wait.start}": ${errors}`));
  });
  return {
    process: child,
    lines,
    line: (start) =>
      new Promise((resolve, reject) => {
        const seen = lines.find((line) => line.startsWith(start));
        if (seen !== undefined) resolve(seen);
        else if (over) reject(new Error(`It has ended: ${errors}`));
        else waiting.push({ start, resolve, reject });
      }),
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

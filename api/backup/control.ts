import { createHash } from "node:crypto";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { AppError, bugError } from "../../data/model/errors.ts";
import { type BackupManifest, manifestSchema } from "../../db/backup/manifest.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import { PRODUCT_VERSION } from "./product.ts";

/**
 * The door through which a command on the same machine asks the server that holds an embedded database for a backup: a local
 * socket that only the server's user may open (a named pipe on Windows). One JSON line in, lines of progress out, then the
 * answer.
 */

/** Longest path of a local socket that every system takes, bytes (sun_path of macOS is 104 with its end). */
const LONGEST_PATH = 100;

function controlPath(dir: string): string {
  const whole = resolve(dir);
  const name = `jingwei-${createHash("sha256").update(whole).digest("hex").slice(0, 24)}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  const path = join(whole, "control.sock");
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : join(tmpdir(), `${name}.sock`);
}

const requestSchema = z.strictObject({
  op: z.literal("backup"),
  file: z.string().min(1),
  county: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
});

const answerSchema = z.union([
  z.object({ progress: z.string() }),
  z.object({ done: manifestSchema }),
  z.object({
    error: z.object({
      kind: z.enum(["USER", "DATA", "BUG"]),
      message: z.string(),
      at: z.string().optional(),
      hint: z.string().optional(),
    }),
  }),
]);
type Answer = z.infer<typeof answerSchema>;

const send = (socket: Socket, answer: Answer): void =>
  void (socket.writable && socket.write(`${JSON.stringify(answer)}\n`));

async function serve(socket: Socket, line: string, database: Database): Promise<void> {
  try {
    const request = requestSchema.parse(JSON.parse(line));
    const done = await writeBackup(database, request.file, {
      county: request.county,
      product: PRODUCT_VERSION,
      contactKeys: "beside",
      onProgress: (progress) => send(socket, { progress }),
    });
    send(socket, { done });
  } catch (error) {
    const known = error instanceof AppError ? error : bugError(String(error));
    send(socket, { error: { kind: known.kind, message: known.message, at: known.at, hint: known.hint } });
  } finally {
    socket.end();
  }
}

/** Opens the door of the folder's server. @returns closes it */
export async function openControl(database: Database, dir: string): Promise<() => Promise<void>> {
  const path = controlPath(dir);
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    createInterface({ input: socket }).once("line", (line) => void serve(socket, line, database));
  });
  // The data lock says that no other server runs on this folder: a socket that lies there is one that was killed.
  if (process.platform !== "win32") rmSync(path, { force: true });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(path, done);
  });
  if (process.platform !== "win32") chmodSync(path, 0o600);
  return () => new Promise((done) => server.close(() => done()));
}

/**
 * Asks the server of a folder for a backup.
 *
 * @returns undefined when no server answers there
 * @throws what the server says
 */
export async function askForBackup(
  dir: string,
  file: string,
  county: string | undefined,
  onProgress: (message: string) => void,
): Promise<BackupManifest | undefined> {
  const path = controlPath(dir);
  if (process.platform !== "win32" && !existsSync(path)) return undefined;
  const socket = connect(path);
  const connected = await new Promise<boolean>((done) => {
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
  if (!connected) return undefined;
  socket.on("error", () => undefined);
  socket.write(`${JSON.stringify({ op: "backup", file: resolve(file), county })}\n`);
  for await (const line of createInterface({ input: socket })) {
    const answer = answerSchema.parse(JSON.parse(line));
    if ("progress" in answer) onProgress(answer.progress);
    else if ("done" in answer) return answer.done;
    else {
      const { kind, message, at, hint } = answer.error;
      throw new AppError(kind, message, {
        ...(at === undefined ? {} : { at }),
        ...(hint === undefined ? {} : { hint }),
      });
    }
  }
  throw bugError("The server ended before its backup was done", {
    hint: "The file that was there before is unchanged.",
  });
}

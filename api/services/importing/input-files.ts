import { access, constants, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { AppError, dataError } from "../../../data/model/errors.ts";

/** GeoJSON is read whole: its text and objects take some ten times this in memory. */
const MAX_WHOLE_FILE = 256 * 1024 * 1024;

/** Says in a person's words why a file could not be read; other errors pass unchanged. */
export function asFileError(error: unknown, file: string): unknown {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT")
    return dataError(`${file} does not exist`, {
      at: file,
      hint: "Check the path; it is read from the current folder.",
    });
  if (code === "EACCES" || code === "EPERM")
    return dataError(`${file} may not be read`, { at: file, hint: "Give this user the right to read it." });
  if (code === "EISDIR") return dataError(`${file} is a folder`, { at: file, hint: "Name the file in it." });
  return error;
}

/** Asked before anything slow happens: a mistyped path should not cost a database start. */
export async function requireReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
    if ((await stat(file)).isDirectory()) throw Object.assign(new Error(file), { code: "EISDIR" });
  } catch (error) {
    throw asFileError(error, file);
  }
}

/** Bytes of a file of bounded size. */
export async function readWholeFile(file: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  try {
    const { size } = await stat(file);
    if (size > MAX_WHOLE_FILE) {
      throw dataError(
        `${file} has ${Math.round(size / 2 ** 20)} MB; GeoJSON is read up to ${MAX_WHOLE_FILE / 2 ** 20} MB`,
        {
          at: file,
          hint: "Split it into several files; all of them can be given in one command.",
        },
      );
    }
    return { name: basename(file), bytes: await readFile(file) };
  } catch (error) {
    throw asFileError(error, file);
  }
}

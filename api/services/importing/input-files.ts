import { access, constants, stat } from "node:fs/promises";
import { AppError, dataError } from "../../../data/model/errors.ts";

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

import { AppError, userError } from "../../data/model/errors.ts";

const WHY: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOSPC: ["the disk is full", "Free space there, or write to another disk."],
  EACCES: ["this user may not write or read there", "Choose another folder, or change its owner."],
  EPERM: ["this user may not write or read there", "Choose another folder, or change its owner."],
  EROFS: ["the disk is read-only", "Choose another folder."],
  ENOENT: ["it is not there", "Check the name."],
  EISDIR: ["it is a folder", "Give the name of a file in it."],
  EEXIST: ["a part of the path is no folder", "Check the path."],
  ENOTDIR: ["a part of the path is no folder", "Check the path."],
};

/** A refusal of the disk in words; every other error as it is. */
export function asDiskError(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const why = WHY[(error as NodeJS.ErrnoException).code ?? ""];
  if (!why) return error;
  return userError(`${path}: ${why[0]}`, { at: path, hint: why[1], cause: error });
}

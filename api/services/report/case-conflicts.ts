import { AppError } from "../../../data/model/errors.ts";

const conflict = (message: string, at: string, hint: string): AppError =>
  new AppError("USER", message, { code: "CONFLICT", at, hint });

/** The case is no longer as the viewer saw it. */
export const changedConflict = (at: string): AppError =>
  conflict("somebody has changed this case meanwhile", at, "Read it again and repeat with its version.");

/** Nothing more is done with the case. */
export const endedConflict = (at: string): AppError =>
  conflict("this case has ended", at, "Nobody handles it any more.");

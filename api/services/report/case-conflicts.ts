import { AppError } from "../../../data/model/errors.ts";
import type { CaseHead } from "../../../db/repositories/case-repository.ts";

/** How a case stands now, so that a client can show what somebody else has done meanwhile. */
type Standing = Pick<CaseHead, "state" | "step" | "version">;

const conflict = (message: string, at: string, hint: string, { state, step, version }: Standing): AppError =>
  new AppError("USER", message, {
    code: "CONFLICT",
    at,
    hint,
    facts: { state: state.toUpperCase(), step, version },
  });

/** The case is no longer as the viewer saw it. */
export const changedConflict = (at: string, now: Standing): AppError =>
  conflict("somebody has changed this case meanwhile", at, "Read it again and repeat with its version.", now);

/** Nothing more is done with the case. */
export const endedConflict = (at: string, now: Standing): AppError =>
  conflict("this case has ended", at, "Nobody handles it any more.", now);

import type { NewCase } from "../../db/repositories/new-case-repository.ts";

/** Where a case begins that walks the standard workflow, waiting for the dispatcher of an area. */
export const standardStart = (area: string): Pick<NewCase, "workflow" | "step" | "inbox"> => ({
  workflow: "standard",
  step: "found",
  inbox: { role: "dispatcher", area },
});

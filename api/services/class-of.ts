import type { ClassCode } from "../../data/model/class-code.ts";
import type { RequestContext } from "../context.ts";
import { classesOf } from "./loaders.ts";
import { required } from "./required.ts";

/**
 * The class of a case. The same digits serve components and matters; a county's own classes come first, then matters.
 *
 * @param code five digits
 */
export async function classOf(context: RequestContext, county: string, code: string): Promise<ClassCode> {
  const classes = (await classesOf(context, county)).filter((one) => one.code === code);
  return required(
    classes.find(({ kind }) => kind === "local") ?? classes.find(({ kind }) => kind === "matter") ?? classes[0],
    `class ${code}`,
  );
}

/** True where a class of the code is sensitive: nothing of its cases is shown that tells the place. */
export const isSensitiveClass = async (context: RequestContext, county: string, code: string): Promise<boolean> =>
  (await classesOf(context, county)).some((one) => one.code === code && one.sensitive);

import { bugError } from "../../../../data/model/errors.ts";
import type { RequestContext } from "../../../context.ts";
import type { ImportDesk } from "./import-desk.ts";

/** The server's desk for imports. @throws BUG where a context was made without one */
export function deskOf({ imports }: RequestContext): ImportDesk {
  if (imports) return imports;
  throw bugError("this server takes no imports");
}

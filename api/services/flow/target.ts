import { userError } from "../../../data/model/errors.ts";
import type { Transaction } from "../../../db/driver.ts";
import { organisationsById } from "../../../db/repositories/organisation-repository.ts";
import { postsById } from "../../../db/repositories/staff-repository.ts";
import { requireGlobalId } from "../require.ts";
import { requireAdmitted } from "../routing/require-admitted.ts";

/** Row ids of the unit and the post that a case is given to; null where none is named. */
export interface Target {
  readonly organisationId: string | null;
  readonly postId: string | null;
}

/** Reads the global ids of a unit and a post of a county. */
export function checkTarget(
  county: string,
  {
    organisation,
    post,
  }: { readonly organisation?: string | null | undefined; readonly post?: string | null | undefined },
): Target {
  const rowId = (text: string | null | undefined, type: string, at: string): string | null => {
    if (text == null) return null;
    const id = requireGlobalId(text, type, at);
    if (id.county === county) return id.id;
    throw userError(`${text} is of another county than the case`, { at, hint: `Name one of county ${county}.` });
  };
  return {
    organisationId: rowId(organisation, "Organisation", "input.organisation"),
    postId: rowId(post, "Post", "input.post"),
  };
}

/**
 * The unit and post, as they are: both must be there, and the county's admission list must not keep the class from the post.
 * A post without a named unit brings its own.
 *
 * @throws BAD_USER_INPUT, or FORBIDDEN with the list's words
 */
export async function requireTarget(
  tx: Transaction,
  county: string,
  classCode: string,
  { organisationId, postId }: Target,
): Promise<Target> {
  const nothing = (what: string, at: string) =>
    userError(`there is no such ${what}`, { at, hint: `Choose one of the ${what}s of the county.` });
  if (organisationId !== null && !(await organisationsById(tx, county, [organisationId])).has(organisationId))
    throw nothing("unit", "input.organisation");
  if (postId === null) {
    if (organisationId !== null) await requireAdmitted(tx, county, classCode, {}, "input.organisation");
    return { organisationId, postId };
  }
  const post = (await postsById(tx, county, [postId])).get(postId);
  if (!post) throw nothing("post", "input.post");
  await requireAdmitted(tx, county, classCode, { postKind: post.kind }, "input.post");
  return { organisationId: organisationId ?? post.organisationId, postId };
}

import type { Prng } from "../../../data/demo/prng.ts";
import type { Resource } from "../../../data/policy/policy.ts";
import { mayRead, type Viewer } from "../../../data/policy/viewer.ts";
import type { TestApi } from "../../helpers/api.ts";
import { AreaOracle } from "./area-oracle.ts";
import type { Oracle } from "./oracle.ts";

/** Something that a viewer asks for over one channel, and what the policy says the answer is. */
export interface Operation {
  readonly name: string;
  /** Asks the server; the answer without order where order does not matter, or `{ code }` of its refusal. */
  run(api: TestApi, viewer: Viewer | null): Promise<unknown>;
  expected(viewer: Viewer | null): unknown;
}

/** The dataset as the oracle sees it, with what operations choose from. */
export interface World {
  readonly oracle: Oracle;
  readonly areas: AreaOracle;
  /** Codes of all areas. */
  readonly codes: readonly string[];
}

export const worldOf = (oracle: Oracle): World => ({
  oracle,
  areas: new AreaOracle(oracle),
  codes: oracle.data.areas.map(({ code }) => code),
});

/** Makes one random operation of its kind. */
export type OperationMaker = (world: World, prng: Prng) => Operation;

export interface Refused {
  readonly code: string;
}
export const refused = (code: string): Refused => ({ code });

/** What the guard of a root field says before anything is read; undefined when it lets the viewer through. */
export function guardRefusal(viewer: Viewer | null, resource: Resource): Refused | undefined {
  if (!viewer) return refused("UNAUTHENTICATED");
  return mayRead(viewer, resource) ? undefined : refused("FORBIDDEN");
}

/** Answer of a list inside an area: refused, or made from what the viewer sees. */
export function insideAnswer<Answer>(
  { oracle }: World,
  viewer: Viewer | null,
  resource: Resource,
  code: string,
  answer: (viewer: Viewer) => Answer,
): Answer | Refused {
  const code403 = oracle.refusal(viewer, resource, code);
  if (code403 !== undefined || !viewer) return refused(code403 ?? "UNAUTHENTICATED");
  return answer(viewer);
}

/** Ways to write the same root field: renamed, in a fragment, inline beside another field. */
const FORMS = [
  (field: string) => `{ answer: ${field} }`,
  (field: string) => `query A { ...F } fragment F on Query { answer: ${field} }`,
  (field: string) => `{ other: __typename ... on Query { answer: ${field} } }`,
] as const;

/**
 * Asks for one root field, written in one of several ways.
 *
 * @returns its value, or the code of the refusal
 */
export async function askField<Value>(
  api: TestApi,
  viewer: Viewer | null,
  form: number,
  field: string,
  args: string,
  selection: string,
): Promise<Value | Refused> {
  const write = FORMS[form % FORMS.length] ?? FORMS[0];
  const query = write(`${field}${args === "" ? "" : `(${args})`} ${selection}`);
  const { data, errors } = await api.graphql<{ answer: Value }>(query, {}, viewer);
  const code = errors?.[0]?.extensions?.["code"];
  if (typeof code === "string") {
    if (code === "BAD_USER_INPUT" || code === "INTERNAL") throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return refused(code);
  }
  if (!data) throw new Error(`${query}: ${JSON.stringify(errors)}`);
  return data.answer;
}

export const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === "object" && answer !== null && "code" in answer && Object.keys(answer).length === 1;

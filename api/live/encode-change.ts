import { type DocumentNode, type ExecutionArgs, execute, Kind, visit } from "graphql";
import { bugError } from "../../data/model/errors.ts";
import { askerOf } from "../../data/policy/fields.ts";
import type { RequestContext } from "../context.ts";
import type { ToldChange } from "../feed/told-change.ts";
import { ChangeTemplates } from "./change-template.ts";
import { textFrames } from "./frames.ts";

/** Field of the subscription whose arguments choose the changes and shape nothing of what is sent. */
const FIELD = "changes";
/** Encoders that are kept for a document: one per role, operation and set of variables that shape its answers. */
const MOST_PER_DOCUMENT = 64;

/**
 * Answers one operation on changes and encodes the answers: once per change, whoever of a role is sent it. The type
 * `Change` has no resolvers, so nothing of the answer depends on who asks but what the change itself is and which fields the
 * role may ask for (api/guards.ts); execution gets nothing else, so that a resolver that wanted more would fail.
 */
export class ChangeEncoder {
  readonly #answers: ChangeTemplates;
  readonly #tails = new WeakMap<ToldChange, Buffer>();
  #lastChanges: readonly ToldChange[] | undefined;
  #lastTails: readonly Buffer[] = [];
  #lastHead: string | undefined;
  #lastFrames: Buffer = Buffer.alloc(0);

  constructor(args: ExecutionArgs) {
    const { viewer } = args.contextValue as Pick<RequestContext, "viewer">;
    const own = { ...args, contextValue: { viewer } };
    this.#answers = new ChangeTemplates((model) => {
      const result = execute({ ...own, rootValue: { [FIELD]: model } });
      if (result instanceof Promise) throw bugError("a field of Change has a resolver that waits");
      if (result.errors) throw bugError(`a change could not be told: ${result.errors[0]?.message}`);
      return JSON.stringify(result);
    });
  }

  /**
   * The frames of changes, to be written as they are. Members of a channel are handed one array of changes, one after another:
   * those whose messages begin alike, as the pages' own do, share one buffer.
   *
   * @param head what each message begins with: `{"id":"…",`
   */
  frames(head: string, changes: readonly ToldChange[]): Buffer {
    if (this.#lastChanges !== changes) {
      this.#lastTails = changes.map((change) => this.#tail(change));
      this.#lastChanges = changes;
      this.#lastHead = undefined;
    }
    if (this.#lastHead !== head) {
      this.#lastFrames = textFrames(Buffer.from(head), this.#lastTails);
      this.#lastHead = head;
    }
    return this.#lastFrames;
  }

  #tail(change: ToldChange): Buffer {
    const known = this.#tails.get(change);
    if (known) return known;
    const tail = Buffer.from(`"type":"next","payload":${this.#answers.answer(change.model)}}`);
    this.#tails.set(change, tail);
    return tail;
  }
}

const encoders = new WeakMap<DocumentNode, Map<string, ChangeEncoder>>();

/** The encoder of an operation: the same one for all of a role that differ only in the arguments of the subscription's field. */
export function encoderOf(args: ExecutionArgs): ChangeEncoder {
  const { document, operationName, variableValues } = args;
  const { viewer } = args.contextValue as Pick<RequestContext, "viewer">;
  const shaping = shapingVariables(document).map((name) => variableValues?.[name] ?? null);
  const key = JSON.stringify([askerOf(viewer), operationName ?? null, shaping]);
  const known = encoders.get(document) ?? new Map<string, ChangeEncoder>();
  encoders.set(document, known);
  const encoder = known.get(key) ?? new ChangeEncoder(args);
  if (known.size >= MOST_PER_DOCUMENT) known.clear();
  known.set(key, encoder);
  return encoder;
}

/** Names of the variables that are used anywhere but in the arguments of `changes`. */
function shapingVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    enter(node) {
      // A definition's own mention of its name is no use of it.
      if (node.kind === Kind.VARIABLE_DEFINITION) return false;
      if (node.kind === Kind.VARIABLE) names.add(node.name.value);
      return node.kind === Kind.FIELD && node.name.value === FIELD ? { ...node, arguments: [] } : undefined;
    },
  });
  return [...names].sort();
}

import { createHash } from "node:crypto";
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  Kind,
  print,
  visit,
} from "graphql";

const nameOf = (definition: DefinitionNode): string =>
  "name" in definition && definition.name ? `${definition.kind} ${definition.name.value}` : definition.kind;

/**
 * SHA-256 (hex) of what a document says, whatever its white space, comments and order of definitions: clients print a
 * document in their own way.
 */
export function documentHash(document: DocumentNode): string {
  const definitions = [...document.definitions].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return createHash("sha256")
    .update(print({ kind: Kind.DOCUMENT, definitions }))
    .digest("hex");
}

/** The fragments that a definition needs, directly or through others. */
function fragmentsOf(
  definition: DefinitionNode,
  all: ReadonlyMap<string, FragmentDefinitionNode>,
  found: Map<string, FragmentDefinitionNode> = new Map(),
): Map<string, FragmentDefinitionNode> {
  visit(definition, {
    [Kind.FRAGMENT_SPREAD]: ({ name }: FragmentSpreadNode) => {
      const fragment = all.get(name.value);
      if (!fragment || found.has(name.value)) return;
      found.set(name.value, fragment);
      fragmentsOf(fragment, all, found);
    },
  });
  return found;
}

/** The manifest of a client's documents: hash → name of the operation, by name. */
export function trustedDocuments(documents: readonly DocumentNode[]): Record<string, string> {
  const definitions = documents.flatMap((document) => document.definitions);
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const entries = definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation): readonly [string, string] => {
      const document = {
        kind: Kind.DOCUMENT,
        definitions: [operation, ...fragmentsOf(operation, fragments).values()],
      } as const;
      return [documentHash(document), operation.name?.value ?? ""];
    });
  return Object.fromEntries(entries.sort(([, a], [, b]) => (a < b ? -1 : 1)));
}

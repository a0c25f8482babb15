import { SaxesParser } from "saxes";
import { AppError, dataError } from "../../model/errors.ts";

/** What a reader of XML is told; names come without their prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  /** Text of the element, CDATA included; in pieces. */
  text(text: string): void;
  close(name: string): void;
}

/** Elements within elements; KML folders go a dozen deep. */
const MAX_DEPTH = 200;
/** Text between two tags: the coordinates of an outline of some million vertices. */
const MAX_TEXT = 64 * 2 ** 20;

/**
 * Feeds XML text to a handler as it comes; resolves when the document has ended. Entities are never declared by a document
 * that we read, nor is anything fetched that it names.
 *
 * @param after called after each piece of text, to hand on what the handler has finished
 * @param options `fragments`: several documents may follow each other, without declarations; none has a document type
 * @throws DATA error with the line for what is no well-formed XML, declares entities or nests beyond reason
 */
export async function* parseXml<T>(
  chunks: AsyncIterable<string>,
  file: string,
  handler: XmlHandler,
  after: () => Iterable<T>,
  options: { readonly fragments?: boolean } = {},
): AsyncGenerator<T> {
  const parser = new SaxesParser({ xmlns: false, position: true, fragment: options.fragments === true });
  const fail = (message: string, hint: string): never => {
    throw dataError(`${file}: ${message} on line ${parser.line}`, { at: `${file}:${parser.line}`, hint });
  };
  let depth = 0;
  let sinceTag = 0;
  parser.on("error", (error) =>
    fail(
      `not well-formed XML (${error.message.replace(/^\d+:\d+: /, "")})`,
      "The file may be cut off: fetch or export it again.",
    ),
  );
  parser.on("doctype", (doctype) => {
    if (/<!ENTITY/i.test(doctype))
      fail("it declares entities", "No map program writes such XML: ask where the file is from.");
  });
  parser.on("opentag", ({ name, attributes }) => {
    sinceTag = 0;
    if (++depth > MAX_DEPTH) fail(`nested more than ${MAX_DEPTH} levels deep`, "Ask where the file is from.");
    handler.open(local(name), attributes as Record<string, string>);
  });
  parser.on("text", (text) => handler.text(text));
  parser.on("cdata", (text) => handler.text(text));
  parser.on("closetag", ({ name }) => {
    sinceTag = 0;
    depth--;
    handler.close(local(name));
  });
  let any = false;
  for await (const chunk of chunks) {
    any = true;
    // The parser holds what stands between two tags: it is told piece by piece, and here it is bounded.
    sinceTag += chunk.length;
    guarded(() => parser.write(chunk), file);
    if (sinceTag > MAX_TEXT)
      fail(`more than ${MAX_TEXT / 2 ** 20} million characters stand between two tags`, "A bracket may be missing.");
    yield* after();
  }
  if (!any) throw dataError(`${file} is empty`, { at: file });
  guarded(() => parser.close(), file);
  yield* after();
}

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

/** saxes throws what its handlers throw. */
function guarded(work: () => unknown, file: string): void {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw dataError(`${file} cannot be read as XML: ${(error as Error).message}`, { at: file });
  }
}

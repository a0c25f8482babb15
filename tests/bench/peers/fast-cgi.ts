import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, createConnection, createServer } from "node:net";

/** Types of records and what else the FastCGI specification 1.0 numbers (section 8). */
const TYPE = { begin: 1, params: 4, stdin: 5, stdout: 6, stderr: 7 } as const;
const RESPONDER = 1;
const REQUEST_ID = 1;

function record(type: number, content: Buffer): Buffer {
  const head = Buffer.from([1, type, 0, REQUEST_ID, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}

const lengthOf = (text: Buffer): Buffer => {
  if (text.length < 128) return Buffer.from([text.length]);
  const long = Buffer.alloc(4);
  long.writeUInt32BE((text.length | 0x80000000) >>> 0);
  return long;
};

function params(values: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(values).flatMap(([name, value]) => {
      const [key, text] = [Buffer.from(name), Buffer.from(value)];
      return [lengthOf(key), lengthOf(text), key, text];
    }),
  );
}

/** Bytes of a stream of records, one type after the other. */
function streams(answer: Buffer): { readonly out: Buffer; readonly errors: string } {
  const parts: Record<number, Buffer[]> = { [TYPE.stdout]: [], [TYPE.stderr]: [] };
  for (let at = 0; at + 8 <= answer.length; ) {
    const length = answer.readUInt16BE(at + 4);
    parts[answer[at + 1] as number]?.push(answer.subarray(at + 8, at + 8 + length));
    at += 8 + length + (answer[at + 6] as number);
  }
  return { out: Buffer.concat(parts[TYPE.stdout] ?? []), errors: Buffer.concat(parts[TYPE.stderr] ?? []).toString() };
}

/** A FastCGI program that stays up and answers one request after the other, as a web server would have it. */
export class FastCgiProgram {
  readonly #port: number;
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(port: number, child: ChildProcess) {
    this.#port = port;
    this.#child = child;
  }

  /** Starts it with a listening socket as its standard input, as the specification has it. */
  static async start(program: string, env: Readonly<Record<string, string>>): Promise<FastCgiProgram> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    const { fd } = (listener as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const child = spawn(program, [], { stdio: [fd, "ignore", "inherit"], env: { ...process.env, ...env } });
    // The program alone listens from now on.
    listener.close();
    return new FastCgiProgram(port, child);
  }

  /** Answers a GET: the body, behind the headers that CGI puts before it. @throws with what the program complained of */
  get(query: string, path = ""): Promise<Buffer> {
    const answer = this.#last.then(() => this.#ask(query, path));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  #ask(query: string, path: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      const connection = createConnection(this.#port, "127.0.0.1");
      connection.on("data", (part) => parts.push(part));
      connection.once("error", reject);
      connection.once("close", () => {
        const { out, errors } = streams(Buffer.concat(parts));
        const body = out.indexOf("\r\n\r\n");
        if (body < 0 || errors) reject(new Error(errors || `no answer to ${query}`));
        else resolve(out.subarray(body + 4));
      });
      const begin = record(TYPE.begin, Buffer.from([0, RESPONDER, 0, 0, 0, 0, 0, 0]));
      const values = params({
        REQUEST_METHOD: "GET",
        GATEWAY_INTERFACE: "CGI/1.1",
        SERVER_NAME: "127.0.0.1",
        SERVER_PORT: "80",
        SCRIPT_NAME: "/mapserv",
        PATH_INFO: path,
        QUERY_STRING: query,
      });
      connection.write(
        Buffer.concat([
          begin,
          record(TYPE.params, values),
          record(TYPE.params, Buffer.alloc(0)),
          record(TYPE.stdin, Buffer.alloc(0)),
        ]),
      );
    });
  }

  /** Ends it at once: while it waits for a request it hears of nothing else. */
  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

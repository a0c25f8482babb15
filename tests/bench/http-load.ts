import { Agent, type Dispatcher } from "undici";

/** A request that is sent again and again. */
export interface LoadRequest {
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface LoadAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** Sends one request over an agent's connections. */
export const send = (
  address: string,
  agent: Agent,
  { path, method, body, headers }: LoadRequest,
): Promise<LoadAnswer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    agent.dispatch(
      {
        origin: address,
        path,
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        body: body ?? null,
      },
      {
        onConnect: () => undefined,
        onHeaders: (code) => {
          status = code;
          return true;
        },
        onData: (chunk) => chunks.push(chunk) > 0,
        onComplete: () =>
          resolve({ status, body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) }),
        onError: reject,
      } satisfies Dispatcher.DispatchHandler,
    );
  });

/**
 * A client with kept-alive connections, one request at a time on each. Not `node:http`: its client takes as long for a
 * short answer as a server does, and on the same cores would measure itself.
 */
export const keepAlive = (connections: number): Agent => new Agent({ connections, pipelining: 1 });

/**
 * Sends a request `count` times, `connections` at once.
 *
 * @param of makes the n-th request, so that answers can differ from one to the next
 */
export async function sendMany(
  address: string,
  agent: Agent,
  of: (n: number) => LoadRequest,
  count: number,
  connections: number,
): Promise<{ readonly seconds: number; readonly times: readonly number[] }> {
  let next = 0;
  const times: number[] = [];
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) {
      const at = performance.now();
      const { status, body } = await send(address, agent, of(next++));
      if (status !== 200) throw new Error(`${address} answered ${status}: ${body.toString().slice(0, 300)}`);
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return { seconds: (performance.now() - started) / 1000, times: times.sort((a, b) => a - b) };
}

/** Median of numbers; NaN without any. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

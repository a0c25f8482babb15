import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** How an answer may be compressed. */
export type Encoding = "br" | "gzip";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
/** The best bytes per CPU second for what is made while somebody waits (performance reference, section 2). */
const BROTLI_QUALITY = 4;
/** Below this, compression saves no packet. */
const COMPRESS_FROM = 1024;

const COMPRESS: Readonly<Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  br: (bytes) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (bytes) => zip(bytes, { level: 1 }),
};

/** Bytes with the hash of their content; compressed once for each way that is asked for. */
export class CachedBytes {
  #etag: string | undefined;
  readonly #compressed = new Map<Encoding, Promise<Uint8Array>>();

  constructor(readonly bytes: Uint8Array) {}

  /** Weak: its compressed forms are other bytes. Made when it is asked for: who names versions needs no hash. */
  get etag(): string {
    this.#etag ??= `W/"${createHash("sha256").update(this.bytes).digest("base64url").slice(0, 22)}"`;
    return this.#etag;
  }

  /** What it takes in memory, with room for a compressed form. */
  get size(): number {
    return Math.ceil(this.bytes.length * 1.5) + 512;
  }

  /** The best form that a client takes. @param accepts the header `accept-encoding` */
  async form(accepts: string | undefined): Promise<{ readonly bytes: Uint8Array; readonly encoding?: Encoding }> {
    const encoding = this.bytes.length < COMPRESS_FROM ? undefined : preferred(accepts);
    if (!encoding) return { bytes: this.bytes };
    const known = this.#compressed.get(encoding) ?? COMPRESS[encoding](this.bytes);
    this.#compressed.set(encoding, known);
    return { bytes: await known, encoding };
  }
}

function preferred(accepts: string | undefined): Encoding | undefined {
  const taken = new Set(
    (accepts ?? "")
      .split(",")
      .map((part) => part.trim().split(/\s*;\s*/))
      .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ""))
      .map(([name]) => name),
  );
  return (["br", "gzip"] as const).find((encoding) => taken.has(encoding));
}

interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
}

/** What was made lately, by key, as far as a budget of bytes goes: the longest unused go first. */
export class ByteBudgetCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #dropped: (value: Value) => void;
  #bytes = 0;

  /** @param dropped is told what the cache does not keep, or not any more */
  constructor(
    readonly budget: number,
    dropped: (value: Value) => void = () => undefined,
  ) {
    this.#dropped = dropped;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, size: number): void {
    this.delete(key);
    if (size > this.budget) {
      this.#dropped(value);
      return;
    }
    this.#entries.set(key, { value, size });
    this.#bytes += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.budget) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#bytes -= entry.size;
    this.#entries.delete(key);
    this.#dropped(entry.value);
  }
}

/** Lets equal requests that come while one is being answered share its answer; failures are shared too, and not kept. */
export class SharedFlights<Value> {
  readonly #flights = new Map<string, Promise<Value>>();

  async join(key: string, make: () => Promise<Value>): Promise<Value> {
    const flying = this.#flights.get(key);
    if (flying) return flying;
    const flight = make().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }
}

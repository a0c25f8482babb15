declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** UUIDv7 (RFC 9562 section 5.7) in lower-case text; its first 48 bits are the row's event time in ms. */
export type Uuid = Brand<string, "Uuid">;

/** Two hexadecimal digits of each byte: loads mint millions of ids. */
const BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Hexadecimal digits of the lowest bits of a number. */
const hex16 = (value: number): string => `${BYTE[(value >>> 8) & 0xff]}${BYTE[value & 0xff]}`;
const hex32 = (value: number): string => hex16(value >>> 16) + hex16(value);

/**
 * Builds a UUIDv7 from an event time and 74 bits given as three unsigned integers.
 *
 * @param epochMs event time, milliseconds since 1970 (UTC); clamped to 0 … 2^48 − 1
 * @param randomA 12 random bits
 * @param randomB 30 random bits
 * @param randomC 32 random bits
 */
export function uuidV7(epochMs: number, randomA: number, randomB: number, randomC: number): Uuid {
  const ms = Math.min(Math.max(Math.floor(epochMs), 0), 2 ** 48 - 1);
  const high = Math.floor(ms / 65_536);
  return `${hex32(high)}-${hex16(ms % 65_536)}-${hex16(0x7000 | (randomA & 0xfff))}-${hex16(0x8000 | ((randomB >>> 16) & 0x3fff))}-${hex16(randomB)}${hex32(randomC)}` as Uuid;
}

/** The smallest UUIDv7 of an instant: a bound for range scans over ids (DESIGN rule 3). */
export const uuidV7LowerBound = (epochMs: number): Uuid => uuidV7(epochMs, 0, 0, 0);

/** Event time of a UUIDv7, milliseconds since 1970 (UTC). */
export const uuidV7Time = (id: Uuid): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is a row id, in lower case as we write them. */
export const isUuid = (text: string): text is Uuid => UUID.test(text);

export interface GlobalId {
  readonly type: string;
  readonly county: string;
  readonly id: Uuid;
}

/** Global ids are plain text `Type:county:uuid` (DESIGN rule 3). */
export const toGlobalId = (type: string, county: string, id: string): string => `${type}:${county}:${id}`;

/** Parses a global id; undefined when it is malformed. */
export function parseGlobalId(text: string): GlobalId | undefined {
  const match = /^([A-Za-z]+):(\d{6}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  if (!match) return undefined;
  return { type: match[1] as string, county: match[2] as string, id: match[3] as Uuid };
}

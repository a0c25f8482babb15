import { bugError } from "../model/errors.ts";
import { EXTENT } from "./tile-math.ts";

/** A value of a feature; whole numbers become uint or sint, others double. */
export type TileValue = string | number | boolean;

const ENCODER = new TextEncoder();

/** Bytes of a protobuf message, in a buffer that grows. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  /** The same bytes, for whoever writes four of them at once; low byte first. */
  words: DataView<ArrayBuffer>;
  size = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
    this.words = new DataView(this.bytes.buffer);
  }

  /** Makes room for `more` bytes behind `size`. */
  reserve(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.size + more));
    larger.set(this.bytes.subarray(0, this.size));
    this.bytes = larger;
    this.words = new DataView(larger.buffer);
  }

  byte(value: number): void {
    if (this.size === this.bytes.length) this.reserve(1);
    this.bytes[this.size++] = value;
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80000000) {
      this.bytes[this.size++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      this.bytes[this.size++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.size++] = rest;
  }

  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.size);
    this.size += bytes.length;
  }

  /** A field of wire type 2: its length, then its bytes. */
  field(tag: number, bytes: Uint8Array): void {
    this.byte(tag);
    this.varint(bytes.length);
    this.put(bytes);
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.size);
  }
}

/** Zigzag form of a whole number, for sint. */
export const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

/**
 * Indexes of int32 values in order of their first use; open addressing, since tiles have thousands of numbers. Slots are
 * pairs: the value, and its index + 1.
 */
class Int32Index {
  #slots = new Int32Array(128);
  #mask = 126;
  #used = 0;

  /** Empties it, with room for so many values. */
  reset(expected: number): void {
    let size = 128;
    while (size < expected * 4) size *= 2;
    // Kept between tiles unless far too large: clearing is cheaper than memory that was never touched.
    if (this.#slots.length < size || this.#slots.length > size * 16) this.#slots = new Int32Array(size);
    else this.#slots.fill(0);
    this.#mask = this.#slots.length - 2;
    this.#used = 0;
  }

  /** The index of a value, or −1 after taking `next` as its index. */
  find(value: number, next: number): number {
    if (this.#used * 4 >= this.#slots.length) this.#grow();
    const slots = this.#slots;
    const mask = this.#mask;
    let at = (Math.imul(value, 0x9e3779b1) >>> 6) & mask;
    for (;;) {
      const slot = slots[at + 1] as number;
      if (slot === 0) break;
      if (slots[at] === value) return slot - 1;
      at = (at + 2) & mask;
    }
    slots[at] = value;
    slots[at + 1] = next + 1;
    this.#used++;
    return -1;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(slots.length * 2);
    this.#mask = this.#slots.length - 2;
    this.#used = 0;
    for (let i = 0; i < slots.length; i += 2)
      if (slots[i + 1] !== 0) this.find(slots[i] as number, (slots[i + 1] as number) - 1);
  }
}

/** What a layer writes into; used again by the next one, since fresh memory costs more than writing it. */
interface Scratch {
  readonly features: ByteWriter;
  readonly values: ByteWriter;
  readonly integers: Int32Index;
}
const spares: Scratch[] = [];
/** Buffers larger than this are not kept. */
const MAX_SPARE_BYTES = 8 * 1024 * 1024;

function takeScratch(expected: number): Scratch {
  const scratch = spares.pop() ?? {
    features: new ByteWriter(65_536),
    values: new ByteWriter(65_536),
    integers: new Int32Index(),
  };
  scratch.features.size = 0;
  scratch.values.size = 0;
  scratch.integers.reset(expected);
  return scratch;
}

function giveBack(scratch: Scratch): void {
  if (scratch.features.bytes.length <= MAX_SPARE_BYTES && spares.length < 8) spares.push(scratch);
}

// Layer: name 1, features 2, keys 3, values 4, extent 5, version 15. Feature: id 1, tags 2, type 3, geometry 4.
// Value: string 1, double 3, uint 5, sint 6, bool 7. Tile: layers 3. (vector_tile.proto 2.1)
const NAME = 0x0a;
/** Tag of a feature within its layer. */
export const FEATURE = 0x12;
const KEY = 0x1a;
const VALUE = 0x22;
const EXTENT_TAG = 0x28;
const VERSION_TAG = 0x78;
const LAYER = 0x1a;

/** Field numbers within a feature, as tags. */
export const FEATURE_TAG = { id: 0x08, tags: 0x12, type: 0x18, geometry: 0x22 } as const;
/** Type of a feature's geometry. */
export const GEOMETRY_TYPE = { point: 1, line: 2, polygon: 3 } as const;

/** Varints from here on take five bytes: instants, as seconds of this century. */
const FIVE_BYTES_FROM = 2 ** 28;
/** A value's message of six bytes, its tag for uint, and the mark of a varint that goes on. */
const FIVE_BYTE_VALUE = VALUE | (6 << 8) | (0x28 << 16) | (0x80 << 24);

/** Longest text whose message's length takes one byte. */
const MAX_CODE = 120;

/**
 * Writes a short text of ASCII as a value, as codes of classes and areas are: a tile has hundreds of them, and asking the
 * encoder for each took a third of the tile's time.
 *
 * @returns false, with nothing written, where it is another text
 */
function putCode(out: ByteWriter, text: string): boolean {
  const { length } = text;
  if (length > MAX_CODE) return false;
  out.reserve(length + 4);
  const { bytes, size } = out;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    bytes[size + 4 + i] = code;
  }
  bytes[size] = VALUE;
  bytes[size + 1] = length + 2;
  bytes[size + 2] = 0x0a;
  bytes[size + 3] = length;
  out.size = size + 4 + length;
  return true;
}

/** One layer of a tile while it is written: features with dictionaries of keys and values. Written out once. */
export class LayerWriter {
  /** Features as they are written by `point-tile.ts` and its neighbours. */
  readonly features: ByteWriter;
  #count = 0;
  readonly #keys: string[] = [];
  readonly #keyIndex = new Map<string, number>();
  readonly #scratch: Scratch;
  readonly #values: ByteWriter;
  #valueCount = 0;
  readonly #texts = new Map<string, number>();
  readonly #others = new Map<number, number>();
  #true = -1;
  #false = -1;

  /** @param expected different integers that are likely, for the size of the first dictionary */
  constructor(
    readonly name: string,
    expected = 32,
  ) {
    this.#scratch = takeScratch(expected);
    this.features = this.#scratch.features;
    this.#values = this.#scratch.values;
  }

  get count(): number {
    return this.#count;
  }

  /** Index of a field's name. */
  key(name: string): number {
    const known = this.#keyIndex.get(name);
    if (known !== undefined) return known;
    const index = this.#keys.push(name) - 1;
    this.#keyIndex.set(name, index);
    return index;
  }

  /** Index of a text. */
  text(value: string): number {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    if (!putCode(this.#values, value)) {
      const bytes = ENCODER.encode(value);
      const message = new ByteWriter(bytes.length + 8);
      message.field(0x0a, bytes);
      this.#values.field(VALUE, message.written());
    }
    this.#texts.set(value, this.#valueCount);
    return this.#valueCount++;
  }

  /** Index of a truth value. */
  truth(value: boolean): number {
    const known = value ? this.#true : this.#false;
    if (known >= 0) return known;
    this.#values.put(Uint8Array.of(VALUE, 2, 0x38, value ? 1 : 0));
    if (value) this.#true = this.#valueCount;
    else this.#false = this.#valueCount;
    return this.#valueCount++;
  }

  /** Index of an int32. */
  integer(value: number): number {
    const known = this.#scratch.integers.find(value, this.#valueCount);
    return known >= 0 ? known : this.unlikely(value);
  }

  /** Index of an int32 that hardly any other feature has: written without looking whether one does, which costs more. */
  unlikely(value: number): number {
    const out = this.#values;
    out.reserve(16);
    const { bytes, size: start } = out;
    if (value >= FIVE_BYTES_FROM) {
      const { words } = out;
      words.setUint32(start, FIVE_BYTE_VALUE | ((value & 0x7f) << 24), true);
      words.setUint32(
        start + 4,
        0x0080_8080 |
          ((value >>> 7) & 0x7f) |
          (((value >>> 14) & 0x7f) << 8) |
          (((value >>> 21) & 0x7f) << 16) |
          ((value >>> 28) << 24),
        true,
      );
      out.size = start + 8;
      return this.#valueCount++;
    }
    bytes[start] = VALUE;
    bytes[start + 2] = value >= 0 ? 0x28 : 0x30;
    let rest = value >= 0 ? value : zigzag(value);
    let at = start + 3;
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest = (rest / 128) | 0;
    }
    bytes[at++] = rest;
    bytes[start + 1] = at - start - 2;
    out.size = at;
    return this.#valueCount++;
  }

  /** Index of any number: uint, sint or double. */
  number(value: number): number {
    if (value === (value | 0)) return this.integer(value);
    if (!Number.isFinite(value)) throw bugError(`${value} cannot be a value of a tile`);
    const known = this.#others.get(value);
    if (known !== undefined) return known;
    const message = new ByteWriter(16);
    if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 52) {
      message.byte(value >= 0 ? 0x28 : 0x30);
      message.varint(value >= 0 ? value : zigzag(value));
    } else {
      message.byte(0x19);
      message.put(new Uint8Array(Float64Array.of(value).buffer));
    }
    this.#values.field(VALUE, message.written());
    this.#others.set(value, this.#valueCount);
    return this.#valueCount++;
  }

  /** Index of a value of any kind. */
  value(value: TileValue): number {
    if (typeof value === "string") return this.text(value);
    return typeof value === "number" ? this.number(value) : this.truth(value);
  }

  /**
   * Starts a feature whose message is shorter than 128 bytes, which every point's is; `endShort` closes it.
   *
   * @returns where its length stands
   */
  startShort(): number {
    const { features } = this;
    features.reserve(160);
    features.bytes[features.size++] = FEATURE;
    this.#count++;
    return features.size++;
  }

  endShort(at: number): void {
    const length = this.features.size - at - 1;
    if (length > 127) throw bugError(`a feature of ${length} bytes was written as a short one`);
    this.features.bytes[at] = length;
  }

  /** A whole feature of any length. */
  feature(message: Uint8Array): void {
    this.features.field(FEATURE, message);
    this.#count++;
  }

  /** A feature that its writer put into `features` itself. */
  counted(features: number): void {
    this.#count += features;
  }

  /** The parts of the layer as a field of a tile; none without features, as the specification asks. Good until `done`. */
  parts(): Uint8Array[] {
    if (this.#count === 0) return [];
    const head = new ByteWriter(64);
    head.field(NAME, ENCODER.encode(this.name));
    const keys = new ByteWriter(256);
    for (const key of this.#keys) keys.field(KEY, ENCODER.encode(key));
    const tail = new ByteWriter(8);
    tail.byte(EXTENT_TAG);
    tail.varint(EXTENT);
    tail.byte(VERSION_TAG);
    tail.byte(2);
    const parts = [head, this.features, keys, this.#values, tail].map((part) => part.written());
    const start = new ByteWriter(16);
    start.byte(LAYER);
    start.varint(sizeOf(parts));
    return [start.written(), ...parts];
  }

  /** Gives the memory back that it wrote into. */
  done(): void {
    giveBack(this.#scratch);
  }
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((size, part) => size + part.length, 0);

/** Memory for a tile of so many bytes. */
export type Room = (size: number) => Uint8Array<ArrayBuffer>;

const roomOfItsOwn: Room = (size) => new Uint8Array(size);

/** A tile of layers, which are done with then; no bytes at all when none has a feature. */
export function encodeTile(layers: readonly LayerWriter[], room = roomOfItsOwn): Uint8Array<ArrayBuffer> {
  const parts = layers.flatMap((layer) => layer.parts());
  const bytes = room(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  for (const layer of layers) layer.done();
  return bytes;
}

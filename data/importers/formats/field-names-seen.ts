import { dataError } from "../../model/errors.ts";

/** More names than any table has columns (XLSX: 16,384; in practice hundreds). */
const MAX_NAMES = 4_096;

/** Names of properties in the order they are first seen. */
export class FieldNamesSeen {
  readonly #names = new Set<string>();

  constructor(readonly file: string) {}

  /** @throws DATA error when names are made up for each feature */
  add(properties: Readonly<Record<string, unknown>>): void {
    for (const name in properties) this.#names.add(name);
    if (this.#names.size > MAX_NAMES)
      throw dataError(`${this.file} has more than ${MAX_NAMES} different property names`, {
        at: this.file,
        hint: "A value may have been written where the name belongs.",
      });
  }

  names(): string[] {
    return [...this.#names];
  }
}

/** References in a page: 4 kB. References of a county are numbered in a row, so pages of what is held are nearly full. */
const PAGE_BITS = 10;
const PAGE = 1 << PAGE_BITS;
const ABSENT = -1;

/**
 * Row numbers by `ref`: about 4 bytes a row as references are dense, wherever they start (ordinary cases from 1, sensitive
 * ones from `SENSITIVE_REF_FROM`, a page that holds only the newest cases from some millions on).
 */
export class RefIndex {
  readonly #pages = new Map<number, Int32Array>();
  #lastNumber = -1;
  #lastPage: Int32Array | undefined;

  #page(ref: number): Int32Array | undefined {
    const number = ref >>> PAGE_BITS;
    if (number !== this.#lastNumber) {
      this.#lastNumber = number;
      this.#lastPage = this.#pages.get(number);
    }
    return this.#lastPage;
  }

  /** Row of a reference; -1 where there is none. */
  get(ref: number): number {
    const page = this.#page(ref);
    return page ? (page[ref & (PAGE - 1)] as number) : ABSENT;
  }

  set(ref: number, row: number): void {
    let page = this.#page(ref);
    if (!page) {
      page = new Int32Array(PAGE).fill(ABSENT);
      this.#pages.set(ref >>> PAGE_BITS, page);
      this.#lastPage = page;
    }
    page[ref & (PAGE - 1)] = row;
  }

  delete(ref: number): void {
    const page = this.#page(ref);
    if (page) page[ref & (PAGE - 1)] = ABSENT;
  }

  /** Adds `by` to every row number. */
  shift(by: number): void {
    for (const page of this.#pages.values())
      for (let i = 0; i < PAGE; i++) if (page[i] !== ABSENT) page[i] = (page[i] as number) + by;
  }

  /** Bytes of the pages. */
  get bytes(): number {
    return this.#pages.size * PAGE * 4;
  }
}

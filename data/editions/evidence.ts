import { plainName } from "./area-names.ts";
import type { NextArea, OldArea } from "./proposal.ts";
import type { SharedGround } from "./shared-ground.ts";

/** What ground, codes, names and parents say of two editions, looked up. */
export class Evidence {
  readonly #ofOld: readonly SharedGround[][];
  readonly #ofNext: readonly SharedGround[][];
  readonly #oldNames: readonly string[];
  readonly #nextNames: readonly string[];
  readonly #oldCodes: ReadonlyMap<string, number>;
  readonly #nextByName = new Map<string, number[]>();
  readonly #nextByCode = new Map<string, number>();

  constructor(
    readonly olds: readonly OldArea[],
    readonly nexts: readonly NextArea[],
    shares: readonly SharedGround[],
  ) {
    const ofOld: SharedGround[][] = olds.map(() => []);
    const ofNext: SharedGround[][] = nexts.map(() => []);
    for (const share of shares) {
      ofOld[share.old]?.push(share);
      ofNext[share.next]?.push(share);
    }
    this.#ofOld = ofOld;
    this.#ofNext = ofNext;
    this.#oldNames = olds.map(({ name }) => plainName(name));
    this.#nextNames = nexts.map(({ name }) => plainName(name));
    this.#oldCodes = new Map(olds.map(({ code }, old) => [code, old]));
    for (const [next, name] of this.#nextNames.entries()) {
      const same = this.#nextByName.get(name);
      if (same) same.push(next);
      else this.#nextByName.set(name, [next]);
    }
    for (const [next, { code, sourceRef }] of nexts.entries()) {
      const key = code ?? sourceRef;
      if (key !== undefined) this.#nextByCode.set(key, next);
    }
  }

  ofOld(old: number): readonly SharedGround[] {
    return this.#ofOld[old] ?? [];
  }

  ofNext(next: number): readonly SharedGround[] {
    return this.#ofNext[next] ?? [];
  }

  pair(old: number, next: number): SharedGround {
    return this.ofOld(old).find((share) => share.next === next) ?? { old, next, ofOld: 0, ofNext: 0 };
  }

  /** Part of the old areas' ground that lies in the new ones; of the worst off. */
  covered(olds: readonly number[], nexts: readonly number[]): number {
    return Math.min(...olds.map((old) => nexts.reduce((sum, next) => sum + this.pair(old, next).ofOld, 0)));
  }

  /** Part of the new areas' ground that comes from the old ones; of the worst off. */
  filled(olds: readonly number[], nexts: readonly number[]): number {
    return Math.min(...nexts.map((next) => olds.reduce((sum, old) => sum + this.pair(old, next).ofNext, 0)));
  }

  /** Whether the codes are the same: ours, else those of the source; undefined where the new area has none to compare. */
  sameCode(old: number, next: number): boolean | undefined {
    const was = this.olds[old];
    const is = this.nexts[next];
    if (!was || !is) return undefined;
    if (is.code !== undefined) return is.code === was.code;
    if (is.sourceRef === undefined || was.sourceRef === null) return undefined;
    return is.sourceRef === was.sourceRef;
  }

  /** Whether the names are the same but for what the body is called (镇, 街道, 社区 …). */
  sameName(old: number, next: number): boolean {
    return this.#oldNames[old] === this.#nextNames[next];
  }

  /** The old area, another one than `not`, that has the code of a new one. */
  codeOfOther(next: number, not: readonly number[]): number | undefined {
    const code = this.nexts[next]?.code;
    const other = code === undefined ? undefined : this.#oldCodes.get(code);
    return other === undefined || not.includes(other) ? undefined : other;
  }

  /** New areas that have the old one's name. */
  nextsNamed(old: number): readonly number[] {
    return this.#nextByName.get(this.#oldNames[old] ?? "") ?? [];
  }

  /** The new area that has the old one's code. */
  nextCoded(old: number): number | undefined {
    const was = this.olds[old];
    if (!was) return undefined;
    const next =
      this.#nextByCode.get(was.code) ?? (was.sourceRef === null ? undefined : this.#nextByCode.get(was.sourceRef));
    return next !== undefined && this.sameCode(old, next) === true ? next : undefined;
  }

  /** New areas with the old one's code, or with its name where only one has it. */
  namesakes(old: number): readonly number[] {
    const coded = this.nextCoded(old);
    const named = this.nextsNamed(old);
    return [...(coded === undefined ? [] : [coded]), ...(named.length === 1 ? named : [])];
  }
}

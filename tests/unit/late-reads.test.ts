import { describe, expect, it } from "vitest";
import { LateReads } from "../../api/direct/late-reads.ts";

/** A value that changes while reads of it are under way: each read takes what it is when the read begins. */
function changing() {
  let value = 0;
  let reads = 0;
  const ends: (() => void)[] = [];
  return {
    set: (next: number) => {
      value = next;
    },
    end: () => ends.shift()?.(),
    reads: () => reads,
    read: () => {
      reads++;
      const seen = value;
      return new Promise<number>((resolve) => ends.push(() => resolve(seen)));
    },
  };
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 2));

describe("reads that are shared by whoever asks before they begin", () => {
  it("are one read for all that ask in one turn", async () => {
    const late = new LateReads<number>();
    const source = changing();
    const answers = Array.from({ length: 16 }, () => late.read("a", source.read));
    await turn();
    source.end();
    expect(await Promise.all(answers)).toEqual(Array(16).fill(0));
    expect(source.reads()).toBe(1);
  });

  it("never tell what was read before the question came", async () => {
    const late = new LateReads<number>();
    const source = changing();
    const first = late.read("a", source.read);
    await turn();
    source.set(1);
    const second = late.read("a", source.read);
    const third = late.read("a", source.read);
    await turn();
    expect(source.reads()).toBe(1);
    source.end();
    await turn();
    source.end();
    expect(await Promise.all([first, second, third])).toEqual([0, 1, 1]);
    expect(source.reads()).toBe(2);
  });

  it("keep keys apart and go on after a failure", async () => {
    const late = new LateReads<number>();
    const failing = late.read("a", () => Promise.reject(new Error("no database")));
    const other = late.read("b", async () => 2);
    await expect(failing).rejects.toThrow("no database");
    expect(await other).toBe(2);
    expect(await late.read("a", async () => 3)).toBe(3);
  });
});

import { expect, it } from "vitest";
import { AnswerCache, type Versioned } from "../../api/direct/answer-cache.ts";

/** A database with a version, whose reads end when they are told to. */
function slowSource() {
  const waiting: (() => void)[] = [];
  const state = { version: 1, reads: 0, failures: 0 };
  return {
    state,
    version: async () => String(state.version),
    make: (): Promise<Versioned> => {
      state.reads++;
      const { version } = state;
      return new Promise((resolve, reject) => {
        waiting.push(() =>
          state.failures-- > 0
            ? reject(new Error("connection lost"))
            : resolve({ version: String(version), text: `v${version}` }),
        );
      });
    },
    /** Ends the reads that are under way, and those that they lead to. */
    async finish(): Promise<void> {
      for (let turn = 0; turn < 20; turn++) {
        for (const end of waiting.splice(0)) end();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

it("answers equal questions at one time once, and again from memory while the version is the same", async () => {
  const cache = new AnswerCache();
  const { state, version, make, finish } = slowSource();
  const asked = Array.from({ length: 16 }, () => cache.answer("k", 0, version, make));
  await finish();
  expect((await Promise.all(asked)).map((one) => one?.text)).toEqual(Array(16).fill("v1"));
  expect(state.reads).toBe(1);
  await cache.answer("k", 0, version, make);
  expect(state.reads).toBe(1);
});

it("keeps questions of different scopes apart", async () => {
  const cache = new AnswerCache();
  const { state, version, make, finish } = slowSource();
  const asked = [cache.answer("town A", 0, version, make), cache.answer("town B", 0, version, make)];
  await finish();
  await Promise.all(asked);
  expect(state.reads).toBe(2);
});

it("never gives what was read before a change to whoever comes after it", async () => {
  const cache = new AnswerCache();
  const { state, version, make, finish } = slowSource();
  const before = cache.answer("k", 0, version, make);
  state.version = 2;
  const after = Array.from({ length: 8 }, () => cache.answer("k", 0, version, make));
  await finish();
  expect((await before)?.text).toBe("v1");
  expect((await Promise.all(after)).map((one) => one?.text)).toEqual(Array(8).fill("v2"));
  // One for who came before, one for all who came after.
  expect(state.reads).toBe(2);
  state.version = 3;
  const later = cache.answer("k", 0, version, make);
  await finish();
  expect((await later)?.text).toBe("v3");
});

it("keeps no failure: whoever shared one tries again", async () => {
  const cache = new AnswerCache();
  const { state, version, make, finish } = slowSource();
  state.failures = 1;
  const first = cache.answer("k", 0, version, make);
  const second = cache.answer("k", 0, version, make);
  first.catch(() => undefined);
  await finish();
  await expect(first).rejects.toThrow("connection lost");
  expect((await second)?.text).toBe("v1");
  expect((await cache.answer("k", 0, version, make))?.text).toBe("v1");
  expect(state.reads).toBe(2);
});

it("gives what holds until an instant to whoever asks before it, on the way or kept, and to nobody after it", async () => {
  const cache = new AnswerCache();
  const { state, version, make, finish } = slowSource();
  const from = (at: number) => async (): Promise<Versioned> => ({
    ...(await make()),
    lasts: { from: at, until: at + 100 },
  });
  const early = cache.answer("k", 1000, version, from(1000));
  const meanwhile = cache.answer("k", 1099, version, from(1099));
  const late = cache.answer("k", 1100, version, from(1100));
  await finish();
  await Promise.all([early, meanwhile, late]);
  // The first shared with the second; the third was too late for it.
  expect(state.reads).toBe(2);
  expect((await late)?.lasts?.from).toBe(1100);
  await cache.answer("k", 1150, version, from(1150));
  expect(state.reads).toBe(2);
  const [back, after] = [cache.answer("k", 1099, version, from(1099)), cache.answer("k", 1201, version, from(1201))];
  await finish();
  await Promise.all([back, after]);
  // A clock that was put back, and one that ran on: neither is answered from between.
  expect(state.reads).toBe(4);
});

import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSealer } from "../../api/seal/seal-key.ts";
import { Sealer } from "../../api/seal/sealer.ts";

const sealer = new Sealer(new Uint8Array(32).fill(7));
const text = fc.string({ unit: "grapheme", maxLength: 200 }).filter((one) => !one.includes("\0"));

describe("sealing", () => {
  it("opens what it sealed, and only where it belongs", () => {
    fc.assert(
      fc.property(text, (contact) => {
        const sealed = sealer.seal(contact, "a/1");
        expect(sealer.open(sealed, "a/1")).toBe(contact);
        expect(() => sealer.open(sealed, "a/2")).toThrow(/cannot be opened/);
      }),
    );
  });

  it("shows neither the text nor its length, and never the same bytes twice", () => {
    const phone = sealer.seal("13800000000", "a/1");
    expect(Buffer.from(phone).includes("13800000000")).toBe(false);
    expect(phone.length).toBe(sealer.seal("someone@example.org", "a/1").length);
    expect(sealer.seal("13800000000", "a/1")).not.toEqual(phone);
  });

  it("opens nothing that was changed or was sealed under another key", () => {
    const sealed = sealer.seal("13800000000", "a/1");
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => sealer.open(changed, "a/1"), `byte ${at}`).toThrow(/cannot be opened/);
    }
    expect(() => new Sealer(new Uint8Array(32).fill(8)).open(sealed, "a/1")).toThrow(/cannot be opened/);
    expect(() => sealer.open(new Uint8Array(3), "a/1")).toThrow(/cannot be opened/);
  });

  it("makes digests that differ by purpose and key", () => {
    const one = sealer.digest("a", "text");
    expect(sealer.digest("a", "text")).toEqual(one);
    expect(sealer.digest("b", "text")).not.toEqual(one);
    expect(new Sealer(new Uint8Array(32).fill(8)).digest("a", "text")).not.toEqual(one);
  });
});

describe("the seal key", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "jingwei-seal-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it("is made once, for its owner only, and is the same for all who start at once", async () => {
    const sealers = await Promise.all([1, 2, 3].map(() => openSealer(undefined, join(dir, "new"))));
    const sealed = (sealers[0] as Sealer).seal("text", "x");
    for (const one of sealers) expect(one.open(sealed, "x")).toBe("text");
    expect((await stat(join(dir, "new", "seal.key"))).mode & 0o777).toBe(0o600);
  });

  it("comes from the environment where it is given there", async () => {
    const given = await openSealer(Buffer.alloc(32, 0xab).toString("base64"), dir);
    expect(given.open(new Sealer(Buffer.alloc(32, 0xab)).seal("text", "x"), "x")).toBe("text");
    await expect(openSealer("too short", dir)).rejects.toThrow(/32 bytes in base64/);
  });

  it("is refused where others may read it, or where the file holds something else", async () => {
    const path = join(dir, "seal.key");
    await writeFile(path, Buffer.alloc(32).toString("base64"), { mode: 0o600 });
    await chmod(path, 0o644);
    await expect(openSealer(undefined, dir)).rejects.toThrow(/read by others/);
    await chmod(path, 0o600);
    await writeFile(path, "nothing");
    await expect(openSealer(undefined, dir)).rejects.toThrow(/32 bytes in base64/);
    expect(await readFile(path, "utf8")).toBe("nothing");
  });
});

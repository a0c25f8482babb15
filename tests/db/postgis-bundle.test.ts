import { describe, expect, it } from "vitest";
import { filterTar } from "../../db/embedded/postgis-bundle.ts";

const BLOCK = 512;

/** One entry of a ustar archive: a header block and the content, filled up to whole blocks. */
function entry(name: string, content: string, type = "0"): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(type, 156);
  const body = Buffer.alloc(Math.ceil(content.length / BLOCK) * BLOCK);
  body.write(content);
  return Buffer.concat([header, body]);
}

describe("cutting an archive down", () => {
  const end = Buffer.alloc(2 * BLOCK);
  const wanted = entry("./lib/a.so", "x".repeat(700));
  const tar = Buffer.concat([
    entry("./", "", "5"),
    entry("./lib/b.so", "y".repeat(512)),
    wanted,
    entry("./lib/a.so.link", "", "2"),
    entry("lib/c.so", ""),
    end,
  ]);

  it("keeps the needed files whole, with the blocks that fill them up", () => {
    expect(Buffer.from(filterTar(tar, [/^lib\/a\.so$/]))).toEqual(Buffer.concat([wanted, end]));
  });

  it("keeps no links or folders, even of a fitting name", () => {
    expect(Buffer.from(filterTar(tar, [/link$|\/$/]))).toEqual(end);
  });

  it("stops at the end of a cut-off archive", () => {
    expect(Buffer.from(filterTar(tar.subarray(0, 300), [/./]))).toEqual(end);
  });
});

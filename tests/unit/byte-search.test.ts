import { describe, expect, it } from "vitest";
import { coordinateNeedles, found, textNeedles } from "../helpers/byte-search.ts";

/** A search that finds nothing anywhere proves nothing: each form must be found where it is. */
describe("the search for markers", () => {
  const text = "标记 MARKER-7f3a";
  const needles = textNeedles(text);

  it.each([
    ["text", `before ${text} after`],
    ["JSON", JSON.stringify({ text })],
    ["hexadecimal of bytea", `\\x00${Buffer.from(text).toString("hex")}00`],
    ["base64 at any place", Buffer.from(`x${text}yz`).toString("base64")],
    ["base64 at any other place", Buffer.from(`xx${text}z`).toString("base64url")],
    ["base64 from the start", Buffer.from(`${text}z`).toString("base64")],
    ["a URI", `?q=${encodeURIComponent(text)}`],
    ["UTF-16", Buffer.from(text, "utf16le")],
    ["escaped", "\\u6807\\u8bb0 MARKER-7f3a"],
  ])("finds a text as %s", (_name, haystack) => {
    expect(found(haystack, needles)).not.toEqual([]);
  });

  it.each([
    ["text", "[112.1234567,40.5]"],
    ["rounded text", "112.1234"],
    ["int32", new Uint8Array(Int32Array.of(1, 1_121_234_567).buffer)],
    ["float64", new Uint8Array(Float64Array.of(112.1234567).buffer)],
    ["float32", new Uint8Array(Float32Array.of(112.1234567).buffer)],
  ])("finds a coordinate as %s", (_name, haystack) => {
    expect(found(haystack, coordinateNeedles(112.1234567, "lon"))).not.toEqual([]);
  });

  it("finds nothing where nothing is", () => {
    expect(found("something else 112.9", [...needles, ...coordinateNeedles(112.1234567, "lon")])).toEqual([]);
  });
});

import { expect, it } from "vitest";
import { RawJson, stringifyWithRaw } from "../../api/direct/raw-json.ts";

it("writes raw texts where they stand, and everything else as JSON.stringify does", () => {
  const value = {
    errors: undefined,
    data: {
      a: new RawJson('[1,"é"]'),
      b: ["x", new RawJson("null"), { c: new RawJson('{"d":"$& $1"}') }],
      raw: "raw-",
    },
  };
  expect(stringifyWithRaw(value)).toBe('{"data":{"a":[1,"é"],"b":["x",null,{"c":{"d":"$& $1"}}],"raw":"raw-"}}');
  expect(stringifyWithRaw({ data: null })).toBe('{"data":null}');
  // A failure halfway leaves nothing for the next answer.
  const broken = { a: new RawJson("1"), b: { toJSON: () => expect.fail("broken") } };
  expect(() => stringifyWithRaw(broken)).toThrow("broken");
  expect(stringifyWithRaw([new RawJson("2")])).toBe("[2]");
});

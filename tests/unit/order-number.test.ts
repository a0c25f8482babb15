import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDigit, formatOrderNumber, parseOrderNumber } from "../../data/model/order-number.ts";

const order = fc.record({
  county: fc.stringMatching(/^[1-9]\d{5}$/),
  day: fc.stringMatching(/^20[2-9]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d)$/),
  sequence: fc.integer({ min: 1, max: 2_000_000_000 }),
});

describe("order numbers", () => {
  it("have the check digit of ISO/IEC 7064, MOD 11,10", () => {
    // The example of the standard: 0794 has the check digit 5.
    expect(checkDigit("0794")).toBe("5");
    expect(formatOrderNumber({ county: "140226", day: "20260115", sequence: 431 })).toMatch(
      /^140226-20260115-000431-\d$/,
    );
  });

  it("are read back however they are written", () => {
    fc.assert(
      fc.property(order, (one) => {
        const text = formatOrderNumber(one);
        expect(parseOrderNumber(text)).toEqual(one);
        expect(parseOrderNumber(` ${text.replaceAll("-", "")} `)).toEqual(one);
        expect(parseOrderNumber(text.replaceAll("-", "—"))).toEqual(one);
        const wide = text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
        expect(parseOrderNumber(wide)).toEqual(one);
      }),
    );
  });

  it("tell every single wrong digit", () => {
    fc.assert(
      fc.property(order, fc.nat(), fc.integer({ min: 1, max: 9 }), (one, place, shift) => {
        const digits = formatOrderNumber(one).replaceAll("-", "");
        const at = place % digits.length;
        const wrong = digits.slice(0, at) + ((Number(digits[at]) + shift) % 10) + digits.slice(at + 1);
        expect(parseOrderNumber(wrong)).toBeUndefined();
      }),
    );
  });

  it.each(["", "140226", "140226-20260115-431-7", "abcdef-20260115-000431-7", "1".repeat(200)])(
    "refuses %s",
    (text) => {
      expect(parseOrderNumber(text)).toBeUndefined();
    },
  );
});

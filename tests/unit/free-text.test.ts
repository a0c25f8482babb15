import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { maskFreeText, requireCleanText, screenFreeText } from "../../data/policy/free-text.ts";
import { isIdentityNumber } from "../../data/policy/screening/identity-numbers.ts";

const kinds = (text: string): string[] => screenFreeText(text).map(({ kind }) => kind);
const found = (text: string): string[] => screenFreeText(text).map(({ start, end }) => text.slice(start, end));

/** A number of GB 11643 with its check character. */
function identityNumber(area: string, birth: string, order: string): string {
  const seventeen = `${area}${birth}${order}`;
  const check = [..."0123456789X"].find((c) => isIdentityNumber(seventeen + c));
  if (check === undefined) throw new Error(`${seventeen} has no check character`);
  return seventeen + check;
}

describe("identity numbers", () => {
  it("keep the example of the standard", () => {
    // GB 11643-1999, appendix: 11010519491231002X and 440524188001010014.
    expect(isIdentityNumber("11010519491231002X")).toBe(true);
    expect(isIdentityNumber("440524188001010014")).toBe(true);
    expect(isIdentityNumber("110105194912310021")).toBe(false);
  });

  it.each([
    "王某11010519491231002X报案",
    "11010519491231002x",
    "１１０１０５１９４９１２３１００２Ｘ",
    "110105 19491231 002X",
    "110105-1949-1231-002X",
    "一一零一零五一九四九一二三一零零二X",
    "1101051949\u200b1231002X",
    "老证110105491231002。",
    "身份证号：110105194912310021",
    "身份证140226001002003",
  ])("are found in %s", (text) => expect(kinds(text)).toEqual(["identity_number"]));

  it("are found wherever they stand, for any birth date", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("110105", "140226", "370883", "650102"),
        fc.date({ min: new Date("1901-01-01"), max: new Date("2025-12-31"), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999 }),
        fc.stringMatching(/^[^\d０-９A-Za-z零〇一-九幺壹贰叁肆伍陆柒捌玖\-./ ]{0,8}$/),
        (area, birth, order, around) => {
          const number = identityNumber(
            area,
            birth.toISOString().slice(0, 10).replaceAll("-", ""),
            String(order).padStart(3, "0"),
          );
          const text = `${around}：${number}，${around}`;
          expect(found(text)).toContain(number);
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe("telephone numbers", () => {
  it.each([
    "请打13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "１３８００１３８０００",
    "一三八零零一三八零零零",
    "幺三八〇〇幺三八〇〇〇",
    "+8613800138000",
    "0086 138 0013 8000",
    "86-13800138000",
    "1 3 8 0 0 1 3 8 0 0 0",
    "138.0013.8000",
    "0349-7022345",
    "(0349)7022345",
    "（０３４９）７０２２３４５",
    "010-12345678转8001".replace("12345678", "62345678"),
    "02162345678",
    "电话7022345",
    "联系方式：702 2345",
    "(617) 635-4500",
    "617-635-4500",
    "+44 20 7946 0958",
    "2026年1月15日 13800138000",
  ])("are found in %s", (text) => expect(kinds(text)).toEqual(["phone_number"]));
});

describe("plates", () => {
  it.each([
    "晋B12345占道",
    "晋B·12345",
    "晋B D12345",
    "晋b12345",
    "晋Ｂ１２３４５",
    "京AD12345新能源",
    "粤Z1234港",
    "晋B1234学",
    "鲁H8A9C2",
    "WJ晋12345",
    "使123456",
  ])("are found in %s", (text) => expect(kinds(text)).toEqual(["plate"]));
});

describe("clean texts", () => {
  it.each([
    "",
    "三轮车占道，第5号楼2单元301",
    "网格140226001002003井盖缺失",
    "140226001002003",
    "网格 140226401001003-02",
    "设备34020000001320000001离线",
    "统一社会信用代码91140200MA0GT3XY5R",
    "911402267624881234",
    "911402191998010112",
    "工单 101006165921 已转办",
    "2026-01-15 12:30 至 2026-01-16 08:00",
    "2026年1月15日至20日，气温-5到3度",
    "坐标 113.729381, 39.954127",
    "坐标 113.13800138000",
    "拨打12345、110或119",
    "一二三四五六七，十一月二十三日",
    "新A区12345号地块",
    "云冈区B12栋3层",
    "Street light 12-0456-78 out at 1380 Boylston St",
    "Case 101003148265, ticket #4829104",
    "617 Main St, 02134",
    "¥13,800,138,000",
    "1380013800",
    "138001380001",
  ])("are left alone: %s", (text) => expect(screenFreeText(text)).toEqual([]));

  it("include the names of every class", () => {
    for (const { code, name, nameEn } of CLASS_CODES)
      expect(screenFreeText(`${code} ${name} ${nameEn}`), name).toEqual([]);
  });

  it("include codes of areas, grids and devices of every county", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("140226", "140214", "370883", "620921", "350581", "371402"),
        fc.constantFrom("00", "10", "20"),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 399 }),
        fc.integer({ min: 1, max: 99 }),
        (county, kind, street, community, grid) => {
          const code = `${county}${kind}${street}${String(community).padStart(3, "0")}${String(grid).padStart(3, "0")}`;
          for (const text of [
            code,
            code.slice(0, 12),
            `${code}-01`,
            `${code.slice(0, 8)}001320000001`,
            `在${code}发现`,
          ])
            expect(screenFreeText(text), text).toEqual([]);
        },
      ),
      { numRuns: 2000, seed: 11 },
    );
  });
});

describe("masking and refusing", () => {
  const text = "晋B12345的车主（13800138000）身份证11010519491231002X，井盖丢失";

  it("masks each and keeps the rest", () => {
    expect(maskFreeText(text).text).toBe("***的车主（***）身份证***，井盖丢失");
    expect(maskFreeText("井盖丢失")).toEqual({ text: "井盖丢失", findings: [] });
    expect(screenFreeText(maskFreeText(text).text)).toEqual([]);
  });

  it("says what was found, in both languages, and quotes nothing", () => {
    expect(requireCleanText("井盖丢失", "input.title")).toBe("井盖丢失");
    let thrown: unknown;
    try {
      requireCleanText(text, "input.title");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      kind: "USER",
      code: "BAD_USER_INPUT",
      at: "input.title",
      message:
        "文字中不能写身份证号、电话号码、车牌号。 The text may not hold identity numbers, phone numbers, vehicle plates.",
    });
    expect(JSON.stringify({ ...(thrown as Error), m: (thrown as Error).message })).not.toMatch(/138|110105|12345/);
  });
});

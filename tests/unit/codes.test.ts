import { describe, expect, it } from "vitest";
import {
  codePath,
  codeRange,
  commonArea,
  countyOfCode,
  creditCheckCharacter,
  isCameraCode,
  isClassCode,
  isCreditCode,
  isInside,
  levelOfCode,
  parentCode,
  requireLevel,
  withoutFill,
} from "../../data/model/codes.ts";
import { AppError } from "../../data/model/errors.ts";
import { nameSort } from "../../data/model/name-sort.ts";

describe("area codes", () => {
  it.each([
    ["140226205000", "140226205"],
    ["140226100000", "140226100"],
    ["140226000000", "140226"],
    ["140226205001", "140226205001"],
    ["140226200", "140226200"],
  ])("of the statistics office lose their fill: %s", (long, short) => {
    expect(withoutFill(long)).toBe(short);
  });

  it.each([
    ["140226", "county"],
    ["140226100", "town"],
    ["140226100001", "community"],
    ["140226100001005", "grid"],
    ["14022610000100A", "grid"],
    ["140226100001005-07", "micro"],
  ])("%s is a %s", (code, level) => expect(levelOfCode(code)).toBe(level));
  it.each([
    "",
    "14022",
    "1402261",
    "14022610000a",
    "140226100001005-7",
    "140226100001005-007",
    "１４０２２６",
    "140226 ",
  ])("%j is no area code", (code) => {
    expect(levelOfCode(code)).toBeUndefined();
    try {
      requireLevel(code, "filter.area");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ kind: "USER", code: "BAD_USER_INPUT", at: "filter.area" });
    }
  });
  it("is its own path", () => {
    expect(codePath("140226100001005-07")).toEqual([
      "140226",
      "140226100",
      "140226100001",
      "140226100001005",
      "140226100001005-07",
    ]);
    expect(parentCode("140226")).toBeUndefined();
    expect(countyOfCode("140226100001005-07")).toBe("140226");
  });
  it("has a half-open range that holds exactly itself and its descendants", () => {
    const { from, to } = codeRange("140226100001");
    const within = (code: string) => code >= from && code < to;
    for (const code of ["140226100001", "140226100001005", "14022610000100Z", "140226100001005-99"]) {
      expect(within(code)).toBe(true);
      expect(isInside(code, "140226100001")).toBe(true);
    }
    for (const code of ["140226100", "140226100002", "140226100002001", "140227"]) expect(within(code)).toBe(false);
  });
});

describe("device, class and credit codes", () => {
  it("accepts a camera as 131, 132 or 118 only", () => {
    expect(isCameraCode("14022600001310000001")).toBe(true);
    expect(isCameraCode("14022600001320000001")).toBe(true);
    expect(isCameraCode("14022600001180000001")).toBe(true);
    for (const type of ["111", "119", "130", "133", "200", "215", "216"])
      expect(isCameraCode(`1402260000${type}0000001`)).toBe(false);
    expect(isCameraCode("1402260000131000001")).toBe(false);
  });
  it("accepts five digits as a class", () => {
    expect(isClassCode("06010")).toBe(true);
    expect(isClassCode("6010")).toBe(false);
  });
  it("checks the published example of GB 32100-2015 and finds each single wrong character", () => {
    const example = "91350100M000100Y43";
    expect(creditCheckCharacter(example.slice(0, 17))).toBe("3");
    expect(isCreditCode(example)).toBe(true);
    for (let i = 0; i < example.length; i++) {
      const other = example.charAt(i) === "7" ? "8" : "7";
      expect(isCreditCode(example.slice(0, i) + other + example.slice(i + 1))).toBe(false);
    }
    expect(isCreditCode("91350100I000100Y43")).toBe(false);
  });
});

describe("nameSort", () => {
  it("writes pinyin without tones, Latin in lower case, numbers padded", () => {
    expect(nameSort("云兴街社区第3网格")).toBe("yunxingjieshequdi000003wangge");
    expect(nameSort("Ward 12 A座")).toBe("ward000012azuo");
    expect(nameSort("绿园")).toBe("lvyuan");
  });
  it("reads Chinese ordinals as numbers", () => {
    const names = ["第一百二十网格", "第十二网格", "第二网格", "第一百零三网格", "第二十网格", "第十网格"];
    expect([...names].sort((a, b) => (nameSort(a) < nameSort(b) ? -1 : 1))).toEqual([
      "第二网格",
      "第十网格",
      "第十二网格",
      "第二十网格",
      "第一百零三网格",
      "第一百二十网格",
    ]);
    expect(nameSort("三里庄社区")).toBe("sanlizhuangshequ");
  });
  it("sorts numbers by value", () => {
    const names = ["第10网格", "第2网格", "第1网格"];
    expect([...names].sort((a, b) => (nameSort(a) < nameSort(b) ? -1 : 1))).toEqual(["第1网格", "第2网格", "第10网格"]);
  });
});

it.each<[string, string[], string | undefined]>([
  ["two grids of one community", ["140226001002003", "140226001002004"], "140226001002"],
  ["a grid and its micro-grid", ["140226001002003-01", "140226001002003"], "140226001002003"],
  ["two micro-grids", ["140226001002003-01", "140226001002003-02"], "140226001002003"],
  ["one area twice", ["140226001", "140226001"], "140226001"],
  ["two towns", ["140226001002003", "140226002"], "140226"],
  ["two counties", ["140226001", "140227001"], undefined],
  ["nothing", [], undefined],
])("the deepest area that holds %s", (_name, codes, common) => {
  expect(commonArea(codes)).toBe(common);
});

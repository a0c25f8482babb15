import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionOfTexts } from "../../../data/importers/degrees-text.ts";

describe("positions as people write them", () => {
  const LON = 112 + 52 / 60 + 30 / 3600;
  const LAT = 37 + 52 / 60 + 30 / 3600;

  test.each([
    ["112°52′30″E", "37°52′30″N"],
    ["112°52'30\"", "37°52'30\""],
    ["112:52:30", "37:52:30"],
    ["112 52 30", "37 52 30"],
    ["112-52-30", "37-52-30"],
    ["112度52分30秒", "37度52分30秒"],
    ["东经112°52.5′", "北纬37°52.5′"],
    ["E112.875°", "N37.875°"],
    ["１１２°52′30″".normalize("NFKC"), "37°52′30''"],
    ["1125230", "375230"],
    ["1125230.00", "375230.00"],
    ["112.875", "37.875"],
    // Letters say that the columns are the other way round.
    ["37°52′30″N", "112°52′30″E"],
  ])("%s, %s", (lon, lat) => {
    const [x, y] = positionOfTexts(lon, lat);
    expect(x).toBeCloseTo(LON, 10);
    expect(y).toBeCloseTo(LAT, 10);
  });

  test.each([
    ["W71°3'", "42°21'N", -71.05, 42.35],
    ["-71:03:00", "42:21:00", -71.05, 42.35],
    ["151°12′E", "33°51′S", 151.2, -33.85],
    // Metres stay metres, also where one of them alone could be degrees.
    ["499312.5", "4407123.1", 499312.5, 4407123.1],
    ["1125230", "4407123", 1125230, 4407123],
    ["38499312", "375230", 38499312, 375230],
    ["0", "0", 0, 0],
  ])("%s, %s is %d, %d", (lon, lat, x, y) => {
    const found = positionOfTexts(lon, lat);
    expect(found[0]).toBeCloseTo(x, 9);
    expect(found[1]).toBeCloseTo(y, 9);
  });

  test.each([
    ["112°60′00″", "37°52′30″"],
    ["112°52′75″", "37°52′30″"],
    ["112.5°30′", "37°"],
    ["112°E", "37°E"],
    ["nowhere", "37.5"],
    ["", ""],
    ["112°52′30″", ""],
  ])("%s, %s is none", (lon, lat) => {
    expect(positionOfTexts(lon, lat)).toEqual([Number.NaN, Number.NaN]);
  });

  test("plain numbers come as Number reads them, and no text makes it hang or throw", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -90, max: 90, noNaN: true }),
        (x, y) => {
          expect(positionOfTexts(String(x), String(y))).toEqual([Number(String(x)), Number(String(y))]);
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const found = positionOfTexts(a, b);
        expect(found.every((value) => typeof value === "number")).toBe(true);
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { Prng } from "../../../data/demo/prng.ts";
import { plainName } from "../../../data/editions/area-names.ts";
import { matchEdition } from "../../../data/editions/match-edition.ts";
import type { NextArea, OldArea, Proposal } from "../../../data/editions/proposal.ts";
import { nextKey } from "../../../data/editions/proposal.ts";
import { editedCounty } from "./edit-script.ts";

const textOf = (
  { kind, olds, nexts }: Proposal,
  oldAreas: readonly OldArea[],
  nextAreas: readonly NextArea[],
): string => {
  const to = nexts.map((next) => (nextAreas[next] ? nextKey(nextAreas[next]) : "")).sort();
  return `${kind} ${olds.map((old) => oldAreas[old]?.code).join("+")}>${to.join("+")}`;
};

const box = (west: number, east: number, south = 37, north = 37.01): OldArea["geometry"] => [
  [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
];
const old = (serial: string, name: string, geometry: OldArea["geometry"]): OldArea => {
  const code = `140298001001${serial}`;
  return { id: code, code, name, sourceRef: null, geometry };
};
const next = (serial: string | undefined, name: string, geometry: OldArea["geometry"]): NextArea => ({
  at: `f#${name}`,
  code: serial === undefined ? undefined : `140298001001${serial}`,
  sourceRef: undefined,
  name,
  geometry,
});

describe("matching a new edition", () => {
  test("recovers random edit scripts: 99 % of all with certainty, never wrongly", () => {
    let all = 0;
    let certain = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const { olds, nexts, edits } = editedCounty(new Prng(`edition/${seed}`), 20, 12);
      const truth = new Set(edits.map((one) => `${one.kind} ${one.olds.join("+")}>${[...one.nexts].sort().join("+")}`));
      const { proposals } = matchEdition(olds, nexts);
      for (const proposal of proposals)
        if (proposal.verdict === "certain") expect(truth).toContain(textOf(proposal, olds, nexts));
      const sure = new Set(
        proposals.filter(({ verdict }) => verdict === "certain").map((one) => textOf(one, olds, nexts)),
      );
      all += truth.size;
      certain += [...truth].filter((one) => sure.has(one)).length;
      // Every area is in exactly one proposal.
      expect(proposals.flatMap((one) => one.olds).sort((a, b) => a - b)).toEqual([...olds.keys()]);
      expect(proposals.flatMap((one) => one.nexts).sort((a, b) => a - b)).toEqual([...nexts.keys()]);
    }
    expect(certain / all).toBeGreaterThanOrEqual(0.99);
  });

  test("does not depend on the order of the file", () => {
    const { olds, nexts } = editedCounty(new Prng("order"), 12, 6);
    const turned = [...nexts].reverse();
    expect(matchEdition(olds, turned).proposals.map((one) => textOf(one, olds, turned))).toEqual(
      matchEdition(olds, nexts).proposals.map((one) => textOf(one, olds, nexts)),
    );
  });

  test("matches a thousand grids in seconds", () => {
    const { olds, nexts } = editedCounty(new Prng("speed"), 40, 25);
    const started = performance.now();
    matchEdition(olds, nexts);
    expect(olds).toHaveLength(1000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  const two = [old("001", "东风社区第一网格", box(112, 112.01)), old("002", "红旗社区第二网格", box(112.01, 112.02))];
  const found = (nexts: readonly NextArea[], olds: readonly OldArea[] = two): string[] =>
    matchEdition(olds, nexts).proposals.map((one) => `${one.kind} ${one.verdict}`);

  test("two that changed names and codes with each other must be decided", () => {
    const swapped = [
      next("002", "红旗社区第二网格", box(112, 112.01)),
      next("001", "东风社区第一网格", box(112.01, 112.02)),
    ];
    expect(found(swapped)).toEqual(["recoded unsure", "recoded unsure"]);
  });

  test("renumbering along a row is certain where names and ground agree", () => {
    const shifted = [
      next("002", "东风社区第一网格", box(112, 112.01)),
      next("003", "红旗社区第二网格", box(112.01, 112.02)),
    ];
    expect(found(shifted)).toEqual(["recoded certain", "recoded certain"]);
  });

  test("a file without codes goes by ground and names", () => {
    const plain = [
      next(undefined, "东风社区第一网格", box(112, 112.01)),
      next(undefined, "胜利网格", box(112.01, 112.02)),
    ];
    expect(found(plain)).toEqual(["unchanged certain", "renamed likely"]);
  });

  test("ground that is shared crosswise is unclear", () => {
    const crossed = [
      next("001", "甲", box(112, 112.02, 37, 37.005)),
      next("002", "乙", box(112, 112.02, 37.005, 37.01)),
    ];
    expect(found(crossed)).toEqual(["unclear unsure"]);
  });

  test("code on other ground is not the same area", () => {
    const elsewhere = [
      next("001", "东风社区第一网格", box(112.03, 112.04)),
      next("002", "红旗社区第二网格", box(112.01, 112.02)),
    ];
    expect(found(elsewhere)).toEqual(["unclear unsure", "unchanged certain"]);
  });

  test("ground that nobody held is added, ground that neighbours took dissolves", () => {
    const more = [
      ...two.map(({ code, name, geometry }): NextArea => ({ at: code, code, sourceRef: code, name, geometry })),
    ];
    expect(found([...more, next("003", "新区", box(112.03, 112.04))])).toEqual([
      "unchanged certain",
      "unchanged certain",
      "added certain",
    ]);
    const [first] = more;
    expect(found(first ? [{ ...first, geometry: box(112, 112.02) }] : [])).toEqual(["merged certain"]);
  });
});

test("names without what the body is called", () => {
  expect(
    ["城关镇", "城关街道办事处", "城关 街道", "红旗社区居委会", "红旗村村民委员会", "镇", "Oak Township"].map(
      plainName,
    ),
  ).toEqual(["城关", "城关", "城关", "红旗", "红旗", "镇", "oak"]);
});

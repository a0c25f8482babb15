import { type AreaLevel, isInside, requireLevel } from "../../data/model/codes.ts";
import { AppError, userError } from "../../data/model/errors.ts";
import { cubeCells, cubeMonths, lastStatisticRun } from "../../db/repositories/cube-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../context.ts";
import type { Cube } from "../generated/resolvers-types.ts";
import { requireCounty } from "./require.ts";

const MAX_MONTHS = 24;
const DEFAULT_MONTHS = 12;
const MAX_CELLS = 50_000;
const CUBE_LEVELS: readonly AreaLevel[] = ["county", "town", "community"];

/** The published cube of a county, or a part of it: the same cells for everybody who may read statistics. */
export async function cube(
  context: RequestContext,
  code: string,
  inside?: string | null,
  wanted?: readonly string[] | null,
  levels?: readonly AreaLevel[] | null,
): Promise<Cube> {
  const { county } = await requireCounty(context, code);
  if (inside != null && (!CUBE_LEVELS.includes(requireLevel(inside, "inside")) || !isInside(inside, county)))
    throw userError(`the cube has no cells inside "${inside}"`, {
      at: "inside",
      hint: `Give the code of a county, town or community of ${county}; there are no numbers below.`,
    });
  const wrong = wanted?.find((month) => !/^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(month));
  if (wrong !== undefined) throw userError(`"${wrong}" is not a month`, { at: "months", hint: "Write 2026-01." });
  if (wanted && wanted.length > MAX_MONTHS)
    throw userError(`${wanted.length} months are too many`, { at: "months", hint: `At most ${MAX_MONTHS} at a time.` });
  return inCounty(context, county, async (tx) => {
    const run = await lastStatisticRun(tx, county);
    const months = await cubeMonths(tx, county);
    const filter = { inside: inside ?? county, months: wanted ?? months.slice(-DEFAULT_MONTHS) };
    const cells = await cubeCells(tx, county, { ...filter, levels: levels ?? undefined }, MAX_CELLS + 1);
    if (cells.length > MAX_CELLS)
      throw new AppError("USER", `more than ${MAX_CELLS} cells`, {
        code: "TOO_COMPLEX",
        at: "months",
        hint: "Ask for fewer months or levels, or look inside a smaller area.",
      });
    return { cells, months, through: run?.through ?? nowIso(context) };
  });
}

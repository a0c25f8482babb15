import type { GridApart } from "../../../../data/blocks/walk-check.ts";
import type { Proposal } from "../../../../data/partition/proposal.ts";
import { fill } from "../../../layers/use-texts.ts";
import type { ProposeTexts } from "./texts.ts";

/** Moves told one by one; the others are counted. */
const MOST = 30;

/** Why blocks move, and what cannot be met. */
export function Reasons({
  proposal: { moves, unmet },
  apart,
  nameOf,
  t,
}: {
  proposal: Proposal;
  /** Grids that cannot be walked through without leaving them. */
  apart: readonly GridApart[];
  nameOf: (grid: number) => string;
  t: ProposeTexts;
}) {
  // Empty ground moves with its neighbours: homes are what people ask about.
  const told = moves.filter(({ households }) => households > 0).toSorted((a, b) => b.households - a.households);
  return (
    <div className="propose-reasons">
      {unmet.length + apart.length > 0 && (
        <section aria-label={fill(t.unmet, { count: unmet.length + apart.length })} data-testid="propose-unmet">
          <h3>{fill(t.unmet, { count: unmet.length + apart.length })}</h3>
          <ul>
            {unmet.map(({ kind, reason, parts, households, blocks }) => (
              <li key={`${reason} ${blocks.join()}`}>
                <b>{kind === "impossible" ? t.impossible : t.notFound}</b> {parts.map(nameOf).join("、")} ·{" "}
                {households.toLocaleString("en-US")}: {t.unmetWhy[reason]}
              </li>
            ))}
            {apart.map(({ grid, groups, households }) => (
              <li key={`apart ${grid}`}>
                <b>{t.apart}</b> {nameOf(grid)}: {fill(t.apartWhy, { groups, households })}
              </li>
            ))}
          </ul>
        </section>
      )}
      <details>
        <summary>{fill(t.reasons, { count: told.length })}</summary>
        {told.length === 0 && <p className="tone-muted">{t.noMoves}</p>}
        <ul>
          {told.slice(0, MOST).map(({ block, from, to, households, why }) => (
            <li key={block}>
              {fill(t.move, { households, from: nameOf(from), to: nameOf(to) })} · {t.why[why]}
            </li>
          ))}
        </ul>
        {told.length > MOST && <p className="tone-muted">{fill(t.more, { count: told.length - MOST })}</p>}
      </details>
    </div>
  );
}

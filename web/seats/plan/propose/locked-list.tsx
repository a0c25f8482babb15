import { fill } from "../../../layers/use-texts.ts";
import { lockGrids, unlockGrid, useLocked } from "./locked-grids.ts";
import type { ProposeTexts } from "./texts.ts";

/** Locking of grids: those that are chosen on the map are locked, a click on a locked one frees it. */
export function LockedList({
  chosen,
  nameOf,
  t,
}: {
  chosen: ReadonlySet<string>;
  nameOf: (grid: string) => string;
  t: ProposeTexts;
}) {
  const locked = useLocked(({ grids }) => grids);
  const free = [...chosen].filter((grid) => !locked.includes(grid));
  return (
    <fieldset className="propose-locked" aria-label={t.locked}>
      <button
        type="button"
        className="button"
        disabled={free.length === 0}
        title={t.lockHint}
        onClick={() => lockGrids(free)}
      >
        {free.length === 0 ? t.lock : fill(t.lockThese, { count: free.length })}
      </button>
      {locked.map((grid) => (
        <button
          key={grid}
          type="button"
          className="button propose-lock"
          aria-label={fill(t.unlock, { name: nameOf(grid) })}
          onClick={() => unlockGrid(grid)}
        >
          <span aria-hidden="true">🔒</span> {nameOf(grid)} ×
        </button>
      ))}
    </fieldset>
  );
}

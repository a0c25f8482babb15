import { useId, useState } from "react";
import type { PlanCell } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { GRID_HOUSEHOLDS } from "../../../../data/planning/household-band.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { fill } from "../../../layers/use-texts.ts";
import { settledGraph, useEditor } from "../state/editor.ts";
import { gridOfCode } from "../state/ground.ts";
import { useLocked } from "./locked-grids.ts";
import { LockedList } from "./locked-list.tsx";
import { FIRST_OBJECTIVE, ObjectiveFields, objectiveOf } from "./objective-fields.tsx";
import { useProposal } from "./proposal-store.ts";
import { isDivided, requestOf } from "./request.ts";
import { forgetProposal, runProposal } from "./run-proposal.ts";
import type { ProposeTexts } from "./texts.ts";

const gridOf = ({ code, id }: PlanCell): string => (code ? gridOfCode(code) : id);

/** What is divided, and into what. */
export function ProposeForm({ t }: { t: ProposeTexts }) {
  const id = useId();
  const graph = useEditor(settledGraph);
  const ground = useEditor((editor) => editor.ground);
  const selected = useEditor((editor) => editor.selected);
  const areas = useCountyData((data) => data.areas);
  const state = useProposal((proposal) => proposal.state);
  const [what, setWhat] = useState<string>();
  const [min, setMin] = useState(String(GRID_HOUSEHOLDS.from));
  const [max, setMax] = useState(String(GRID_HOUSEHOLDS.to));
  const [wish, setWish] = useState(FIRST_OBJECTIVE);
  const locked = useLocked(({ grids }) => grids);
  const [barriers, setBarriers] = useState(false);
  if (!graph || !ground) return null;
  const cells = [...graph.cells.values()];
  const communities = [...new Set(cells.map(({ parent }) => parent ?? ""))].sort();
  const chosen = new Set(selected.flatMap((cell) => graph.cells.get(cell) ?? []).map(gridOf));
  // Two grids at least make a selection: one alone has nobody to exchange blocks with.
  const scope = what ?? (chosen.size > 1 ? "selection" : "all");
  const isWanted = (cell: PlanCell): boolean =>
    scope === "all" || (scope === "selection" ? chosen.has(gridOf(cell)) : cell.parent === scope);
  const [least, most] = [Number(min), Number(max)];
  const isRange = Number.isInteger(least) && Number.isInteger(most) && least >= 0 && most >= Math.max(1, least);
  const objective = objectiveOf(wish);
  const faults: readonly (readonly [boolean, string])[] = [
    [!cells.some((cell) => isWanted(cell) && isDivided(cell)), t.noGrids],
    [!ground.householdsKnown, t.noHouseholds],
    [!isRange, t.badRange],
    [objective === undefined, t.badWeights],
  ];
  const fault = faults.find(([isFault]) => isFault)?.[1];
  const run = (): void => {
    if (!objective) return;
    runProposal(requestOf(graph, ground, isWanted, { min: least, max: most, objective, barriers, locked }), graph);
  };
  const nameOf = (grid: string): string =>
    areas.find(({ code }) => code === grid)?.name ?? cells.find((cell) => gridOf(cell) === grid)?.name ?? grid;
  return (
    <form
      className="propose-form"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <label htmlFor={`${id}-what`}>{t.what}</label>
      <select id={`${id}-what`} value={scope} onChange={(event) => setWhat(event.currentTarget.value)}>
        <option value="all">{fill(t.all, { count: new Set(cells.map(gridOf)).size })}</option>
        {chosen.size > 0 && <option value="selection">{fill(t.selection, { count: chosen.size })}</option>}
        {communities.length > 1 &&
          communities.map((code) => (
            <option key={code} value={code}>
              {areas.find((area) => area.code === code)?.name ?? code}
            </option>
          ))}
      </select>
      <label htmlFor={`${id}-min`}>{t.min}</label>
      <input id={`${id}-min`} inputMode="numeric" value={min} onChange={(event) => setMin(event.currentTarget.value)} />
      <label htmlFor={`${id}-max`}>{t.max}</label>
      <input id={`${id}-max`} inputMode="numeric" value={max} onChange={(event) => setMax(event.currentTarget.value)} />
      <ObjectiveFields wish={wish} onWish={setWish} t={t} />
      <label className="propose-check">
        <input type="checkbox" checked={barriers} onChange={(event) => setBarriers(event.currentTarget.checked)} />
        {t.barriers}
      </label>
      <LockedList chosen={chosen} nameOf={nameOf} t={t} />
      {state === "running" ? (
        <button type="button" className="button" onClick={forgetProposal}>
          {t.stop}
        </button>
      ) : (
        <button type="submit" className="button primary" disabled={fault !== undefined}>
          {state === "idle" ? t.run : t.again}
        </button>
      )}
      {fault && (
        <p role="alert" className="tone-late">
          {fault}
        </p>
      )}
    </form>
  );
}

import { gridsApart } from "../../../../data/blocks/walk-check.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { fill } from "../../../layers/use-texts.ts";
import { perform, settledGraph, useEditor } from "../state/editor.ts";
import { ChangedHands } from "./changed-hands.tsx";
import { chooseStop, useProposal } from "./proposal-store.ts";
import { Reasons } from "./reasons.tsx";
import { StopCard, stopName } from "./stop-card.tsx";
import { takeProposal } from "./take-proposal.ts";
import type { ProposeTexts } from "./texts.ts";

/** Stops side by side, the reasons of the chosen one, and taking it. */
export function ProposedStops({ t }: { t: ProposeTexts }) {
  const { state, units, stops, chosen, done, graph: madeOn, taken } = useProposal();
  const graph = useEditor(settledGraph);
  const areas = useCountyData((data) => data.areas);
  if (!units || !graph) return state === "running" ? <p role="status">{t.making}</p> : null;
  const areaOf = (code: string) => areas.find((area) => area.code === code);
  const cellNames = new Map([...graph.cells.values()].map(({ code, name }) => [code ?? "", name]));
  const nameOfCode = (code: string): string => areaOf(code)?.name ?? cellNames.get(code) ?? code;
  const nameOf = (grid: number): string => {
    if (grid < 0) return t.ungridded;
    const code = units.grids[grid];
    return code === undefined ? fill(t.newGrid, { n: grid - units.grids.length + 1 }) : nameOfCode(code);
  };
  const stop = chosen === undefined ? undefined : stops[chosen];
  const isStale = graph !== madeOn;
  const take = (community?: number): void => {
    const { base, ground } = useEditor.getState();
    if (!stop || !base || !ground) return;
    const on = { graph, base, retired: ground.retired, nameOf: (code: string) => areaOf(code)?.name };
    if (!perform(takeProposal(on, units, stop.part, community), "proposal")) return;
    const after = settledGraph(useEditor.getState());
    const all = community === undefined ? units.communities.map((_, n) => n) : [community];
    useProposal.setState({ graph: after, taken: [...taken, ...all] });
  };
  const left = units.communities.flatMap((code, n) => (taken.includes(n) ? [] : [{ code, n }]));
  return (
    <>
      {state === "running" && (
        <p role="status">
          {t.making} <progress value={done} max={1} />
        </p>
      )}
      <div className="propose-stops">
        {stops.map((one, n) => (
          <StopCard
            key={stopName(n, stops.length, t)}
            units={units}
            proposal={one}
            name={stopName(n, stops.length, t)}
            isShown={n === chosen}
            onShow={() => chooseStop(n)}
            unitOf={(grid) => areaOf(grid)?.owner?.id}
            nameOf={nameOfCode}
            t={t}
          />
        ))}
      </div>
      {stop && (
        <div className="propose-take">
          <button
            type="button"
            className="button primary"
            disabled={isStale || left.length < units.communities.length}
            onClick={() => take()}
          >
            {left.length === 0 ? t.taken : t.takeAll}
          </button>
          {units.communities.length > 1 && (
            <select
              aria-label={t.takeOne}
              value=""
              disabled={isStale || left.length === 0}
              onChange={(event) => take(Number(event.currentTarget.value))}
            >
              <option value="" disabled>
                {t.takeOne}
              </option>
              {left.map(({ code, n }) => (
                <option key={code} value={n}>
                  {nameOfCode(code)}
                </option>
              ))}
            </select>
          )}
          {isStale && <span role="status">{t.stale}</span>}
          {units.across.length > 0 && (
            <span className="tone-muted">{fill(t.across, { count: units.across.length })}</span>
          )}
          <ChangedHands
            units={units}
            part={stop.part}
            unitOf={(grid) => areaOf(grid)?.owner?.id}
            nameOf={nameOfCode}
            t={t}
          />
          <Reasons proposal={stop} apart={gridsApart(units.walk, stop.part)} nameOf={nameOf} t={t} />
        </div>
      )}
    </>
  );
}

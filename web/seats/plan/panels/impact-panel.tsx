import { useState } from "react";
import { PlanImpactDocument, type PlanImpactQuery } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { Skeleton } from "../../../ui/notes.tsx";
import { choose, settledGraph, useEditor } from "../state/editor.ts";
import { flyTo } from "../state/fly-to.ts";
import { placeOfCell } from "../state/place-of-cell.ts";
import { useSaving } from "../state/saving.ts";
import { useCellNames } from "../state/use-cell-names.ts";
import { REVIEW_TEXTS, type ReviewTexts } from "../texts-review.ts";
import { areaText } from "./figure-text.ts";

type Impact = PlanImpactQuery["plan"]["impact"];

/** Households as the viewer is told them: ≈ for what nobody counted, "fewer than 5" for what is withheld. */
const households = (count: number | null | undefined, exact: boolean, t: ReviewTexts): string =>
  count == null ? t.few : `${exact ? "" : "≈ "}${count.toLocaleString("en-US")}`;

const arrow = (before: string | number, after: string | number): string =>
  before === after ? String(after) : `${before} → ${after}`;

function Tables({ impact, t }: { impact: Impact; t: ReviewTexts }) {
  const nameOf = useCellNames();
  const show = (cell: string): void => {
    const graph = settledGraph(useEditor.getState());
    const at = graph && placeOfCell(graph, cell);
    choose(cell);
    if (at) flyTo(at);
  };
  return (
    <>
      <table className="plan-table">
        <caption>{t.moves}</caption>
        <tbody>
          {impact.moves.map((move) => (
            <tr key={`${move.fromCode} ${move.cell}`}>
              <th scope="row">
                {nameOf(move.fromCode)} →{" "}
                <button type="button" className="link" onClick={() => show(move.cell)}>
                  {nameOf(move.cell)}
                </button>
              </th>
              <td>
                {t.householdsCol} {households(move.households, move.householdsExact, t)}
              </td>
              <td>
                {t.openCol} {move.openIncidents}
              </td>
              <td>{areaText(move.areaM2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className="plan-table">
        <caption>{t.cellsHead}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t.householdsCol}</th>
            <th scope="col">{t.openCol}</th>
            <th scope="col">{t.staffCol}</th>
            <th scope="col">{t.areaCol}</th>
          </tr>
        </thead>
        <tbody>
          {impact.cells.map((cell) => {
            const gone = cell.areaM2After == null;
            // A community that gets its first grids goes on above them.
            const divided = impact.cells.some(
              ({ code, areaM2After }) =>
                areaM2After != null && code.length > cell.code.length && code.startsWith(cell.code),
            );
            return (
              <tr key={cell.cell}>
                <th scope="row">
                  {nameOf(cell.cell)} {gone && <span className="plan-mark">{divided ? t.divided : t.ended}</span>}
                </th>
                <td>
                  {arrow(
                    households(
                      cell.householdsBefore ?? (cell.areaM2Before == null ? 0 : null),
                      cell.householdsExact,
                      t,
                    ),
                    households(cell.householdsAfter ?? (gone ? 0 : null), cell.householdsExact, t),
                  )}
                </td>
                <td>{arrow(cell.openBefore, cell.openAfter)}</td>
                <td>{cell.staff}</td>
                <td>{arrow(areaText(cell.areaM2Before ?? 0), areaText(cell.areaM2After ?? 0))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Worked({ id, t }: { id: string; t: ReviewTexts }) {
  const { data, error } = useQuery(PlanImpactDocument, { id });
  if (error) return <p className="tone-late">{error.message}</p>;
  if (!data) return <Skeleton />;
  const { impact } = data.plan;
  const figures = [
    ["households", t.movedHouseholds, households(impact.households, impact.householdsExact, t)],
    ["openIncidents", t.movedIncidents, impact.openIncidents],
    ["cameras", t.movedCameras, impact.cameras],
    ["buildings", t.movedBuildings, impact.buildings],
    ["boards", t.boards, impact.boardsToReprint],
    ["units", t.units, impact.units.map(({ name }) => name).join("、") || t.nobody],
    ["staff", t.people, impact.staff.map(({ name, title }) => `${name}（${title}）`).join("、") || t.nobody],
  ] as const;
  return (
    <>
      <dl className="plan-impact">
        {figures.map(([key, label, value]) => (
          <div key={key} data-figure={key}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Tables impact={impact} t={t} />
    </>
  );
}

/** What a plan changes for people and things, worked out by the server of what was saved; looked at before a review. */
export function ImpactPanel({ id }: { id: string }) {
  const t = useTexts(REVIEW_TEXTS);
  const [asked, setAsked] = useState(false);
  const revision = useSaving((saving) => saving.revision);
  return (
    <section aria-label={t.impact} data-testid="plan-impact">
      <h2>{t.impact}</h2>
      {asked ? (
        <Worked key={revision} id={id} t={t} />
      ) : (
        <p className="tone-muted">
          {t.impactHint}{" "}
          <button type="button" className="button" onClick={() => setAsked(true)}>
            {t.impactShow}
          </button>
        </p>
      )}
    </section>
  );
}

import { useState } from "react";
import { useCountyInfo } from "../../../app/county-info.ts";
import { Link } from "../../../app/router.tsx";
import { useCountyLoading } from "../../../app/scene.ts";
import { formatView } from "../../../app/url-state.ts";
import { useView } from "../../../app/view-state.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { LanguageButton } from "../../../ui/choices.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { BoundsPart } from "./bounds-part.tsx";
import { PaperMap } from "./paper-map.tsx";
import { PRINT_TEXTS } from "./texts.ts";
import { type Paper, type PaperGrid, usePaper } from "./use-paper.ts";
import "../plan.css";
import "./print.css";

/** Sizes of paper across; maps are as large as two beside each other can be, millimetres. */
const PAPERS = {
  A4: { width: 132, height: 118 },
  A3: { width: 192, height: 198 },
} as const;
type PaperSize = keyof typeof PAPERS;

/** Households as they are told: estimates are marked, what nobody knows is said to be unknown. */
const told = (count: number | null | undefined, exact: boolean | undefined, unknown: string): string =>
  count == null ? unknown : `${exact ? "" : "≈"}${count}`;

/** Source, day, review number, who drew and approved: under the maps of every sheet. */
function Credit({ paper }: { paper: Paper }) {
  const t = useTexts(PRINT_TEXTS);
  const { mapReviewNumber, counties } = useCountyInfo();
  const { plan } = paper;
  const county = counties.find(({ code }) => plan.scope.code.startsWith(code));
  const approved = plan.state === "APPROVED" || plan.state === "PUBLISHED";
  const day = (iso: string): string =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: county?.timezone ?? "Asia/Shanghai" }).format(new Date(iso));
  return (
    <footer className="paper-credit">
      <span>{fill(t.source, { source: county?.source ?? "—", day: day(plan.baseAt) })}</span>
      {plan.effectiveOn && <span>{fill(t.effective, { day: plan.effectiveOn })}</span>}
      <span>{mapReviewNumber ? fill(t.review, { number: mapReviewNumber }) : t.noReview}</span>
      <span>{fill(t.people, { author: plan.author, approved: plan.approvedBy ?? "—" })}</span>
      {!approved && <b>{t.draft}</b>}
    </footer>
  );
}

function GridSheet({
  paper,
  grid,
  size,
  again,
}: {
  paper: Paper;
  grid: PaperGrid;
  size: PaperSize;
  again: () => void;
}) {
  const t = useTexts(PRINT_TEXTS);
  const { width, height } = PAPERS[size];
  // The same ground on both maps: what changed is seen by looking from one to the other.
  const extent = [...grid.before, ...grid.after];
  const common = { extent, lines: paper.lines, width, height: height - 18 };
  const { households: count } = grid;
  const inherited = grid.inheritedFrom ? fill(t.from, { name: grid.inheritedFrom }) : "";
  return (
    <section className="paper-sheet" data-sheet={grid.code}>
      <h2>
        {fill(t.page, { name: grid.name, code: grid.code })} {grid.isNew && <small>{t.fresh}</small>}
      </h2>
      <div className="paper-maps">
        <PaperMap {...common} title={t.before} focus={grid.before} shapes={paper.before} />
        <PaperMap {...common} title={t.after} focus={grid.after} shapes={paper.after} />
      </div>
      <BoundsPart
        plan={paper.plan.id}
        grid={grid}
        may={paper.plan.steps.includes("WITHDRAW") || paper.plan.steps.includes("REVERT")}
        again={again}
      />
      <dl className="paper-facts">
        <div>
          <dt>{t.householdsOld}</dt>
          <dd>{grid.isNew ? "—" : told(count?.householdsBefore, count?.householdsExact, t.unknown)}</dd>
        </div>
        <div>
          <dt>{t.householdsNew}</dt>
          <dd>{told(count?.householdsAfter, count?.householdsExact, t.unknown)}</dd>
        </div>
        <div>
          <dt>{t.leader}</dt>
          <dd>{grid.leader ? `${grid.leader}${inherited}` : "—"}</dd>
        </div>
        <div>
          <dt>{t.unit}</dt>
          <dd>{grid.unit ? `${grid.unit}${inherited}` : "—"}</dd>
        </div>
      </dl>
      <Credit paper={paper} />
    </section>
  );
}

function CodeTable({ paper }: { paper: Paper }) {
  const t = useTexts(PRINT_TEXTS);
  const nameOf = new Map(paper.after.map(({ code, name }) => [code, name]));
  const oldName = new Map(paper.before.map(({ code, name }) => [code, name]));
  const gridOf = new Map(paper.grids.map((grid) => [grid.code, grid]));
  return (
    <table className="paper-codes">
      <caption>{t.codes}</caption>
      <thead>
        <tr>
          <th scope="col">{t.oldCode}</th>
          <th scope="col">{t.newCode}</th>
          <th scope="col">{t.how}</th>
          <th scope="col">{t.ground}</th>
          <th scope="col">{t.households}</th>
          <th scope="col">{t.leader}</th>
          <th scope="col">{t.unit}</th>
        </tr>
      </thead>
      <tbody>
        {paper.plan.lineage.map(({ kind, fromCode, toCode, toShare }) => {
          const grid = gridOf.get(toCode);
          return (
            <tr key={`${fromCode} ${toCode}`}>
              <td>
                {fromCode} <small>{oldName.get(fromCode)}</small>
                {!nameOf.has(fromCode) && <em> {t.ended}</em>}
              </td>
              <td>
                {toCode} <small>{nameOf.get(toCode)}</small>
                {!oldName.has(toCode) && <em> {t.fresh}</em>}
              </td>
              <td>{t.kinds[kind]}</td>
              <td>{(toShare * 100).toFixed(1)}%</td>
              <td>{told(grid?.households?.householdsAfter, grid?.households?.householdsExact, t.unknown)}</td>
              <td>{grid?.leader ?? "—"}</td>
              <td>{grid?.unit ?? "—"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The print set of a plan. */
export function PrintPage() {
  const t = useTexts(PRINT_TEXTS);
  useCountyLoading();
  useCountyInfo();
  const view = useView();
  const [size, setSize] = useState<PaperSize>("A4");
  const { paper, error, again } = usePaper(view.plan);
  const { width, height } = PAPERS[size];
  if (error) return <ErrorNote error={error} retry={again} />;
  if (!paper) return <Skeleton />;
  const { plan } = paper;
  const whole = [...paper.before, ...paper.after].filter(({ changed }) => changed).flatMap(({ polygons }) => polygons);
  const focus = (shapes: Paper["before"]) =>
    shapes.filter(({ changed }) => changed).flatMap(({ polygons }) => polygons);
  return (
    <main className="paper" data-paper={size}>
      <div className="paper-tools screen-only">
        <button type="button" className="button primary" onClick={() => window.print()}>
          {t.print}
        </button>
        <fieldset className="plan-choices">
          <legend>{t.paper}</legend>
          {(Object.keys(PAPERS) as PaperSize[]).map((one) => (
            <button key={one} type="button" className="button" aria-pressed={one === size} onClick={() => setSize(one)}>
              {one}
            </button>
          ))}
        </fieldset>
        <LanguageButton />
        <Link className="button" to={`/plan${formatView(view)}`}>
          {t.back}
        </Link>
        <p className="paper-help">{fill(t.howTo, { paper: size })}</p>
        {plan.state !== "APPROVED" && plan.state !== "PUBLISHED" && <p className="tone-soon">{t.notYet}</p>}
      </div>
      <section className="paper-sheet">
        <h1>
          {t.title} <small>{plan.scope.name}</small>
        </h1>
        <p>
          <b>{plan.name}</b> · {t.states[plan.state]} {plan.summary}
        </p>
        {paper.grids.length === 0 ? (
          <EmptyNote title={t.nothing} />
        ) : (
          <div className="paper-maps">
            {(["before", "after"] as const).map((which) => (
              <PaperMap
                key={which}
                title={`${t.overview} · ${t[which]}`}
                focus={focus(paper[which])}
                extent={whole}
                shapes={paper[which]}
                lines={paper.lines}
                width={width}
                height={height}
              />
            ))}
          </div>
        )}
        <Credit paper={paper} />
      </section>
      <section className="paper-sheet paper-flow">
        <CodeTable paper={paper} />
        <p>{t.estimated}</p>
        <Credit paper={paper} />
      </section>
      {paper.grids.map((grid) => (
        <GridSheet key={grid.cell} paper={paper} grid={grid} size={size} again={again} />
      ))}
    </main>
  );
}
